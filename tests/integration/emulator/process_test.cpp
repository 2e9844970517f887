#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emulator/child.hpp"
#include "emulator/faults/fault_json.hpp"
#include "emulator/machine_clock.hpp"
#include "emulator/open_world.hpp"
#include "emulator/platform/attempt.hpp"
#include "emulator/platform/lifecycle.hpp"
#include "emulator/platform/triggers.hpp"
#include "emulator/products/site_json.hpp"
#include "support/loopback_server.hpp"

namespace tongs::emulator::testing {
namespace {

constexpr std::string_view kManifest = R"(app:
  id: ari:cloud:ecosystem::app/7f1a2b5c-3d4e-4f60-8a9b-0c1d2e3f4a5b
remotes:
  - key: backend
    baseUrl: http://127.0.0.1:1
modules:
  scheduledTrigger:
    - key: hourly
      interval: hour
      endpoint: sync
  trigger:
    - key: on-issue
      events: [avi:jira:created:issue]
      endpoint: sync
  endpoint:
    - key: sync
      remote: backend
      route:
        path: /sync
)";

/// A folder of its own for each test.
class Folder {
 public:
  Folder() : path_(::testing::TempDir() + "tongs-emulator-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + '/' + name) << text;
    return path_ + '/' + name;
  }
  std::string operator/(const std::string& name) const { return path_ + '/' + name; }

 private:
  std::string path_;
};

/// What a shell command prints, and its exit status.
std::pair<std::string, int> shell(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::string out;
  std::array<char, 512> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) out += piece.data();
  const int status = ::pclose(pipe);
  return {out, WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status)};
}

std::string emulator(const std::string& arguments) {
  return std::string(TONGS_BINARY) + " emulator --listen 127.0.0.1:0 " + arguments;
}

