#pragma once
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include <tongs/adapter.hpp>
#include <tongs/testing/script.hpp>

namespace tongs::testing {

/// A call as an Adapter gets it.
struct RecordedCall {
  ApiRequest request;
  Identity identity;
};

/// An Adapter without a transport, for tests of code that makes typed calls: answers from its script, and
/// with 200 and `{}` when that has run out. `MockForgeAdapter` of the TypeScript library: `queueResponse` and
/// `queueErrorResponse` are `answer`, `queueThrow` is `fail`, `getCalls` is `calls`, `getLastCall` is
/// `last_call`.
/// Thread safety: any.
class MockAdapter final : public Adapter, public Script<const ApiRequest&, const Identity&> {
 public:
  explicit MockAdapter(Product product = Product::jira);

  Product product() const noexcept override { return product_; }
  Result<HttpResponse> send(const ApiRequest& request, const Identity& as,
                            const CallOptions& call) const override;
  bool reject(const Identity& as) const override;
  /// Recorded like a call, with the URL as its path, and answered from the same script.
  Result<HttpResponse> fetch(const std::string& url, const CallOptions& call) const override;

  /// The next `times` refusals are answered with "another credential may be tried".
  void offer_other_credentials(std::size_t times);

  std::vector<RecordedCall> calls() const;
  std::optional<RecordedCall> last_call() const;
  std::size_t count() const;
  /// The identities that were refused, in order.
  std::vector<Identity> rejected() const;

 private:
  Product product_;
  mutable std::mutex mutex_;
  mutable std::vector<RecordedCall> calls_;
  mutable std::vector<Identity> rejected_;
  mutable std::size_t other_credentials_ = 0;
};

}  // namespace tongs::testing
