#include "cli/token_verify.hpp"

#include <chrono>
#include <ostream>
#include <utility>

#include <tongs/fit.hpp>

#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "cli/json_print.hpp"
#include "cli/time_words.hpp"
#include "cli/token_hint.hpp"
#include "cli/token_text.hpp"
#include "cli/token_times.hpp"
#include "cli/transport.hpp"
#include "json/writer.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLargestKeySet = 1024 * 1024;
constexpr std::chrono::seconds kPatience{15};

/// Stands still at one wall time, so that a token can be judged as of then.
class StoppedClock final : public Clock {
 public:
  explicit StoppedClock(WallTime wall) : wall_(wall) {}
  WallTime wall_now() const noexcept override { return wall_; }
  MonoTime mono_now() const noexcept override { return std::chrono::steady_clock::now(); }

 private:
  WallTime wall_;
};

/// Why a command line or an input is of no use.
int refuse(Terminal& terminal, std::string_view what, const Error& why, ExitStatus status = kUsage) {
  terminal.err() << "tongs: " << what << why.describe() << "\n";
  return status;
}

Result<std::shared_ptr<KeySource>> keys_from(const std::string& jwks) {
  if (is_url(jwks)) {
    auto transport = make_transport();
    if (!transport) return std::move(transport).error();
    auto keys = RemoteKeySource::create(jwks, *std::move(transport));
    if (!keys) return std::move(keys).error();
    return std::shared_ptr<KeySource>(*std::move(keys));
  }
  auto text = read_input(jwks, kLargestKeySet);
  if (!text) return std::move(text).error();
  return static_keys(*text);
}

bool is_refusal(Errc code) {
  switch (code) {
    case Errc::token_malformed:
    case Errc::token_expired:
    case Errc::token_not_yet_valid:
    case Errc::issuer_mismatch:
    case Errc::audience_mismatch:
    case Errc::algorithm_not_allowed:
    case Errc::signature_invalid:
    case Errc::key_unknown:
      return true;
    default:
      return false;
  }
}

void print_valid(const VerifiedInvocation& invocation, WallTime now, Format format, Terminal& terminal) {
  if (format == Format::json) {
    JsonWriter out;
    out.open_object();
    out.name("valid").boolean(true);
    out.name("claims").raw(invocation.claims_json());
    out.close_object();
    terminal.out() << out.text() << "\n";
    return;
  }
  terminal.out() << terminal.paint(Terminal::Style::green, "valid") << ", "
                 << claim_in_words("exp", invocation.expires_at(), now) << "\n";
  if (const auto claims = JsonDocument::parse(invocation.claims_json())) {
    terminal.out() << pretty(claims->root(), true) << "\n";
    print_times(claims->root(), now, terminal);
  }
}

void print_refused(const Error& error, const RefusedFit& fit, Format format, Terminal& terminal) {
  if (format == Format::json) {
    JsonWriter out;
    out.open_object();
    out.name("valid").boolean(false);
    out.name("error").string(to_string(error.code()));
    out.close_object();
    terminal.out() << out.text() << "\n";
    return;
  }
  terminal.out() << terminal.paint(Terminal::Style::red, is_refusal(error.code()) ? "refused" : "undecided")
                 << ": " << error.describe() << " [" << to_string(error.code()) << "]\n";
  if (const auto hint = hint_for(fit); !hint.empty()) terminal.out() << "  " << printable(hint) << "\n";
  if (const auto read = decode_unverified(fit.token)) print_times(read->claims.root(), fit.at, terminal);
}

}  // namespace

int run_token_verify(const TokenVerifyOptions& options, Terminal& terminal) {
  const auto app = AppId::parse(options.app_id);
  if (!app) return refuse(terminal, "--app-id: ", app.error());
  const auto at = options.at.empty() ? std::nullopt : parse_time(options.at);
  if (!options.at.empty() && !at) {
    terminal.err() << "tongs: --at: write a time such as 2026-01-02T03:04:05Z, or seconds since 1970\n";
    return kUsage;
  }
  auto keys = keys_from(options.jwks);
  if (!keys) {
    const bool ours = keys.error().code() == Errc::internal;
    return refuse(terminal, "--jwks: ", keys.error(), ours ? kFailure : kUsage);
  }
  const auto token = read_token(options.token);
  if (!token) return refuse(terminal, "", token.error());

  const std::shared_ptr<const Clock> clock = at ? std::make_shared<StoppedClock>(*at) : Clock::system();
  const auto verifier = FitVerifier::create(*app, *std::move(keys), {}, clock);
  if (!verifier) return refuse(terminal, "", verifier.error(), kFailure);
  const auto verified = verifier->verify(token->reveal(), CallOptions::within(kPatience));
  if (verified) {
    print_valid(*verified, clock->wall_now(), options.format, terminal);
    return kFine;
  }
  const RefusedFit refused{.why = verified.error().code(),
                           .token = token->reveal(),
                           .app = *app,
                           .jwks = options.jwks,
                           .at = clock->wall_now(),
                           .at_was_chosen = at.has_value()};
  print_refused(verified.error(), refused, options.format, terminal);
  return is_refusal(verified.error().code()) ? kFindings : kFailure;
}

}  // namespace tongs::cli
