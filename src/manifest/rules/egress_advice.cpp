#include <algorithm>
#include <array>
#include <string>

#include <tongs/manifest/egress.hpp>

#include "manifest/egress_url.hpp"
#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

/// Calls `look(address)` for each address of `fetch.backend` and `fetch.client` that Forge takes and reads as
/// a web address.
template <class Look>
void for_each_address(const Manifest& manifest, Look look) {
  const auto& permissions = manifest.permissions();
  for (const auto* list : {&permissions.fetch_backend, &permissions.fetch_client}) {
    for (const FetchEntry& entry : *list) {
      if (!entry.address || !is_egress_address(entry.address->value)) continue;
      const std::string canonical = canonical_address(entry.address->value);
      if (canonical.starts_with("https://") || canonical.starts_with("wss://"))
        look(*entry.address, canonical);
    }
  }
}

std::string_view host_of(std::string_view canonical) {
  canonical.remove_prefix(canonical.find("://") + 3);
  return canonical.substr(0, canonical.find_first_of("/:?#"));
}

void wildcard_ends_at_a_dot(const Manifest& manifest, Report& report) {
  for_each_address(manifest, [&](const Located<std::string>& address, std::string_view canonical) {
    const auto host = host_of(canonical);
    if (!host.starts_with('*')) return;
    const auto rest = host.substr(1);
    const bool loose = !rest.starts_with('.');
    if (!loose && rest.find('.', 1) != std::string_view::npos) return;
    report.add(address.at, quoted(address.value) + (loose ? " also lets 'evil" + std::string(rest) +
                                                                "' through: write '*.' before the domain"
                                                          : " lets every domain of '" + std::string(rest) +
                                                                "' through: name the domain below it"));
  });
}

void address_can_be_asked_for(const Manifest& manifest, Report& report) {
  for_each_address(manifest, [&](const Located<std::string>& address, const std::string& canonical) {
    const auto rules = EgressRules::parse({address.value});
    std::string asked = canonical;
    if (const auto star = asked.find('*'); star != std::string::npos) asked.replace(star, 1, "a");
    if (!rules || rules->allows_backend(asked)) return;
    report.add(address.at, "Forge compares letter by letter, and programs ask for " + quoted(asked) +
                               ", which " + quoted(address.value) + " does not let through: write " +
                               quoted(canonical));
  });
}

constexpr std::array kEntries = {
    Entry{advice("egress-wildcard-loose", "A wildcard stands for the hosts of one domain: `*.example.com`.",
                 "Put a dot after the star, and at least two names after it.", R"(
permissions:
  external:
    fetch:
      backend:
        - address: '*.com'
)",
                 R"(
permissions:
  external:
    fetch:
      backend:
        - address: '*.example.com'
)"),
          wildcard_ends_at_a_dot},
    Entry{advice("egress-never-matches",
                 "An address is written as programs ask for it: a scheme before a port, no default port, "
                 "small letters.",
                 "Write it as the message says: Forge compares texts, letter by letter.", R"(
permissions:
  external:
    fetch:
      backend:
        - address: api.example.com:8443
)",
                 R"(
permissions:
  external:
    fetch:
      backend:
        - address: https://api.example.com:8443
)"),
          address_can_be_asked_for},
};

}  // namespace

std::span<const Entry> egress_advices() { return kEntries; }

}  // namespace tongs::manifest::rules
