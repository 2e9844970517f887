#pragma once
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include <tongs/testing/script.hpp>
#include <tongs/token.hpp>

#include "support/tokens.hpp"

namespace tongs::testing {

/// A source of user tokens that answers from a script, and a token of an hour when the script has run out.
/// Thread safety: any.
class ScriptedUserTokens final : public UserTokenSource {
 public:
  using Step = std::function<Result<FetchedToken>(const CallOptions&)>;

  const InstallationId& installation() const noexcept override { return installation_; }

  Result<FetchedToken> fetch(const AccountId&, const CallOptions& call) override {
    Step step;
    {
      const std::lock_guard hold(mutex_);
      ++asked_;
      if (!steps_.empty()) {
        step = std::move(steps_.front());
        steps_.pop_front();
      }
    }
    return step ? step(call) : with_life("token", std::chrono::hours(1));
  }

  /// The next question is answered so.
  void answer(std::string token, std::chrono::seconds life) {
    run([token = std::move(token), life](const CallOptions&) { return with_life(token, life); });
  }
  void fail(Error error) {
    run([error = std::move(error)](const CallOptions&) -> Result<FetchedToken> { return error; });
  }
  /// …once `gate` is open, with a token of an hour; or as the limits of the call say.
  void answer_behind(Gate gate, std::string token = "token") {
    run([gate = std::move(gate), token = std::move(token)](const CallOptions& call) {
      return gate.pass(call).and_then(
          [&]() -> Result<FetchedToken> { return with_life(token, std::chrono::hours(1)); });
    });
  }
  void run(Step step) {
    const std::lock_guard hold(mutex_);
    steps_.push_back(std::move(step));
  }

  /// Questions so far.
  int asked() const {
    const std::lock_guard hold(mutex_);
    return asked_;
  }

 private:
  InstallationId installation_ = installation_id();
  mutable std::mutex mutex_;
  std::deque<Step> steps_;
  int asked_ = 0;
};

}  // namespace tongs::testing
