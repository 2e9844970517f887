#include <tongs/adapter.hpp>

namespace tongs {

std::string_view to_string(Product product) noexcept {
  switch (product) {
    case Product::jira:
      return "jira";
    case Product::confluence:
      return "confluence";
    case Product::bitbucket:
      return "bitbucket";
  }
  return "jira";
}

}  // namespace tongs
