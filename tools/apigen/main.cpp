// Makes the typed clients of Jira and Confluence of the catalogs in api/. See api/README.md.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catalog.hpp"
#include "check.hpp"
#include "contracts.hpp"
#include "emit.hpp"
#include "shared.hpp"
#include "update.hpp"

namespace {

namespace fs = std::filesystem;
using apigen::Api;
using apigen::Files;
using apigen::Hand;

/// In this order: one that shares types comes behind the one that it shares with.
constexpr const char* kCatalogs[] = {
    "jira-v3", "jira-v2", "jira-software", "jira-service-management", "confluence-v1", "confluence-v2"};

constexpr const char* kUsage =
    "usage: apigen --api DIR --out DIR          writes what has changed\n"
    "       apigen --api DIR --list             writes DIR/generated-files.txt\n"
    "       apigen --api DIR --update NAME.json reads a newer document from standard input, replaces the "
    "catalog, and\n"
    "                                           tells what changed\n";

struct Failure {
  std::string message;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Failure{"cannot read " + path.string()};
  return text;
}

void write(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && read(path) == text) return;
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  if (!(file << text).flush()) throw Failure{"cannot write " + path.string()};
}

tongs::JsonDocument parsed(const std::string& text, const std::string& what) {
  auto document = tongs::JsonDocument::parse(text);
  if (!document) throw Failure{what + ": " + document.error().describe()};
  return *std::move(document);
}

Hand hand_of(const fs::path& folder, const std::string& name) {
  auto hand = Hand::parse(read(folder / "hand" / (name + ".json")));
  if (!hand) throw Failure{"hand/" + name + ".json: " + hand.error().describe()};
  return *std::move(hand);
}

/// `texts`: the catalogs by name.
Files generate(const fs::path& folder, const std::map<std::string, std::string>& texts) {
  Files files;
  std::vector<Api> all;
  std::map<std::string, std::string> contracts;  // by folder
  for (const std::string name : kCatalogs) {
    const Hand hand = hand_of(folder, name);
    const auto document = parsed(texts.at(name), name);
    Api api = apigen::read_catalog(name, document.root(), hand);
    for (const Api& other : all) {
      if (other.folder == api.shares) apigen::share_types(api, other);
    }
    apigen::emit_models(api, files);
    apigen::emit_inputs(api, files);
    apigen::emit_calls(api, files);
    apigen::emit_operations(api, files);
    apigen::emit_runner(api, files);
    contracts[api.folder] = apigen::emit_contracts(api, hand, document.root(), contracts[api.shares], files);
    all.push_back(std::move(api));
  }
  return files;
}

std::map<std::string, std::string> catalogs(const fs::path& folder) {
  std::map<std::string, std::string> texts;
  for (const std::string name : kCatalogs) texts[name] = read(folder / (name + ".json"));
  return texts;
}

std::string list_of(const Files& files) {
  std::string out;
  for (const auto& [name, text] : files) out += name + '\n';
  return out;
}

/// The document in the form of a catalog, if clients can be made of it.
std::string newer_catalog(const std::string& text) {
  const auto document = parsed(text, "the document");
  std::string why;
  for (const std::string& problem : apigen::problems(document.root())) why += "\n  " + problem;
  if (!why.empty()) throw Failure{"the document is no catalog:" + why};
  return apigen::reduced(document.root());
}

int update(const fs::path& folder, const std::string& file) {
  const std::string name = fs::path(file).stem().string();
  if (std::find(std::begin(kCatalogs), std::end(kCatalogs), name) == std::end(kCatalogs) ||
      name + ".json" != file) {
    throw Failure{"there is no catalog of that name in " + folder.string()};
  }
  auto texts = catalogs(folder);
  const Hand hand = hand_of(folder, name);
  const Api before = apigen::read_catalog(name, parsed(texts.at(name), name).root(), hand);
  texts[name] = newer_catalog({std::istreambuf_iterator<char>(std::cin), {}});
  const auto document = parsed(texts.at(name), name);
  const Api after = apigen::read_catalog(name, document.root(), hand);
  if (apigen::is_another_api(before, after))
    throw Failure{"the document has not even half of the operations of " + file + ": is it of another API?"};
  const Files files = generate(folder, texts);
  const std::string report = apigen::changes(before, after);
  std::cout << (report.empty() ? "nothing that callers would see has changed\n" : report);
  for (const std::string& entry : apigen::stale(hand, document.root(), after))
    std::cout << "hand/" << file << " speaks of nothing in the catalog: " << entry << '\n';
  if (!document["x-source"]) std::cout << "where it is from is to be put into " << file << " as x-source\n";
  write(folder / file, texts.at(name));
  if (read(folder / "generated-files.txt") != list_of(files))
    std::cout << "other files are generated now: run apigen --list\n";
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  const auto option = [&](const char* name) -> std::optional<std::string> {
    const auto at = std::find(arguments.begin(), arguments.end(), name);
    if (at == arguments.end() || at + 1 == arguments.end()) return std::nullopt;
    return *(at + 1);
  };
  const auto api = option("--api");
  if (!api) {
    std::cerr << kUsage;
    return 2;
  }
  const fs::path folder(*api);
  if (const auto file = option("--update")) return update(folder, *file);
  const Files files = generate(folder, catalogs(folder));
  if (std::find(arguments.begin(), arguments.end(), "--list") != arguments.end()) {
    write(folder / "generated-files.txt", list_of(files));
    return 0;
  }
  const auto out = option("--out");
  if (!out) {
    std::cerr << kUsage;
    return 2;
  }
  if (read(folder / "generated-files.txt") != list_of(files)) {
    throw Failure{"generated-files.txt names other files than these catalogs make: run apigen --list"};
  }
  for (const auto& [name, text] : files) write(fs::path(*out) / name, text);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run({arguments + 1, arguments + count});
  } catch (const Failure& failure) {
    std::cerr << "apigen: " << failure.message << '\n';
  } catch (const std::exception& error) {
    std::cerr << "apigen: " << error.what() << '\n';
  }
  return 1;
}
