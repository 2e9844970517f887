#include <future>
#include <thread>

#include <gtest/gtest.h>

#include <tongs/testing/mock_adapter.hpp>
#include <tongs/testing/scripted_transport.hpp>

namespace tongs::testing {
namespace {

using namespace std::chrono_literals;

TEST(ScriptedTransport, AnswersInOrderAndRecordsWhatWasAsked) {
  ScriptedTransport transport;
  transport.answer(200, "one", {{"a", "b"}}).fail(Error(Errc::transport_failed, "two"));
  transport.run([](const HttpRequest& request, const CallOptions&) -> Result<HttpResponse> {
    return HttpResponse{.status = 201, .body = request.url};
  });
  EXPECT_EQ(transport.send({.url = "u1"}, {})->header("A"), "b");
  EXPECT_EQ(transport.send({.url = "u2"}, {}).error().message(), "two");
  EXPECT_EQ(transport.unused(), 1U);
  EXPECT_EQ(transport.send({.url = "u3"}, {})->body, "u3");
  EXPECT_EQ(transport.count(), 3U);
  EXPECT_EQ(transport.requests().at(1).url, "u2");
}

TEST(ScriptedTransport, ARequestWithoutAStepFailsUnlessToldOtherwise) {
  ScriptedTransport transport;
  EXPECT_EQ(transport.send({}, {}).error().code(), Errc::internal);
  transport.otherwise([](const HttpRequest&, const CallOptions&) -> Result<HttpResponse> {
    return HttpResponse{.status = 204};
  });
  EXPECT_EQ(transport.send({}, {})->status, 204);
}

TEST(ScriptedTransport, ACallThatHasEndedTakesNoStep) {
  ScriptedTransport transport;
  transport.answer(200);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(transport.send({}, {.stop = stop.get_token()}).error().code(), Errc::cancelled);
  EXPECT_EQ(transport.send({}, CallOptions::within(0ms)).error().code(), Errc::deadline_exceeded);
  EXPECT_EQ(transport.unused(), 1U);
  EXPECT_EQ(transport.count(), 0U);
}

TEST(ScriptedTransport, AGateHoldsAnAnswerUntilTheTestOpensIt) {
  ScriptedTransport transport;
  Gate gate;
  transport.answer(200).behind(gate);
  std::promise<int> status;
  std::jthread caller([&] { status.set_value(transport.send({}, {})->status); });
  gate.wait_for_arrivals(1);
  auto answered = status.get_future();
  EXPECT_EQ(answered.wait_for(0s), std::future_status::timeout);
  gate.open();
  EXPECT_EQ(answered.get(), 200);
  EXPECT_TRUE(gate.pass({}));
}

TEST(ScriptedTransport, ACallLeavesAGateWhenItsTimeIsOver) {
  ScriptedTransport transport;
  const Gate gate;
  transport.answer(200).behind(gate).answer(200).behind(gate);
  std::stop_source stop;
  std::jthread stopper([&] {
    gate.wait_for_arrivals(1);
    stop.request_stop();
  });
  EXPECT_EQ(transport.send({}, {.stop = stop.get_token()}).error().code(), Errc::cancelled);
  EXPECT_EQ(transport.send({}, CallOptions::within(5ms)).error().code(), Errc::deadline_exceeded);
}

TEST(MockAdapter, AnswersWithAnEmptyObjectWhenItsScriptHasRunOut) {
  MockAdapter adapter(Product::confluence);
  EXPECT_EQ(adapter.product(), Product::confluence);
  EXPECT_FALSE(adapter.last_call());
  adapter.answer(404);
  EXPECT_EQ(adapter.send({.path = "/a"}, AsApp{}, {})->status, 404);
  EXPECT_EQ(adapter.send({.path = "/b"}, AsApp{}, {})->body, "{}");
  EXPECT_EQ(adapter.last_call()->request.path, "/b");
  EXPECT_EQ(adapter.count(), 2U);
}

TEST(MockAdapter, SaysHowOftenThereIsAnotherCredential) {
  MockAdapter adapter;
  EXPECT_FALSE(adapter.reject(AsApp{}));
  adapter.offer_other_credentials(1);
  EXPECT_TRUE(adapter.reject(AsApp{}));
  EXPECT_FALSE(adapter.reject(AsApp{}));
  EXPECT_EQ(adapter.rejected().size(), 3U);
}

}  // namespace
}  // namespace tongs::testing
