// Which verbs and options there are; those of administrators are in admin_verbs.cpp and
// client_verbs.cpp, those about manifests in manifest_verbs.cpp.
// What they do is in a file for each verb. No other file knows CLI11.
#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <tongs/clock.hpp>

#include "base/nearest.hpp"
#include "cli/admin_verbs.hpp"
#include "cli/api_verbs.hpp"
#include "cli/client_verbs.hpp"
#include "cli/completion.hpp"
#include "cli/emulator.hpp"
#include "cli/exit_status.hpp"
#include "cli/gateway.hpp"
#include "cli/manifest_verbs.hpp"
#include "cli/terminal.hpp"
#include "cli/token_inspect.hpp"
#include "cli/token_verify.hpp"
#include "cli/verb_options.hpp"

namespace tongs::cli {
namespace {

/// The options of every verb, and what to run once one of them is chosen.
struct CommandLine {
  gateway::Options gateway;
  emulator::Options emulator;
  std::vector<std::string> emulator_remotes;
  ManifestVerbs manifest;
  TokenInspectOptions inspect;
  TokenVerifyOptions verify;
  ApiOptions api;
  AdminVerbs admin;
  ClientOptions client;
  std::string shell;
  std::function<int(Terminal&)> run;
};

void add_gateway(CLI::App& tongs, CommandLine& line) {
  auto& verb = *tongs.add_subcommand("gateway", "Verify invocations, keep tokens fresh, call Atlassian APIs");
  verb.add_option("--config", line.gateway.config, "Configuration, a TOML file")
      ->required()
      ->type_name("FILE");
  verb.add_flag("--check-config", line.gateway.check_config,
                "Print the effective configuration with secrets masked, and end");
  verb.footer(
      "Every key can be overridden by TONGS_<SECTION>_<KEY>.\n\nExamples:\n"
      "  tongs gateway --config gateway.toml\n"
      "  TONGS_INGRESS_LISTEN=127.0.0.1:0 tongs gateway --config gateway.toml --check-config");
  verb.callback([&line] { line.run = [&line](Terminal&) { return run_gateway(line.gateway); }; });
}

void add_emulator(CLI::App& tongs, CommandLine& line) {
  auto& verb =
      *tongs.add_subcommand("emulator", "The Forge platform on this machine, for the app of a manifest");
  line.emulator.listen = "127.0.0.1:7080";
  verb.add_option("--manifest", line.emulator.manifest, "Manifest of the app")->required()->type_name("FILE");
  verb.add_option("--listen", line.emulator.listen, "Address to listen on (default: 127.0.0.1:7080)")
      ->type_name("ADDR");
  verb.add_option("--host", line.emulator.hosts,
                  "Another name that it is called by, such as that of its container (always: localhost, its "
                  "address)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  verb.add_option_function<std::string>(
          "--state", [&line](const std::string& folder) { line.emulator.state = folder; },
          "Folder that keeps installations, keys and data between runs")
      ->type_name("DIR");
  verb.add_option_function<std::string>(
          "--seed", [&line](const std::string& file) { line.emulator.seed = file; },
          "What the sites hold at first")
      ->type_name("FILE");
  verb.add_option("--remote", line.emulator_remotes,
                  "Base URL of a remote in place of the one in the manifest")
      ->type_name("KEY=URL")
      ->allow_extra_args(false);
  auto& exec = *verb.add_subcommand("exec", "Run a command once the emulator is ready, and end with it");
  exec.prefix_command();
  exec.callback([&line, &exec] {
    line.emulator.command = exec.remaining();
    if (line.emulator.command.empty()) throw CLI::RequiredError("a command");
  });
  exec.footer("Example:\n  tongs emulator --manifest manifest.yml exec -- npm test");
  verb.footer(
      "Examples:\n"
      "  tongs emulator --manifest manifest.yml\n"
      "  tongs emulator --manifest manifest.yml --remote backend=http://127.0.0.1:9000\n"
      "  tongs emulator --manifest manifest.yml --listen 127.0.0.1:0 exec -- npm test");
  verb.callback([&line] {
    line.run = [&line](Terminal& terminal) {
      return run_emulator(line.emulator, line.emulator_remotes, terminal);
    };
  });
}

void add_token_inspect(CLI::App& token, CommandLine& line) {
  auto& verb = *token.add_subcommand("inspect", "Show what a token says of itself; verifies nothing");
  verb.add_option("token", line.inspect.token, "The token; without it, or with -, standard input")
      ->type_name("TOKEN");
  add_format(verb, line.inspect.format);
  verb.footer("The token itself is never printed.\n\nExample:\n  tongs token inspect < fit.txt");
  verb.callback([&line] {
    line.run = [&line](Terminal& terminal) {
      return run_token_inspect(line.inspect, Clock::system()->wall_now(), terminal);
    };
  });
}

void add_token_verify(CLI::App& token, CommandLine& line) {
  auto& verb = *token.add_subcommand("verify", "Check a Forge Invocation Token, and say why it fails");
  verb.add_option("--app-id", line.verify.app_id, "The app it must be for, app.id of the manifest")
      ->required()
      ->type_name("ARI");
  verb.add_option("--jwks", line.verify.jwks, "Key set (default: that of Forge's production)")
      ->type_name("URL|FILE");
  verb.add_option("--at", line.verify.at, "Judge as of this time: RFC 3339, or seconds since 1970")
      ->type_name("TIME");
  verb.add_option("token", line.verify.token, "The token; without it, or with -, standard input")
      ->type_name("TOKEN");
  add_format(verb, line.verify.format);
  verb.footer(
      "Exit status 1 if the token is refused, 3 if the keys could not be had.\n\nExamples:\n"
      "  tongs token verify --app-id ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107 < "
      "fit.txt\n"
      "  tongs token verify --app-id 8db33809-1f32-48bb-8c52-5877dab48107 --jwks jwks.json "
      "--at 2023-11-16T22:52:50Z < fit.txt");
  verb.callback([&line] {
    line.run = [&line](Terminal& terminal) { return run_token_verify(line.verify, terminal); };
  });
}

void add_completion(CLI::App& tongs, CommandLine& line) {
  auto& verb = *tongs.add_subcommand("completion", "Print what makes a shell complete the words of tongs");
  verb.add_option("shell", line.shell, "Which shell")->required()->type_name("bash|zsh|fish");
  verb.footer(
      "Examples:\n"
      "  source <(tongs completion bash)\n"
      "  tongs completion fish > ~/.config/fish/completions/tongs.fish");
  verb.callback(
      [&line] { line.run = [&line](Terminal& terminal) { return run_completion(line.shell, terminal); }; });
}

void add_verbs(CLI::App& tongs, const std::vector<std::string>& words, CommandLine& line) {
  tongs.set_version_flag("--version", std::string("tongs ") + TONGS_VERSION, "Print the version");
  tongs.set_help_all_flag("--help-all", "Print the help of every verb");
  tongs.require_subcommand(1);
  tongs.footer(
      "Exit status: 0 fine, 1 findings or a refused token, 2 usage or unreadable input, 3 our own failure, "
      "the network, or a server that refuses.\n'tongs VERB --help' tells more.");
  add_gateway(tongs, line);
  add_emulator(tongs, line);
  add_manifest_verbs(tongs, line.manifest, line.run);
  auto& token = *tongs.add_subcommand("token", "Look into Forge Invocation Tokens");
  token.require_subcommand(1);
  add_token_inspect(token, line);
  add_token_verify(token, line);
  add_api_verbs(tongs, words, line.api, line.run);
  add_completion(tongs, line);
  add_admin_verbs(tongs, line.admin, line.run);
  add_client_verbs(tongs, line.client, line.run);
}

/// The innermost verb that the command line names.
const CLI::App& chosen(const CLI::App& app) {
  const auto deeper = app.get_subcommands();
  return deeper.empty() ? app : chosen(*deeper.front());
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

/// What may stand where `word` was: options, or the verbs below this one.
std::vector<std::string> alternatives(const CLI::App& verb, const std::vector<std::string>& words,
                                      const std::string& word) {
  std::vector<std::string> names = operation_names(words);
  if (word.starts_with("-")) {
    for (const auto* option : verb.get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  } else {
    for (const auto* deeper : verb.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(deeper->get_name());
    }
  }
  return names;
}

int report_usage_error(const CLI::App& tongs, const std::vector<std::string>& words,
                       const CLI::ParseError& error, Terminal& terminal) {
  const CLI::App& verb = chosen(tongs);
  auto unknown = tongs.remaining(true);
  std::erase(unknown, "--");
  if (unknown.empty()) {
    const std::string what = error.what();
    terminal.err() << "tongs: " << printable(what) << namesake_of(words, what.substr(0, what.find(':')))
                   << "\n";
  } else {
    const std::string word = unknown.front().substr(0, unknown.front().find('='));
    const auto names = alternatives(verb, words, word);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const auto known = word.starts_with("-") ? option_for(words, word) : operation_elsewhere(words, word);
    const auto meant = known ? std::optional<std::string_view>(*known) : nearest(word, candidates);
    terminal.err() << "tongs: unknown " << (word.starts_with("-") ? "option" : "argument") << " '"
                   << printable(word) << "'"
                   << (meant ? ", did you mean '" + std::string(*meant) + "'?" : std::string()) << "\n";
  }
  terminal.err() << "Run '" << full_name(verb) << " --help' for how to use it.\n";
  return kUsage;
}

/// The words after the program's name, the last first, as CLI11 wants them. It keeps the `--` of
/// `exec -- COMMAND` for itself, and then takes the command for a misplaced argument; after `exec` everything
/// belongs to the command anyway.
std::vector<std::string> words_of(int count, const char* const* arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  const auto exec = std::find(words.begin(), words.end(), "exec");
  if (exec != words.end() && std::next(exec) != words.end() && *std::next(exec) == "--") {
    words.erase(std::next(exec));
  }
  std::reverse(words.begin(), words.end());
  return words;
}

/// The words that an option takes, if its help says that it takes no others: `human|json`.
std::vector<std::string> choices_of(const CLI::Option& option) {
  std::vector<std::string> choices;
  std::istringstream type(option.get_type_name());
  for (std::string word; std::getline(type, word, '|');) {
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string::npos) return {};
    choices.push_back(std::move(word));
  }
  return choices.size() > 1 ? choices : std::vector<std::string>();
}

/// What may stand behind `words`. Nothing known: a name of a file, perhaps.
std::vector<std::string> continuations(const CLI::App& verb, const std::vector<std::string>& words,
                                       const std::string& begun) {
  const CLI::Option* before = words.empty() ? nullptr : verb.get_option_no_throw(words.back());
  if (before != nullptr && !before->get_positional() && before->get_expected_max() > 0) {
    const auto known = option_values(words);
    return known.empty() ? choices_of(*before) : known;
  }
  const bool inside_operation = words.size() > 2;
  auto names = alternatives(verb, inside_operation ? std::vector<std::string>() : words, begun);
  if (begun.starts_with("-")) return names;
  for (const CLI::Option* option : verb.get_options()) {
    if (!option->get_positional()) continue;
    const auto choices = choices_of(*option);
    names.insert(names.end(), choices.begin(), choices.end());
  }
  return names;
}

/// What a shell asks for: the words before the one that is begun, and that one.
struct Begun {
  std::vector<std::string> words;
  std::string word;
  std::string option;  ///< `--option=` in front of the word
};

/// Of `--option=value` bash makes three words, and the others one.
Begun begun_of(std::vector<std::string> words) {
  Begun begun;
  if (!words.empty()) {
    begun.word = std::move(words.back());
    words.pop_back();
  }
  if (begun.word == "=") begun.word.clear();
  if (!words.empty() && words.back() == "=") words.pop_back();
  begun.words = std::move(words);
  const std::size_t equals = begun.word.find('=');
  if (!begun.word.starts_with("--") || equals == std::string::npos) return begun;
  begun.option = begun.word.substr(0, equals + 1);
  begun.words.push_back(begun.word.substr(0, equals));
  begun.word.erase(0, equals + 1);
  return begun;
}

/// What could stand in place of the last of `words`, a line each: the shells ask for it.
int complete(std::vector<std::string> words, Terminal& terminal) {
  const Begun begun = begun_of(std::move(words));
  CommandLine line;
  CLI::App tongs("", "tongs");
  add_verbs(tongs, begun.words, line);
  const CLI::App* verb = &tongs;
  for (const std::string& word : begun.words) {
    const auto named = [&](const CLI::App* each) { return each->get_name() == word; };
    const auto deeper = verb->get_subcommands([&](const CLI::App* each) { return named(each); });
    if (!deeper.empty()) verb = deeper.front();
  }
  for (const std::string& name : continuations(*verb, begun.words, begun.word)) {
    if (name.starts_with(begun.word)) terminal.out() << begun.option << name << "\n";
  }
  return kFine;
}

int run(int count, const char* const* arguments, Terminal& terminal) {
  if (count > 1 && std::string_view(arguments[1]) == kCompletionVerb) {
    return complete({arguments + 2, arguments + count}, terminal);
  }
  CommandLine line;
  CLI::App tongs("What a Forge Remote backend needs on its own side of the wire", "tongs");
  const std::vector<std::string> words(arguments + 1, arguments + count);
  add_verbs(tongs, words, line);
  try {
    tongs.parse(words_of(count, arguments));
  } catch (const CLI::Success& help_or_version) {
    return tongs.exit(help_or_version, terminal.out(), terminal.err());
  } catch (const CLI::ParseError& error) {
    return report_usage_error(tongs, words, error, terminal);
  }
  return line.run(terminal);
}

}  // namespace
}  // namespace tongs::cli

int main(int count, char** arguments) {
  using namespace tongs::cli;
  std::ios::sync_with_stdio(false);
  Terminal terminal = Terminal::standard();
  try {
    const int status = run(count, arguments, terminal);
    if (terminal.out().flush()) return status;
    terminal.err() << "tongs: standard output cannot be written\n";
  } catch (const std::exception& error) {
    terminal.err() << "tongs: internal error: " << printable(error.what()) << "\n";
  }
  return kFailure;
}