TEST(Exec, SetsTheEnvironmentAndPassesTheExitStatusOn) {
  const Folder folder;
  const std::string manifest = folder.file("manifest.yml", kManifest);
  const auto [out, status] =
      shell(emulator("--manifest " + manifest +
                     R"( exec -- sh -c 'echo "url=$TONGS_EMULATOR_URL app=$TONGS_APP_ID )"
                     R"(jwks=$TONGS_JWKS_URL forge=$FORGE_APP_ARI"; exit 7')"));
  EXPECT_EQ(status, 7) << out;
  EXPECT_NE(out.find("tongs emulator is ready: platform=http://127.0.0.1:"), std::string::npos) << out;
  EXPECT_NE(out.find("url=http://127.0.0.1:"), std::string::npos) << out;
  EXPECT_NE(out.find("app=ari:cloud:ecosystem::app/7f1a2b5c-3d4e-4f60-8a9b-0c1d2e3f4a5b"), std::string::npos);
  EXPECT_NE(out.find("/.well-known/jwks.json forge=ari:cloud"), std::string::npos);
}

TEST(Exec, ReportsACommandThatASignalEnded) {
  const Folder folder;
  const std::string manifest = folder.file("manifest.yml", kManifest);
  EXPECT_EQ(shell(emulator("--manifest " + manifest + " exec -- sh -c 'kill -KILL $$'")).second,
            128 + SIGKILL);
  const auto [out, status] = shell(emulator("--manifest " + manifest + " exec -- /no/such/command"));
  EXPECT_EQ(status, 2);
  EXPECT_NE(out.find("the command cannot be run: No such file or directory command=/no/such/command"),
            std::string::npos)
      << out;
}

TEST(Exec, ATerminatedEmulatorTerminatesItsCommand) {
  const Folder folder;
  const std::string manifest = folder.file("manifest.yml", kManifest);
  const auto [out, status] = shell(
      emulator("--manifest " + manifest +
               " exec -- sh -c 'trap \"echo told; exit 5\" TERM; kill -TERM $PPID; while :; do :; done'"));
  EXPECT_EQ(status, 5) << out;
  EXPECT_NE(out.find("told"), std::string::npos);
}

/// Does a command, or what it started, live on to say "alive" a little later? `setsid`: without a terminal,
/// as in a pipeline, so that the command leads a process group.
bool leaves_something(const std::string& command, int status) {
  const Folder folder;
  const auto [out, ended] = shell("setsid -w " + emulator("--manifest " + folder.file("m.yml", kManifest) +
                                                          " exec -- sh -c '" + command + "'"));
  EXPECT_EQ(ended, status) << out;
  return out.find("alive") != std::string::npos;
}

TEST(Exec, TakesEverythingThatTheCommandStartedAway) {
  EXPECT_FALSE(leaves_something("(sleep 3; echo alive) & exit 3", 3));
  EXPECT_FALSE(leaves_something("(sleep 3; echo alive) & while :; do kill -TERM $PPID; done", 128 + SIGTERM));
}

TEST(Exec, KillsWhatIgnoresTheFirstSignal) {
  EXPECT_FALSE(leaves_something("trap \"\" TERM; (sleep 3; echo alive) & while :; do kill -TERM $PPID; done",
                                128 + SIGKILL));
}

TEST(Exec, LeavesNoCommandBehindWhenItIsKilled) {
  EXPECT_FALSE(leaves_something(
      "kill -KILL $PPID; i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done; echo alive", 128 + SIGKILL));
}

TEST(Emulator, EndsWellOnASignal) {
  for (const std::string signal : {"TERM", "HUP"}) {
    const Folder folder;
    const std::string manifest = folder.file("manifest.yml", kManifest), out = folder / "out";
    const auto [said, status] =
        shell("mkfifo " + out + "; timeout 60 " + emulator("--manifest " + manifest) + " > " + out +
              " & read line < " + out + "; echo \"$line\"; kill -" + signal + " $!; wait $!");
    EXPECT_EQ(status, 0) << said;
    EXPECT_NE(said.find("tongs emulator is ready: platform=http://"), std::string::npos) << said;
  }
}

TEST(Emulator, SaysWhatIsWrongWithItsFiles) {
  const Folder folder;
  const std::string good = folder.file("manifest.yml", kManifest);
  const auto complaint = [&](const std::string& arguments) {
    const auto [out, status] = shell(emulator(arguments));
    EXPECT_EQ(status, 2) << out;
    return out;
  };
  EXPECT_NE(complaint("--manifest " + (folder / "none.yml")).find("No such file"), std::string::npos);
  EXPECT_NE(complaint("--manifest " + folder.file("a.yml", "app:\n  id: 7\n")).find("line 2: app.id must be"),
            std::string::npos);
  EXPECT_NE(complaint("--manifest " + folder.file("b.yml", "[1")).find("the file is no manifest"),
            std::string::npos);
  EXPECT_NE(complaint("--manifest " + folder.file("twice.yml", std::string(kManifest) + "remotes: []\n"))
                .find("the file is no manifest"),
            std::string::npos);
  EXPECT_NE(complaint("--manifest " + folder.file("c.yml", "modules: {}\n")).find("app.id must be"),
            std::string::npos);
  EXPECT_NE(complaint("--manifest " + good + " --seed " + folder.file("s.json", R"({"sites":[{"nam":"x"}]})"))
                .find("/sites/0/"),
            std::string::npos);
  const std::string remote = complaint("--manifest " + good + " --remote other=http://h");
  EXPECT_NE(remote.find("--remote other: the manifest has no remote of that key"), std::string::npos);
  EXPECT_EQ(remote.find("file="), std::string::npos) << remote;
  EXPECT_NE(complaint("--manifest " + good + " --remote backend=nowhere").find("must be an absolute"),
            std::string::npos);
  EXPECT_NE(complaint("--manifest " + good + " --host http://h").find("without scheme and port"),
            std::string::npos);
  const auto [out, status] =
      shell(std::string(TONGS_BINARY) + " emulator --manifest " + good + " --listen nonsense");
  EXPECT_EQ(status, 2) << out;
}

TEST(Emulator, NamesTheAddressThatItCannotListenOn) {
  const Folder folder;
  const test::LoopbackServer taken([](test::Connection&) {});
  const std::string address = "127.0.0.1:" + std::to_string(taken.port());
  const auto [out, status] = shell(std::string(TONGS_BINARY) + " emulator --manifest " +
                                   folder.file("manifest.yml", kManifest) + " --listen " + address);
  EXPECT_EQ(status, 3) << out;
  EXPECT_NE(out.find("cannot listen: Address already in use address=" + address), std::string::npos) << out;
}

OpenedWorld opened(const Options& options) {
  auto outcome = open_world(options);
  if (const auto* problem = std::get_if<OpenProblem>(&outcome))
    ADD_FAILURE() << problem->file << ": " << problem->message;
  return std::get<OpenedWorld>(std::move(outcome));
}

std::string problem_of(const Options& options) {
  const auto outcome = open_world(options);
  const auto* problem = std::get_if<OpenProblem>(&outcome);
  return problem == nullptr ? "none" : problem->message;
}

TEST(State, ContinuesWhereTheLastRunEnded) {
  const Folder folder;
  Options options;
  options.manifest = folder.file("manifest.yml", kManifest);
  options.state = folder / "state/deep";
  std::string kid, installation, environment, token;
  PlatformTime next{};
  {
    OpenedWorld first = opened(options);
    World& world = *first.world;
    const auto installed =
        world.directory.install({}, world.app, *world.random, world.at(real_now()).platform);
    installation = std::get<Installation*>(installed)->id.str();
    world.scheduler.start(installation, world.app.modules, world.at(real_now()).platform);
    world.clock.advance_to(real_now(), world.at(real_now()).platform + std::chrono::hours(30));
    world.behaviour.wrapped_events = true;
    world.remote_urls["backend"] = "http://127.0.0.1:2";
    kid = world.keys.current().kid();
    environment = world.environment_id;
    next = *world.scheduler.next();
    token = std::string(
        world.mint
            .mint({.installation = installation, .cloud_id = "c", .account = "1:a", .scopes = {}},
                  TokenFreshness::guaranteed, world.behaviour, *world.random, world.at(real_now()).platform)
            .token.reveal());
    ASSERT_TRUE(first.save());
  }
  OpenedWorld second = opened(options);
  World& world = *second.world;
  EXPECT_EQ(world.keys.current().kid(), kid);
  EXPECT_EQ(world.environment_id, environment);
  ASSERT_NE(world.directory.find(installation), nullptr);
  EXPECT_TRUE(world.directory.find(installation)->active());
  EXPECT_GT(world.at(real_now()).platform.time_since_epoch(),
            real_now().time_since_epoch() + std::chrono::hours(29));
  EXPECT_TRUE(world.behaviour.wrapped_events);
  EXPECT_EQ(world.remote_urls.at("backend"), "http://127.0.0.1:2");
  EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(*world.scheduler.next()),
            std::chrono::floor<std::chrono::seconds>(next));
  EXPECT_TRUE(std::holds_alternative<TokenGrant>(world.mint.recognise(token, world.at(real_now()).platform)));
}

