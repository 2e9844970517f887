#pragma once
#include <string_view>
namespace tongs::gateway {
struct IngressMetrics {
  void verdict(std::string_view);
  void backend_failed(std::string_view);
};
struct EgressMetrics {
  void refused(std::string_view);
  void answered(int);
};
}  // namespace tongs::gateway
