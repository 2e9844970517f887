#pragma once
#include <cstddef>
#include <mutex>
#include <vector>

#include <tongs/http.hpp>
#include <tongs/testing/script.hpp>

namespace tongs::testing {

/// A Transport without a network: answers from its script and records what was asked. Steps are taken in the
/// order in which calls arrive. A call for which there is no step fails with `internal`, unless `otherwise`
/// says something else. Like a real one it fails at once with cancelled or deadline_exceeded if the call's
/// own limits say so; such a call takes no step. Thread safety: any.
class ScriptedTransport final : public Transport, public Script<const HttpRequest&> {
 public:
  ScriptedTransport();

  Result<HttpResponse> send(const HttpRequest& request, const CallOptions& call) const override;

  /// What was asked so far, in order of arrival, credentials included.
  std::vector<HttpRequest> requests() const;
  std::size_t count() const;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<HttpRequest> requests_;
};

}  // namespace tongs::testing