/// What the platform would do next with this delivery, and with which request.
Attempt next_attempt(World& world, DeliveryId id) {
  auto attempt = begin_attempt(world, id, world.at(real_now()));
  EXPECT_TRUE(attempt);
  return attempt ? *std::move(attempt) : Attempt{};
}

class Restart : public ::testing::Test {
 protected:
  Restart() {
    options.manifest = folder.file("manifest.yml", kManifest);
    options.state = folder / "state";
  }
  /// An emulator whose app is installed and listens to new issues.
  OpenedWorld first_run() {
    OpenedWorld first = opened(options);
    EXPECT_TRUE(std::holds_alternative<Installed>(install(*first.world, {}, first.world->at(real_now()))));
    return first;
  }
  static std::vector<DeliveryId> emit(World& world) {
    std::vector<DeliveryId> ids;
    for (const auto& queued : emit_event(world, *world.directory.active().front(), "avi:jira:created:issue",
                                         {{"issue", "PROJ-1"}}, world.at(real_now()))) {
      ids.push_back(std::get<DeliveryId>(queued.what));
    }
    return ids;
  }

  const Folder folder;
  Options options;
};

TEST_F(Restart, GoesOnWithTheRepetitionsOfAnEvent) {
  DeliveryId id{};
  PlatformTime due{};
  {
    const OpenedWorld first = first_run();
    World& world = *first.world;
    id = emit(world).at(0);
    (void)next_attempt(world, id);
    finish_attempt(world, id, {Outcome::Kind::answered, {503, {}, {}}}, world.at(real_now()));
    due = world.deliveries.find(id)->due;
    ASSERT_TRUE(first.save());
  }
  options.remotes = {{"backend", "http://127.0.0.1:9"}};
  const OpenedWorld second = opened(options);
  World& world = *second.world;
  const Delivery* waiting = world.deliveries.find(id);
  ASSERT_NE(waiting, nullptr);
  EXPECT_EQ(waiting->state, DeliveryState::waiting);
  EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(waiting->due),
            std::chrono::floor<std::chrono::seconds>(due));
  const Attempt again = next_attempt(world, id);
  EXPECT_EQ(again.request.url, "http://127.0.0.1:9/sync") << "where the remote is now";
  const auto body = json::parse(again.request.body);
  EXPECT_EQ(body.at("issue").as_string(), "PROJ-1");
  EXPECT_EQ(body.at("eventType").as_string(), "avi:jira:created:issue");
  EXPECT_EQ(body.at("retryContext").at("retryCount").as_int64(), 1);
  EXPECT_EQ(body.at("retryContext").at("retryReason").as_string(), "INVALID_REMOTE_INVOCATION_ERROR");
  EXPECT_GT(emit(world).at(0), id) << "an id never comes twice";
}

