#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/config/load.hpp"

namespace tongs::config {
namespace {

using std::chrono::milliseconds;

Schema schema() {
  return Schema({
      {.section = "web",
       .key = "listen",
       .kind = Kind::address,
       .about = "Where it listens.",
       .fallback = "127.0.0.1:80",
       .can_be_off = true},
      {.section = "web",
       .key = "threads",
       .kind = Kind::integer,
       .about = "How many.",
       .fallback = "2",
       .least = 1,
       .most = 8},
      {.section = "web", .key = "upstream", .kind = Kind::url, .about = "Who answers.", .required = true},
      {.section = "web", .key = "secure", .kind = Kind::boolean, .about = "Is it?", .fallback = "false"},
      {.section = "web.limits",
       .key = "idle-time",
       .kind = Kind::duration,
       .about = "How long.",
       .fallback = "30s",
       .least = 100,
       .most = 60'000},
      {.section = "web.limits",
       .key = "body",
       .kind = Kind::size,
       .about = "How much.",
       .fallback = "1MiB",
       .most = 1 << 30},
      {.section = "store", .key = "file", .kind = Kind::path, .about = "Where.", .fallback = "store.db"},
      {.section = "store", .key = "password", .about = "Psst.", .secret = true},
      {.section = "store",
       .key = "order",
       .kind = Kind::list,
       .about = "Which first.",
       .fallback = "red, green",
       .allowed = {"red", "green", "blue"}},
      {.section = "store", .key = "names", .kind = Kind::list, .about = "Any.", .fallback = ""},
      {.section = "store",
       .key = "level",
       .about = "How loud.",
       .fallback = "info",
       .allowed = {"debug", "info"}},
  });
}

constexpr std::string_view kMinimal = "[web]\nupstream = \"http://a:1\"\n";

Loaded read(std::string_view text, const Environment& environment = {}) {
  return load(schema(), {"app.toml", std::string(text), "/etc/app"}, environment);
}

/// Findings as text, one a line.
std::string findings(std::string_view text, const Environment& environment = {}) {
  std::string lines;
  for (const Finding& finding : read(text, environment).findings) lines += finding.text() + "\n";
  return lines;
}

/// Findings of a text that has a good [web] section in front: its lines count from 1 again.
std::string findings_below(std::string_view text) {
  std::string lines;
  for (Finding finding : read(std::string(kMinimal).append(text)).findings) {
    finding.where.at.line -= 2;
    lines += finding.text() + "\n";
  }
  return lines;
}

TEST(Config, gives_every_kind_of_value_its_type) {
  const auto loaded = read(R"([web]
listen = "[::1]:443"
threads = 8
upstream = "https://Example.com/base"
secure = true
[web.limits]
idle-time = "250ms"
body = 4096
[store]
file = "data/../store.db"
password = "hunter2"
order = ["blue"]
names = ["one, two", "ü"]
level = "debug"
)");
  ASSERT_TRUE(loaded.findings.empty()) << loaded.findings.front().text();
  const Values& values = loaded.values;
  EXPECT_EQ(values.get<net::ListenAddress>("web", "listen").host, "::1");
  EXPECT_EQ(values.get<std::int64_t>("web", "threads"), 8);
  EXPECT_EQ(values.get<detail::Url>("web", "upstream").text(), "https://example.com/base");
  EXPECT_TRUE(values.get<bool>("web", "secure"));
  EXPECT_EQ(values.get<milliseconds>("web.limits", "idle-time"), milliseconds(250));
  EXPECT_EQ(values.get<std::int64_t>("web.limits", "body"), 4096);
  EXPECT_EQ(values.get<std::filesystem::path>("store", "file"), "/etc/app/store.db");
  EXPECT_EQ(values.get<Secret>("store", "password").reveal(), "hunter2");
  EXPECT_EQ(values.get<Strings>("store", "order"), (Strings{"blue"}));
  EXPECT_EQ(values.get<Strings>("store", "names"), (Strings{"one, two", "ü"}));
  EXPECT_EQ(values.get<std::string>("store", "level"), "debug");
}

TEST(Config, falls_back_where_nothing_is_said) {
  const auto loaded = read(kMinimal);
  ASSERT_TRUE(loaded.findings.empty());
  EXPECT_EQ(loaded.values.get<std::int64_t>("web", "threads"), 2);
  EXPECT_EQ(loaded.values.get<Strings>("store", "order"), (Strings{"red", "green"}));
  EXPECT_TRUE(loaded.values.get<Strings>("store", "names").empty());
  EXPECT_EQ(loaded.values.find<Secret>("store", "password"), nullptr);
  EXPECT_EQ(loaded.values.origin("web", "threads").text(), "default");
}

TEST(Config, takes_the_environment_before_the_file_before_the_fallback) {
  const auto loaded = read("[web]\nupstream = \"http://a:1\"\nthreads = 3\nsecure = true\n",
                           {{"TONGS_WEB_THREADS", "5"},
                            {"TONGS_WEB_LIMITS_IDLE_TIME", "5s"},
                            {"TONGS_STORE_ORDER", " green ,blue"},
                            {"TONGS_STORE_NAMES", ""},
                            {"HOME", "/root"}});
  ASSERT_TRUE(loaded.findings.empty()) << loaded.findings.front().text();
  EXPECT_EQ(loaded.values.get<std::int64_t>("web", "threads"), 5);
  EXPECT_EQ(loaded.values.origin("web", "threads").text(), "TONGS_WEB_THREADS");
  EXPECT_TRUE(loaded.values.get<bool>("web", "secure"));
  EXPECT_EQ(loaded.values.origin("web", "secure").text(), "app.toml:4");
  EXPECT_EQ(loaded.values.get<milliseconds>("web.limits", "idle-time"), milliseconds(5000));
  EXPECT_EQ(loaded.values.get<Strings>("store", "order"), (Strings{"green", "blue"}));
}

TEST(Config, turns_an_address_off) {
  EXPECT_EQ(read(kMinimal, {{"TONGS_WEB_LISTEN", "off"}}).values.find<net::ListenAddress>("web", "listen"),
            nullptr);
  EXPECT_EQ(read(kMinimal, {{"TONGS_WEB_LISTEN", ""}}).values.find<net::ListenAddress>("web", "listen"),
            nullptr);
  const auto loaded = read("[web]\nupstream = \"http://a:1\"\nlisten = \"\"\n");
  EXPECT_TRUE(loaded.findings.empty());
  EXPECT_EQ(loaded.values.find<net::ListenAddress>("web", "listen"), nullptr);
}

TEST(Config, puts_relative_unix_sockets_below_the_directory) {
  const auto loaded = read(kMinimal, {{"TONGS_WEB_LISTEN", "unix:run/web.sock"}});
  EXPECT_EQ(loaded.values.get<net::ListenAddress>("web", "listen").unix_path, "/etc/app/run/web.sock");
}

TEST(Config, reports_everything_at_once_in_the_order_of_the_file) {
  EXPECT_EQ(findings("[web]\n"
                     "threads = 9\n"
                     "lisen = \"127.0.0.1:1\"\n"
                     "  secure = \"yes\"\n"
                     "[sore]\n"
                     "x = 1\n"
                     "[store]\n"
                     "level = \"inof\"\n",
                     {{"TONGS_WEB_SECURE", "maybe"}}),
            "app.toml:1:2: web.upstream is missing: Who answers. Set upstream below [web], or "
            "TONGS_WEB_UPSTREAM\n"
            "app.toml:2:11: web.threads: must be a whole number from 1 to 8\n"
            "app.toml:3:1: unknown key \"lisen\" in [web]; did you mean \"listen\"?\n"
            "app.toml:4:12: web.secure: must be true or false, but is a string\n"
            "app.toml:5:2: unknown section \"sore\"; did you mean \"store\"?\n"
            "app.toml:8:9: store.level: must be \"debug\" or \"info\"; did you mean \"info\"?\n"
            "TONGS_WEB_SECURE: must be true or false\n");
}

TEST(Config, counts_columns_in_characters) {
  EXPECT_EQ(findings_below("[store]\n\"ünü\" = 1\nnames = [\"ü😀\", 3]\n"),
            "app.toml:2:1: unknown key \"ünü\" in [store], which has file, password, order, names, level\n"
            "app.toml:3:16: store.names: must be a list of strings, but this element is a whole number\n");
}

TEST(Config, refuses_the_wrong_type_for_each_kind) {
  struct Case {
    const char *text, *finding;
  };
  for (const auto& [text, finding] : std::initializer_list<Case>{
           {"web.listen = 80", "an address, such as \"127.0.0.1:8080\", or \"off\", but is a whole number"},
           {"web.threads = \"2\"", "a whole number from 1 to 8, but is a string"},
           {"web.threads = 2.0", "a whole number from 1 to 8, but is a number with a fraction"},
           {"web.secure = 1", "true or false, but is a whole number"},
           {"web.limits.idle-time = 30", "from 100ms to 1m, but is a whole number"},
           {"web.limits.body = true", "from 0B to 1GiB, but is true or false"},
           {"store.file = [\"a\"]", "the path of a file, as a string, but is a list"},
           {"store.file = 1979-05-27", "the path of a file, as a string, but is a date or time"},
           {"store.file = 07:32:00", "but is a date or time"},
           {"store.order = \"red\"", "a list of \"red\", \"green\" or \"blue\", but is a string"},
           {"store.level = {}", "\"debug\" or \"info\", but is a table"},
           {"store.password = 7", "a string, but is a whole number"},
       }) {
    const std::string found = findings(std::string(text) + "\nweb.upstream = \"http://a:1\"\n");
    EXPECT_NE(found.find(finding), std::string::npos) << found;
    EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << found;
    EXPECT_TRUE(found.starts_with("app.toml:1:")) << found;
  }
}

TEST(Config, refuses_values_that_make_no_sense) {
  struct Case {
    const char *variable, *text, *finding;
  };
  for (const auto& [variable, text, finding] : std::initializer_list<Case>{
           {"TONGS_WEB_LISTEN", "127.0.0.1", "the address has no port"},
           {"TONGS_WEB_LISTEN", "example.com:80", "the host is neither an IP address nor localhost nor *"},
           {"TONGS_WEB_THREADS", "0", "from 1 to 8"},
           {"TONGS_WEB_THREADS", "2 ", "from 1 to 8"},
           {"TONGS_WEB_THREADS", "99999999999999999999", "from 1 to 8"},
           {"TONGS_WEB_UPSTREAM", "ftp://a", "must start with https:// or http://"},
           {"TONGS_WEB_UPSTREAM", "", "must start with https:// or http://"},
           {"TONGS_WEB_SECURE", "TRUE", "must be true or false"},
           {"TONGS_WEB_LIMITS_IDLE_TIME", "30", "\"30s\""},
           {"TONGS_WEB_LIMITS_IDLE_TIME", "-1s", "\"30s\""},
           {"TONGS_WEB_LIMITS_IDLE_TIME", "99ms", "from 100ms to 1m"},
           {"TONGS_WEB_LIMITS_IDLE_TIME", "61s", "from 100ms to 1m"},
           {"TONGS_WEB_LIMITS_IDLE_TIME", "9223372036854775807d", "from 100ms to 1m"},
           {"TONGS_WEB_LIMITS_BODY", "1MB", "\"1MiB\""},
           {"TONGS_WEB_LIMITS_BODY", "1025MiB", "from 0B to 1GiB"},
           {"TONGS_WEB_LIMITS_BODY", "9223372036854775807GiB", "from 0B to 1GiB"},
           {"TONGS_STORE_FILE", "", "must not be empty"},
           {"TONGS_STORE_FILE", "a\nb", "must not have control characters"},
           {"TONGS_STORE_FILE", "\xff", "must be UTF-8"},
           {"TONGS_STORE_ORDER", "red,red", "has this element twice"},
           {"TONGS_STORE_ORDER", "red,,green", "must not be empty"},
           {"TONGS_STORE_ORDER", "grene", "did you mean \"green\"?"},
       }) {
    const std::string found = findings(kMinimal, {{variable, text}});
    EXPECT_TRUE(found.starts_with(std::string(variable) + ": ")) << variable << " " << text << ": " << found;
    EXPECT_NE(found.find(finding), std::string::npos) << found;
  }
}

TEST(Config, never_repeats_a_value) {
  const std::string found = findings("[store]\npassword = \"hunter2\\u0007\"\nlevel = \"hunter2\"\n",
                                     {{"TONGS_STORE_PASSWORD", "hunter2\x07"}});
  EXPECT_NE(found.find("store.password: must not have control characters"), std::string::npos) << found;
  EXPECT_EQ(found.find("hunter2"), std::string::npos) << found;
}

TEST(Config, sends_a_key_to_the_section_that_it_belongs_to) {
  EXPECT_EQ(findings_below("[store]\nthreads = 1\n"),
            "app.toml:2:1: unknown key \"threads\" in [store]; it belongs to [web]\n");
  EXPECT_EQ(findings("threads = 1\nfoo = 2\n[web]\nupstream = \"http://a:1\"\n"),
            "app.toml:1:1: key \"threads\" stands outside any section: put it below [web]\n"
            "app.toml:2:1: key \"foo\" stands outside any section\n");
}

TEST(Config, wants_sections_to_be_tables_and_keys_to_be_none) {
  EXPECT_EQ(findings_below("[[store]]\nlevel = \"info\"\n"),
            "app.toml:1:3: store is a section: write [store] once, and its keys below\n");
  EXPECT_EQ(findings("store = 1\n[web]\nupstream = \"http://a:1\"\n"),
            "app.toml:1:1: store is a section: write [store] once, and its keys below\n");
  EXPECT_EQ(findings_below("[store.level]\n"),
            "app.toml:1:1: store.level: must be \"debug\" or \"info\", but is a table\n");
}

TEST(Config, escapes_names_that_could_play_with_a_terminal) {
  EXPECT_EQ(findings_below("[store]\n\"\\u001b[31m\" = 1\n").find('\x1b'), std::string::npos);
}

TEST(Config, refuses_unknown_variables_of_known_sections_and_near_misses) {
  EXPECT_EQ(findings(kMinimal, {{"TONGS_WEB_THREAD", "2"},
                                {"TONGS_STORE_COLOUR", "2"},
                                {"TONGS_WEBB_THREADS", "2"},
                                {"TONGS_SEED", "7"},
                                {"TONGS_CCACHE", "x"},
                                {"TONGS_STORE", "x"},
                                {"PATH", "x"}}),
            "TONGS_STORE_COLOUR: no setting has this variable\n"
            "TONGS_WEBB_THREADS: no setting has this variable; did you mean \"TONGS_WEB_THREADS\"?\n"
            "TONGS_WEB_THREAD: no setting has this variable; did you mean \"TONGS_WEB_THREADS\"?\n");
}

TEST(Config, says_where_something_required_is_missing) {
  const std::string what =
      "web.upstream is missing: Who answers. Set upstream below [web], or TONGS_WEB_UPSTREAM\n";
  EXPECT_EQ(findings(""), "app.toml: " + what);
  EXPECT_EQ(findings("\n [web]\n"), "app.toml:2:3: " + what);
  EXPECT_EQ(findings("[web]\nupstream = 1\n"),
            "app.toml:2:12: web.upstream: must be a URL, such as \"http://127.0.0.1:9000\", but is a whole "
            "number\n");
  const auto without_file = load(schema(), {}, {});
  ASSERT_EQ(without_file.findings.size(), 1U);
  EXPECT_EQ(without_file.findings[0].text(), "TONGS_WEB_UPSTREAM: " + what.substr(0, what.size() - 1));
  EXPECT_EQ(findings("", {{"TONGS_WEB_UPSTREAM", "http://a:1"}}), "");
}

TEST(Config, goes_on_behind_a_line_that_is_no_toml) {
  EXPECT_EQ(findings("[web]\n"
                     "upstream = http://a:1\n"
                     "threads = 3\n"
                     "threads = 4\n"
                     "secure = 1\n"),
            "app.toml:2:12: this is not TOML: while parsing value: could not determine value type; text "
            "needs quotes: key = \"text\"\n"
            "app.toml:4:11: this is not TOML: while parsing key-value pair: cannot redefine existing "
            "integer 'threads'; keep one of the two\n"
            "app.toml:5:10: web.secure: must be true or false, but is a whole number\n");
}

TEST(Config, reports_one_error_where_lines_belong_together) {
  const std::string found = findings("[web]\nupstream = [\"http://a:1\",\n[store]\nlevel = \"info\"\n");
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << found;
  EXPECT_TRUE(found.starts_with("app.toml:3:")) << found;
}

TEST(Config, survives_every_way_of_not_being_toml) {
  for (const std::string_view text :
       {"[",           "[]",      "[web",  "[[",       "a",        "a =",    "a = \"",      "a = \"\"\"",
        "a = [",       "a = {",   "= 1",   "\"",       "'",        "[web]]", "a = 1 b = 2", "a = 0x",
        "a = \"\\q\"", "a = 1\r", "a.b.c", "[a]\n[a]", "a = nan.", "\x01",   "a = \x7f"}) {
    EXPECT_NE(findings(text).find("this is not TOML"), std::string::npos) << text;
  }
  EXPECT_EQ(findings(std::string_view("a = 1\0", 6)).substr(0, 13), "app.toml:1:6:");
}

TEST(Config, keeps_control_characters_of_a_syntax_error_to_itself) {
  EXPECT_EQ(findings("a = \x1b[31m").find('\x1b'), std::string::npos);
}

TEST(Config, takes_byte_order_mark_and_crlf) {
  const auto loaded = read("\xef\xbb\xbf[web]\r\nupstream = \"http://a:1\"\r\nthreads = 3\r\n");
  ASSERT_TRUE(loaded.findings.empty()) << loaded.findings.front().text();
  EXPECT_EQ(loaded.values.get<std::int64_t>("web", "threads"), 3);
  EXPECT_EQ(findings("\xef\xbb\xbfx = 1\r\n").substr(0, 13), "app.toml:1:1:");
}

TEST(Config, says_where_a_text_stops_being_utf8) {
  EXPECT_EQ(findings("[web]\n# ü\xff\n"),
            "app.toml:2:4: this is not UTF-8: save the file in that encoding\n");
  EXPECT_EQ(findings("\xff\xfe[\0"), "app.toml:1:1: this is not UTF-8: save the file in that encoding\n");
}

TEST(Config, bounds_what_it_reads) {
  std::string large = std::string(kMinimal) + "#\n";
  while (large.size() < kMaxTomlBytes) large += "# comment\n";
  large.resize(kMaxTomlBytes);
  EXPECT_EQ(findings(large), "");
  EXPECT_EQ(findings(large + "#"), "app.toml: the file is larger than 1 MiB\n");
  const std::string long_line = "[web]\nx" + std::string(17 * 1024, '.') + " = 1\n";
  EXPECT_EQ(findings(long_line),
            "app.toml:2:1: the line is longer than 16 KiB: a list may go over several lines\n");
}

TEST(Config, survives_values_in_values_in_values) {
  std::string keys = "a";
  for (int i = 0; i < 8000; ++i) keys += ".a";
  EXPECT_NE(findings(keys + " = 1\n"), "");
  std::string lists(300, '[');
  EXPECT_NE(findings("[store]\nnames = " + lists), "");
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_NE(findings_below("[store]\nnames = " + deep + "\n").find("but this element is a list"),
            std::string::npos);
}

TEST(Config, prints_what_it_was_told_with_its_origin) {
  const auto loaded = read("[web]\nupstream = \"http://a:1\"\n[store]\nnames = [\"a\\\"b\"]\n",
                           {{"TONGS_WEB_LISTEN", "off"}, {"TONGS_STORE_PASSWORD", "hunter2"}});
  EXPECT_EQ(loaded.values.effective_text(), R"([web]
# Where it listens.
listen = "off"  # TONGS_WEB_LISTEN
# How many.
threads = 2  # default
# Who answers.
upstream = "http://a:1/"  # app.toml:2
# Is it?
secure = false  # default

[web.limits]
# How long.
idle-time = "30s"  # default
# How much.
body = "1MiB"  # default

[store]
# Where.
file = "/etc/app/store.db"  # default
# Psst.
# password = "********"  # TONGS_STORE_PASSWORD
# Which first.
order = ["red", "green"]  # default
# Any.
names = ["a\"b"]  # app.toml:4
# How loud.
level = "info"  # default
)");
}

TEST(Config, reads_what_it_printed) {
  const auto first = read(kMinimal, {{"TONGS_WEB_LISTEN", "[::1]:0"}, {"TONGS_WEB_LIMITS_BODY", "1500"}});
  const auto second = read(first.values.effective_text());
  EXPECT_TRUE(second.findings.empty()) << second.findings.front().text();
  EXPECT_EQ(second.values.effective_text(), read(second.values.effective_text()).values.effective_text());
  EXPECT_EQ(second.values.get<std::int64_t>("web.limits", "body"), 1500);
}

TEST(Config, keeps_the_name_of_a_file_inside_its_comment) {
  const auto loaded = load(schema(), {"a\n[evil].toml", std::string(kMinimal), "/"}, {});
  EXPECT_EQ(loaded.values.effective_text().find("\n[evil]"), std::string::npos);
}

TEST(Config, holds_the_program_to_its_own_table) {
  const auto loaded = read(kMinimal);
  EXPECT_THROW((void)loaded.values.get<bool>("web", "thread"), std::logic_error);
  EXPECT_THROW((void)loaded.values.get<bool>("web", "threads"), std::logic_error);
  EXPECT_THROW((void)loaded.values.get<Secret>("store", "password"), std::logic_error);
  EXPECT_THROW(load(Schema({{.section = "a", .key = "b", .kind = Kind::integer, .fallback = "x"}}), {}, {}),
               std::logic_error);
  EXPECT_THROW(Schema({{.section = "a", .key = "b-c"}, {.section = "a.b", .key = "c"}}), std::logic_error);
}

TEST(ConfigSource, is_a_file_and_its_directory) {
  const std::string path = ::testing::TempDir() + "config_source.toml";
  std::ofstream(path) << kMinimal;
  const auto source = read_source(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(source->text, kMinimal);
  EXPECT_EQ(source->directory, std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(read_source(path)->text, "");
}

TEST(ConfigSource, without_a_path_is_the_working_directory) {
  const auto source = read_source("");
  ASSERT_TRUE(source);
  EXPECT_TRUE(source->name.empty());
  EXPECT_TRUE(source->directory.is_absolute());
}

TEST(ConfigSource, cannot_be_a_directory_or_nothing) {
  EXPECT_EQ(read_source(::testing::TempDir()).error().code(), Errc::not_found);
  EXPECT_EQ(read_source("/nowhere/at/all.toml").error().code(), Errc::not_found);
}

}  // namespace
}  // namespace tongs::config
