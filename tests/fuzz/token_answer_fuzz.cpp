#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "auth/fetched_token.hpp"
#include "auth/token_answer_codec.hpp"
#include "auth/token_text.hpp"
#include "support/tokens.hpp"

namespace {

using namespace tongs;

constexpr Now kNow{WallTime(std::chrono::seconds(1'700'000'000)), MonoTime(std::chrono::seconds(1'000))};

void must(bool promise) {
  if (!promise) std::abort();
}

/// What the manager does with an answer. A token that passes can be sent, and has an end within a day.
void check(Result<FetchedToken> answer) {
  if (!answer) {
    must(answer.error().remote() != nullptr);
    must(answer.error().message().size() < 300);
    return;
  }
  const auto token = detail::checked(*std::move(answer), testing::account_id(), kNow);
  if (!token) return;
  must(detail::is_sendable_token(token->reveal()));
  must(token->expires_at() > kNow.wall && token->expires_at() <= kNow.wall + detail::kLongestLife);
}

}  // namespace

/// The first line of the input is the status, the rest the body; an input without a line end is a body of
/// 200.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  HttpResponse response{.status = 200, .headers = {}, .body = {}};
  if (line == 3) response.status = std::atoi(std::string(input.substr(0, 3)).c_str());
  response.body = line == 3 ? input.substr(4) : input;
  check(detail::decode_direct_answer(response, kNow.wall));
  check(detail::decode_proxy_answer(std::move(response), kNow.wall));
  return 0;
}
