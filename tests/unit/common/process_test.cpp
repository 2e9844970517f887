#include "common/process.hpp"

#include <csignal>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tongs::process {
namespace {

class SignalsOfAProcess : public ::testing::Test {
 protected:
  /// Sends the signal to this process and lets it be handled.
  void send(int signal) {
    const std::size_t before = calls.size();
    ::kill(::getpid(), signal);
    while (calls.size() == before) context.run_one();
  }

  /// Ends `signals`, for one that is made otherwise.
  void without_signals() {
    context.poll();
    signals.reset();
    context.poll();
    context.restart();
  }

  std::vector<std::string> calls;
  net::Context context{1};
  std::optional<Signals> signals{std::in_place, context,
                                 SignalActions{.drain = [this] { calls.emplace_back("drain"); },
                                               .hurry = [this] { calls.emplace_back("hurry"); },
                                               .reload = [this] { calls.emplace_back("reload"); }}};
};

TEST_F(SignalsOfAProcess, drain_first_and_hurry_then) {
  send(SIGTERM);
  send(SIGINT);
  send(SIGTERM);
  EXPECT_EQ(calls, (std::vector<std::string>{"drain", "hurry", "hurry"}));
}

TEST_F(SignalsOfAProcess, reload_as_often_as_asked) {
  send(SIGHUP);
  send(SIGHUP);
  send(SIGINT);
  EXPECT_EQ(calls, (std::vector<std::string>{"reload", "reload", "drain"}));
}

TEST_F(SignalsOfAProcess, end_it_on_a_hangup_where_there_is_nothing_to_reload) {
  without_signals();
  signals.emplace(context, SignalActions{.drain = [this] { calls.emplace_back("drain"); },
                                         .hurry = [this] { calls.emplace_back("hurry"); },
                                         .reload = nullptr});
  send(SIGHUP);
  send(SIGHUP);
  EXPECT_EQ(calls, (std::vector<std::string>{"drain", "hurry"}));
}

TEST_F(SignalsOfAProcess, leave_a_hangup_alone_that_nohup_ignores) {
  without_signals();
  std::signal(SIGHUP, SIG_IGN);
  signals.emplace(context, SignalActions{.drain = [this] { calls.emplace_back("drain"); },
                                         .hurry = [this] { calls.emplace_back("hurry"); },
                                         .reload = nullptr});
  ::kill(::getpid(), SIGHUP);
  send(SIGTERM);
  send(SIGTERM);
  EXPECT_EQ(calls, (std::vector<std::string>{"drain", "hurry"}));
  context.poll();
  EXPECT_EQ(calls.size(), 2U);
  std::signal(SIGHUP, SIG_DFL);
}

TEST_F(SignalsOfAProcess, are_not_lost_before_the_context_runs) {
  ::kill(::getpid(), SIGHUP);
  ::kill(::getpid(), SIGTERM);
  while (calls.size() < 2) context.run_one();
  EXPECT_EQ(calls, (std::vector<std::string>{"reload", "drain"}));
}

TEST_F(SignalsOfAProcess, let_the_context_end_when_they_do) {
  context.poll();
  signals.reset();
  context.run();
  EXPECT_TRUE(calls.empty());
}

// What changes a process for good is tried in a child of its own.

void exit_with(bool success) { std::_Exit(success ? 0 : 1); }

TEST(Process, survives_a_peer_that_went_away_and_opens_as_many_files_as_it_may) {
  EXPECT_EXIT(
      {
        prepare_to_serve();
        int ends[2];
        bool fine = ::pipe(ends) == 0 && ::close(ends[0]) == 0;
        fine = fine && ::write(ends[1], "x", 1) == -1;
        rlimit files{};
        fine = fine && ::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur == files.rlim_max;
        exit_with(fine);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Process, leaves_no_core_dump_when_it_holds_secrets) {
  EXPECT_EXIT(
      {
        bool fine = keep_memory_private().has_value() && ::prctl(PR_GET_DUMPABLE) == 0;
        rlimit core{};
        fine = fine && ::getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
        exit_with(fine);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(ReadyLine, names_every_listener_in_one_line) {
  const std::vector<NamedAddress> listeners = {{"ingress", "127.0.0.1:8080"}, {"admin", "unix:/run/a"}};
  EXPECT_EQ(ready_line("gateway", listeners),
            "tongs gateway is ready: ingress=127.0.0.1:8080 admin=unix:/run/a\n");
}

TEST(ReadyLine, reaches_standard_output_at_once_or_gives_an_error) {
  EXPECT_EXIT(
      {
        int ends[2];
        bool fine = ::pipe(ends) == 0 && ::dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO;
        fine = fine && write_to_stdout("ready\n").has_value();
        char heard[8] = {};
        fine = fine && ::read(ends[0], heard, sizeof heard) == 6 && std::string_view(heard) == "ready\n";
        fine = fine && ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO) == STDOUT_FILENO;
        fine = fine && write_to_stdout("ready\n").error().code() == Errc::transport_failed;
        exit_with(fine);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tongs::process
