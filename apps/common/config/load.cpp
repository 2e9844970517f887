#include "common/config/load.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <unistd.h>

#include <tongs/json.hpp>

#include "base/nearest.hpp"
#include "common/config/toml_source.hpp"
#include "common/config/value.hpp"

namespace tongs::config {

namespace {

std::string join(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  const auto meant = nearest(word, known);
  return meant ? "; did you mean " + json_quote(*meant) + "?" : "";
}

std::string dotted(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : std::string(path).append(".").append(name);
}

/// The sections that have a key of that name.
std::string homes_of(const Schema& schema, std::string_view key) {
  std::string text;
  for (const Setting& setting : schema.settings()) {
    if (setting.key == key) text.append(text.empty() ? "[" : " or [").append(setting.section).append("]");
  }
  return text;
}

class Loader {
 public:
  Loader(Schema schema, const Source& source) : source_(source), values_(std::move(schema)) {}

  void read_file();
  void read_environment(const Environment& environment);
  void fill_gaps();
  Loaded result() && { return {std::move(values_), std::move(findings_)}; }

 private:
  const Schema& schema() const noexcept { return values_.schema(); }
  const Setting& setting(std::size_t index) const { return schema().settings()[index]; }
  Origin in_file(Position at) const { return {Origin::Kind::file, source_.name, at}; }
  void complain(Origin where, std::string message) {
    findings_.push_back({std::move(where), std::move(message)});
  }

  void read_table(const std::string& path, const Table& table);
  void read_subtable(const std::string& path, const Member& member);
  void read_key(std::size_t index, const Member& member);
  std::string about_unknown(const std::string& section, const Member& member) const;
  std::string about_stray(const Member& member) const;
  void read_variable(std::size_t index, const std::string& name, const std::string& text);
  void judge_unknown_variable(const std::string& name);
  std::string about_missing(const Setting& missing) const;

