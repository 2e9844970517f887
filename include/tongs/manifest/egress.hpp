#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongs::manifest {

/// Which URLs the entries of `permissions.external.fetch` let through, exactly as `@forge/egress` 3.0.0
/// decides it. That compares texts and parses no URL: it says yes to `https://evil.com\.example.com` under
/// `*.example.com`, and no to `https://API.example.com` under `api.example.com`. Use it to predict what Forge
/// does, never to guard anything. Thread safety: const.
class EgressRules {
 public:
  /// None if an entry has a broken percent-encoding: Forge breaks down on all of them then.
  static std::optional<EgressRules> parse(const std::vector<std::string>& entries);

  /// `fetch.backend`: scheme and host count.
  bool allows_backend(std::string_view url) const;
  /// `fetch.client`: the path counts, too, and an entry for http or ws allows https or wss.
  bool allows_client(std::string_view url) const;

 private:
  struct Address {
    std::string scheme;  ///< with its colon
    std::string host;    ///< of a wildcard, percent-decoded
    std::string path;
  };
  static Address split(std::string_view url);
  template <class Same>
  bool allows(const Address& asked, Same same) const;

  std::vector<Address> exact_;
  std::vector<Address> wildcards_;
  bool everything_ = false;
};

}  // namespace tongs::manifest