TEST_F(Restart, RepeatsAnAttemptThatItCutShort) {
  DeliveryId id{};
  {
    const OpenedWorld first = first_run();
    id = emit(*first.world).at(0);
    (void)next_attempt(*first.world, id);
    ASSERT_TRUE(first.save());
  }
  const OpenedWorld second = opened(options);
  const Attempt again = next_attempt(*second.world, id);
  EXPECT_EQ(again.request.body.find("retryContext"), std::string::npos) << again.request.body;
}

TEST_F(Restart, DropsAnEventWhoseTriggerIsGone) {
  {
    const OpenedWorld first = first_run();
    (void)emit(*first.world);
    ASSERT_TRUE(first.save());
  }
  std::string changed(kManifest);
  changed.replace(changed.find("key: on-issue"), 13, "key: renamed ");
  options.manifest = folder.file("changed.yml", changed);
  const OpenedWorld second = opened(options);
  EXPECT_TRUE(second.world->deliveries.all().empty());
  const auto log = second.world->log.read({.kind = "skipped"});
  EXPECT_EQ(log.at("entries").as_array().size(), 1U);
}

TEST_F(Restart, KeepsFaultsAndHowFarTheyHaveCome) {
  {
    const OpenedWorld first = first_run();
    Problem problem;
    json::object asked =
        json::parse(
            R"({"match":{"target":"jwks"},"count":3,"action":{"status":503,"headers":{"retry-after":"1"}}})")
            .as_object();
    Members members(asked, "", problem);
    FaultWish wish = read_fault(members);
    FaultBook& faults = first.world->faults;
    faults.add(std::move(wish.match), std::move(wish.action), wish.count, std::move(asked));
    ASSERT_NE(faults.take({.target = FaultTarget::jwks, .method = "GET", .path = "/"}), nullptr);
    ASSERT_TRUE(first.save());
  }
  const OpenedWorld second = opened(options);
  FaultBook& faults = second.world->faults;
  ASSERT_EQ(faults.all().size(), 1U);
  EXPECT_EQ(faults.all().front().consumed, 1);
  const Fault* again = faults.take({.target = FaultTarget::jwks, .method = "GET", .path = "/"});
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->id, "fault-1");
  EXPECT_EQ(again->action.status, 503);
  EXPECT_EQ(again->action.headers.size(), 1U);
  EXPECT_EQ(faults.add({}, {}, 1, {}).id, "fault-2") << "an id never comes twice";
}

