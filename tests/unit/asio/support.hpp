#pragma once
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <tongs/asio.hpp>
#include <tongs/testing/scripted_transport.hpp>

#include "asio/landing.hpp"
#include "support/scripted_user_tokens.hpp"

namespace tongs {

inline constexpr MonoTime kNever = MonoTime::max();
inline constexpr MonoTime kLongAgo = MonoTime::min();

/// A context that runs when a test says so, and never waits.
class HandDriven {
 public:
  boost::asio::io_context context;

  /// Runs what can go on, until nothing can.
  void run() {
    context.restart();
    context.poll();
  }
};

/// Holds coroutines back until a test lets them go. Copies are the same gate.
class AsyncGate {
 public:
  explicit AsyncGate(boost::asio::io_context& context) : landing_(std::make_shared<Landing>(context)) {}
  void open() const { landing_->land(Open{}); }
  Task<void> pass() const {
    const auto here = landing_;
    (void)co_await here->wait(kNever);
  }

 private:
  struct Open {};
  using Landing = detail::AsioLanding<Open>;
  std::shared_ptr<Landing> landing_;
};

/// What the questions to a fake wait for before they are answered: at once, unless there is a gate.
class Gates {
 public:
  /// The next question that has no gate yet waits at this one.
  void add(AsyncGate gate) { gates_.push_back(std::move(gate)); }
  Task<void> pass_next() {
    if (gates_.empty()) co_return;
    const AsyncGate gate = std::move(gates_.front());
    gates_.pop_front();
    co_await gate.pass();
  }

 private:
  std::deque<AsyncGate> gates_;
};

/// A source of user tokens that answers from a script, without blocking.
class AsyncUserTokens final : public AsyncUserTokenSource {
 public:
  Task<Result<FetchedToken>> fetch(AccountId account, MonoTime deadline) override {
    asked.push_back({account, deadline});
    co_await gates.pass_next();
    co_return script.fetch(account, {});
  }

  struct Question {
    AccountId account;
    MonoTime deadline;
  };
  std::vector<Question> asked;
  Gates gates;
  testing::ScriptedUserTokens script;
};

/// A transport that answers from a script, without blocking.
class AsyncScriptedTransport final : public AsyncTransport {
 public:
  Task<Result<HttpResponse>> send(HttpRequest request, MonoTime deadline) override {
    deadlines.push_back(deadline);
    co_await gates.pass_next();
    co_return script.send(request, {});
  }
  std::size_t asked() const { return deadlines.size(); }

  std::vector<MonoTime> deadlines;
  Gates gates;
  testing::ScriptedTransport script;
};

/// A coroutine of a caller, which begins when the context runs.
template <class T>
class Call {
 public:
  Call(HandDriven& loop, Task<T> task) : state_(std::make_shared<State>()) {
    boost::asio::co_spawn(loop.context, run(std::move(task), state_),
                          boost::asio::bind_cancellation_slot(state_->signal.slot(), boost::asio::detached));
  }

  bool ended() const { return state_->result.has_value(); }
  const T& result() const { return state_->result.value(); }
  void cancel() { state_->signal.emit(boost::asio::cancellation_type::terminal); }

 private:
  struct State {
    std::optional<T> result;
    boost::asio::cancellation_signal signal;
  };
  static Task<void> run(Task<T> task, std::shared_ptr<State> state) {
    T result = co_await std::move(task);
    state->result.emplace(std::move(result));
  }

  std::shared_ptr<State> state_;
};

}  // namespace tongs
