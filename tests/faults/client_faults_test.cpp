#include <functional>

#include <gtest/gtest.h>

#include <tongs/paging.hpp>
#include <tongs/testing/scripted_transport.hpp>

#include "client/bound_client_state.hpp"
#include "support/fake_waiter.hpp"

namespace tongs {
namespace {

using detail::BoundClientAccess;
using testing::ScriptedTransport;

/// A conversation that goes well, and the operation that holds it. Each of its steps is then failed in turn.
struct Conversation {
  std::vector<HttpResponse> answers;
  std::function<Result<void>(const BoundClient&)> operation;
  bool repeatable = true;
};

HttpResponse json(int status, std::string body) { return {.status = status, .body = std::move(body)}; }

std::vector<Conversation> conversations() {
  const auto get = [](const BoundClient& client) -> Result<void> {
    return client.send({.path = "/a"}).and_then([](HttpResponse) { return Result<void>(); });
  };
  const auto post = [](const BoundClient& client) -> Result<void> {
    return client.send_json({.method = "POST", .path = "/a", .body = "{}"}).and_then([](JsonDocument) {
      return Result<void>();
    });
  };
  const auto pages = [](const BoundClient& client) -> Result<void> {
    Pager pager(client, {.path = "/list"}, {.kind = PageKind::token});
    while (true) {
      const auto page = pager.next();
      if (!page) return page.error();
      if (!*page) return {};
    }
  };
  return {
      {{json(200, "")}, get},
      {{json(401, ""), json(200, "")}, get},
      {{json(200, "{}")}, post, false},
      {{json(401, ""), json(201, "{}")}, post, false},
      {{json(200, R"({"values":[1],"nextPageToken":"a"})"),
        json(200, R"({"values":[2],"nextPageToken":"b"})"), json(200, R"({"values":[3]})")},
       pages},
      {{json(200, R"({"values":[1],"nextPageToken":"a"})"), json(401, ""), json(200, R"({"values":[2]})")},
       pages},
  };
}

class ClientFaults : public ::testing::Test {
 protected:
  BoundClient client(int max_attempts) {
    const auto adapter =
        direct_adapter({.api_base_url = "https://api.example.com/ex/jira/1", .transport = transport_});
    BoundClientAccess::State state{
        .adapter = *adapter, .retry = {.max_attempts = max_attempts}, .waiter = waiter_};
    state.renew = [this](const CallOptions&) -> Result<Identity> {
      if (renewals_until_failure_-- == 0) return Error(Errc::forbidden, "no token for you");
      return Identity(AsUser{std::make_shared<const Secret>("token")});
    };
    return BoundClientAccess::make(std::move(state));
  }

  void script(const Conversation& conversation, std::size_t failing, const Error& fault) {
    transport_ = std::make_shared<ScriptedTransport>();
    for (std::size_t i = 0; i < conversation.answers.size(); ++i) {
      if (i == failing) transport_->fail(fault);
      transport_->answer(conversation.answers[i]);
    }
  }

  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
  std::shared_ptr<test::FakeWaiter> waiter_ = std::make_shared<test::FakeWaiter>();
  int renewals_until_failure_ = -1;
};

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

TEST_F(ClientFaults, WithoutAFaultEveryConversationEndsWell) {
  for (const Conversation& conversation : conversations()) {
    script(conversation, kNone, Error(Errc::internal, "unused"));
    EXPECT_TRUE(conversation.operation(client(1)));
    EXPECT_EQ(transport_->unused(), 0U);
  }
}

TEST_F(ClientFaults, AFaultAtAnyStepIsTheErrorAndNothingIsSentAfterIt) {
  for (const Conversation& conversation : conversations()) {
    for (std::size_t step = 0; step < conversation.answers.size(); ++step) {
      for (const Errc code : {Errc::transport_failed, Errc::malformed_response, Errc::deadline_exceeded,
                              Errc::cancelled, Errc::invalid_argument, Errc::internal}) {
        script(conversation, step, Error(code, "the fault"));
        const auto result = conversation.operation(client(1));
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code(), code);
        EXPECT_EQ(result.error().message(), "the fault");
        EXPECT_EQ(transport_->count(), step + 1);
      }
    }
  }
}

TEST_F(ClientFaults, AFaultThatPassesIsOutlivedByWhatMayBeRepeated) {
  for (const Conversation& conversation : conversations()) {
    for (std::size_t step = 0; step < conversation.answers.size(); ++step) {
      script(conversation, step, Error(Errc::transport_failed, "the fault"));
      const auto result = conversation.operation(client(3));
      EXPECT_EQ(result.has_value(), conversation.repeatable);
      EXPECT_EQ(transport_->count(), conversation.repeatable ? conversation.answers.size() + 1 : step + 1);
    }
  }
}

TEST_F(ClientFaults, AFailedRenewalAtAnyStepIsTheError) {
  for (const Conversation& conversation : conversations()) {
    for (std::size_t step = 0; step < conversation.answers.size(); ++step) {
      script(conversation, kNone, Error(Errc::internal, "unused"));
      renewals_until_failure_ = static_cast<int>(step);
      const auto result = conversation.operation(client(3));
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().message(), "no token for you");
      EXPECT_EQ(transport_->count(), step);
    }
  }
}

}  // namespace
}  // namespace tongs