TEST(State, IsForTheEyesOfItsOwnerAndForOneEmulatorAtATime) {
  const Folder folder;
  Options options;
  options.manifest = folder.file("manifest.yml", kManifest);
  options.state = folder / "state";
  const OpenedWorld first = opened(options);
  ASSERT_TRUE(first.save());
  const auto mode = std::filesystem::status(folder / "state/state.json").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(problem_of(options), "another emulator is using the state folder");
}

TEST(State, NewScheduledTriggersStartAnew) {
  const Folder folder;
  Options options;
  options.manifest = folder.file("manifest.yml", kManifest);
  options.state = folder / "state";
  {
    OpenedWorld first = opened(options);
    World& world = *first.world;
    const auto installed =
        world.directory.install({}, world.app, *world.random, world.at(real_now()).platform);
    world.scheduler.start(std::get<Installation*>(installed)->id.str(), world.app.modules,
                          world.at(real_now()).platform);
    world.scheduler.take_due(world.at(real_now()).platform + std::chrono::minutes(6));
    ASSERT_TRUE(first.save());
  }
  std::string changed(kManifest);
  changed.replace(changed.find("interval: hour"), 14, "interval: day ");
  options.manifest = folder.file("changed.yml", changed);
  OpenedWorld second = opened(options);
  const auto first_run = *second.world->scheduler.next() - second.world->at(real_now()).platform;
  EXPECT_LE(first_run, Scheduler::kFirstRun);
}

TEST(State, RefusesWhatItCannotContinue) {
  const Folder folder;
  Options options;
  options.manifest = folder.file("manifest.yml", kManifest);
  options.state = folder / "state";
  std::filesystem::create_directories(*options.state);
  const auto problem = [&](std::string_view text) {
    folder.file("state/state.json", text);
    return problem_of(options);
  };
  EXPECT_EQ(problem("{"), "line 1, column 2: the text is not JSON from here on");
  EXPECT_EQ(problem("{}"), "/version: is not one that this program knows");
  EXPECT_EQ(problem(R"({"version":2})"), "/version: must be a whole number from 1 to 1");
  EXPECT_EQ(problem(R"({"version":1,"app":"ari:cloud:ecosystem::app/other"})"),
            "/app: is another app than the manifest's");
}

TEST(Seed, TakesThePlaceOfTheDemoSite) {
  const Folder folder;
  Options options;
  options.manifest = folder.file("manifest.yml", kManifest);
  options.seed =
      folder.file("seed.json", R"({"sites":[{"name":"acme","users":[{"accountId":"1:ada"}]},{"name":"beta"}],
                                               "behaviour":{"eventBody":"wrapped"}})");
  const OpenedWorld world = opened(options);
  ASSERT_EQ(world.world->directory.sites().size(), 2U);
  EXPECT_EQ(world.world->directory.sites().front().name, "acme");
  EXPECT_TRUE(world.world->behaviour.wrapped_events);
  options.seed = folder.file("twice.json", R"({"sites":[{"name":"a"},{"name":"a"}]})");
  EXPECT_EQ(problem_of(options), "/sites/1/name: is the name or has the cloud id of another site");
}

TEST(Child, ThatCannotStartSaysWhy) {
  const auto child = Child::start({"/no/such/command"}, {}, [](int) {});
  ASSERT_FALSE(child);
  EXPECT_NE(child.error().message().find("No such file"), std::string_view::npos);
}

}  // namespace
}  // namespace tongs::emulator::testing
