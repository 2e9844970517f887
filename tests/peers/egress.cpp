// Compares our prediction of @forge/egress with what it says: lines of JSON
// `{"allow","url","backend","client"}` on standard input, where `backend` and `client` are null if it broke
// down. Prints the lines that differ, then their count and that of all.
#include <iostream>
#include <string>
#include <vector>

#include <tongs/json.hpp>
#include <tongs/manifest/egress.hpp>

int main() {
  std::size_t all = 0;
  std::size_t different = 0;
  for (std::string line; std::getline(std::cin, line); ++all) {
    const auto told = tongs::JsonDocument::parse(line).value();
    std::vector<std::string> entries;
    for (const auto entry : told["allow"]) entries.emplace_back(entry.string_or(""));
    const auto rules = tongs::manifest::EgressRules::parse(entries);
    const auto url = told["url"].string_or("");
    const bool same = told["backend"].is_null()
                          ? !rules
                          : rules && rules->allows_backend(url) == told["backend"].boolean() &&
                                rules->allows_client(url) == told["client"].boolean();
    if (same) continue;
    ++different;
    std::cout << line << "\n";
  }
  std::cout << different << " of " << all << "\n";
  return 0;
}
