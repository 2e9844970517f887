#pragma once
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/terminal.hpp"

// What the options of several verbs have in common. Only for the files that say which verbs there are: CLI11
// is slow to compile.
namespace tongs::cli {

/// An option with a few words to choose from.
template <class Value>
void add_choice(CLI::App& verb, const std::string& name, Value& value,
                const std::map<std::string, Value>& choices, const std::string& help) {
  std::string words;
  for (const auto& [word, meaning] : choices) words += (words.empty() ? "" : "|") + word;
  verb.add_option_function<std::string>(
          name, [&value, choices](const std::string& word) { value = choices.at(word); }, help)
      ->type_name(words)
      ->check([choices, words](const std::string& word) {
        return choices.contains(word) ? std::string() : "use one of " + words;
      });
}

inline void add_format(CLI::App& verb, Format& format) {
  add_choice<Format>(verb, "--format", format, {{"human", Format::human}, {"json", Format::json}},
                     "How to report (default: human)");
}

}  // namespace tongs::cli