  const Source& source_;
  Values values_;
  std::vector<Finding> findings_;
  std::map<std::string, Position> headers_;  ///< of the sections that the file has
  std::vector<bool> tried_ = std::vector<bool>(values_.schema().settings().size());
  bool whole_ = true;  ///< nothing of the file was passed over
};

void Loader::read_file() {
  const ParsedToml parsed = parse_toml(source_.text);
  for (const SyntaxError& error : parsed.errors) complain(in_file(error.at), error.message);
  whole_ = parsed.errors.empty();
  if (parsed.root) read_table({}, *parsed.root);
}

void Loader::read_table(const std::string& path, const Table& table) {
  for (const Member& member : table) {
    const std::string name = dotted(path, member.name);
    if (const auto index = schema().find(path, member.name)) {
      read_key(*index, member);
    } else if (schema().has_section(name) || schema().has_section_below(name)) {
      read_subtable(name, member);
    } else {
      complain(in_file(member.at), path.empty() ? about_stray(member) : about_unknown(path, member));
    }
  }
}

void Loader::read_subtable(const std::string& path, const Member& member) {
  if (const auto* table = std::get_if<Table>(&member.node.value)) {
    headers_.emplace(path, member.at);
    read_table(path, *table);
  } else {
    complain(in_file(member.at), path + " is a section: write [" + path + "] once, and its keys below");
  }
}

void Loader::read_key(std::size_t index, const Member& member) {
  std::vector<SyntaxError> errors;
  Value value = value_of_node(setting(index), member.node, source_.directory, errors);
  for (const SyntaxError& error : errors) {
    complain(in_file(error.at), setting(index).name() + ": " + error.message);
  }
  tried_[index] = true;
  if (errors.empty()) values_.set(index, std::move(value), in_file(member.node.at));
}

std::string Loader::about_stray(const Member& member) const {
  const std::string name = json_quote(member.name);
  if (std::holds_alternative<Table>(member.node.value)) {
    return "unknown section " + name + suggestion(member.name, schema().sections());
  }
  const std::string homes = homes_of(schema(), member.name);
  return "key " + name + " stands outside any section" + (homes.empty() ? "" : ": put it below " + homes);
}

std::string Loader::about_unknown(const std::string& section, const Member& member) const {
  const auto keys = schema().keys_of(section);
  const std::string message = "unknown key " + json_quote(member.name) + " in [" + section + "]";
  const std::string meant = suggestion(member.name, keys);
  if (!meant.empty()) return message + meant;
  const std::string homes = homes_of(schema(), member.name);
  if (!homes.empty()) return message + "; it belongs to " + homes;
  return keys.empty() ? message : message + ", which has " + join(keys);
}

void Loader::read_environment(const Environment& environment) {
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < schema().settings().size(); ++i) known.emplace(setting(i).variable(), i);
  for (auto it = environment.lower_bound("TONGS_"); it != environment.end(); ++it) {
    const auto& [name, text] = *it;
    if (!name.starts_with("TONGS_")) break;
    if (const auto found = known.find(name); found != known.end()) {
      read_variable(found->second, name, text);
    } else {
      judge_unknown_variable(name);
    }
  }
}

void Loader::read_variable(std::size_t index, const std::string& name, const std::string& text) {
  const Origin origin{Origin::Kind::environment, name};
  auto value = value_of_text(setting(index), text, source_.directory);
  tried_[index] = true;
  if (value) {
    values_.set(index, std::move(*value), origin);
  } else {
    complain(origin, std::string(value.error().message()));
  }
}

void Loader::judge_unknown_variable(const std::string& name) {
  std::vector<std::string> variables;
  bool of_section = false;
  for (const Setting& known : schema().settings()) {
    variables.push_back(known.variable());
    const std::string start = variables.back().substr(0, variables.back().size() - known.key.size());
    of_section = of_section || name.starts_with(start);
  }
  const std::vector<std::string_view> views(variables.begin(), variables.end());
  const std::string meant = suggestion(name, views);
  if (of_section || !meant.empty()) {
    complain({Origin::Kind::environment, name}, "no setting has this variable" + meant);
  }
}

std::string Loader::about_missing(const Setting& missing) const {
  return missing.name() + " is missing: " + std::string(missing.about) + " Set " + std::string(missing.key) +
         " below [" + std::string(missing.section) + "], or " + missing.variable();
}

void Loader::fill_gaps() {
  for (std::size_t i = 0; i < schema().settings().size(); ++i) {
    const Setting& gap = setting(i);
    if (values_.is_set(i) || tried_[i]) continue;
    if (gap.required && whole_) {
      const auto header = headers_.find(std::string(gap.section));
      const Position at = header == headers_.end() ? Position{} : header->second;
      complain(source_.name.empty() ? Origin{Origin::Kind::environment, gap.variable()} : in_file(at),
               about_missing(gap));
    }
    if (!gap.fallback) continue;
    auto value = value_of_text(gap, *gap.fallback, source_.directory);
    if (!value) throw std::logic_error("the fallback of " + gap.name() + " is no value of it");
    values_.set(i, std::move(*value), {});
  }
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

Result<Source> read_source(const std::string& path) {
  std::error_code ignored;  // without a working directory, relative paths stay as they are
  const auto full = std::filesystem::absolute(path.empty() ? "." : path, ignored);
  if (path.empty()) return Source{.directory = full};
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxTomlBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    return Error(Errc::not_found, "this file cannot be read: is it there, and may you read it?");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return Source{.name = path, .text = std::move(text), .directory = full.parent_path()};
}

Loaded load(Schema schema, const Source& source, const Environment& environment) {
  Loader loader(std::move(schema), source);
  loader.read_file();
  loader.read_environment(environment);
  loader.fill_gaps();
  Loaded loaded = std::move(loader).result();
  sort(loaded.findings);
  return loaded;
}

void sort(std::vector<Finding>& findings) {
  const auto key = [](const Finding& finding) {
    const Origin& where = finding.where;
    return std::tuple(where.kind != Origin::Kind::file, where.at.line == 0, where.at,
                      std::string_view(where.name), std::string_view(finding.message));
  };
  std::sort(findings.begin(), findings.end(),
            [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace tongs::config
