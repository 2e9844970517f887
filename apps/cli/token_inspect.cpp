#include "cli/token_inspect.hpp"

#include <ostream>

#include "cli/exit_status.hpp"
#include "cli/json_print.hpp"
#include "cli/time_words.hpp"
#include "cli/token_damage.hpp"
#include "cli/token_text.hpp"
#include "cli/token_times.hpp"
#include "json/writer.hpp"

namespace tongs::cli {

namespace {

void print_human(const DecodedToken& token, WallTime now, Terminal& terminal) {
  using Style = Terminal::Style;
  auto& out = terminal.out();
  out << terminal.paint(Style::yellow, "not verified")
      << ": anyone can write such a token, 'tongs token verify' checks it\n\n"
      << terminal.paint(Style::bold, "header") << "\n"
      << pretty(token.header.root(), true) << "\n\n"
      << terminal.paint(Style::bold, "claims") << "\n"
      << pretty(token.claims.root(), true) << "\n";
  print_times(token.claims.root(), now, terminal);
}

void print_json(const DecodedToken& token, WallTime now, Terminal& terminal) {
  JsonWriter out;
  out.open_object();
  out.name("verified").boolean(false);
  out.name("header").raw(token.header.root().text());
  out.name("claims").raw(token.claims.root().text());
  out.name("times").open_object();
  for (const auto name : kTimeClaims) {
    const auto at = time_claim(token.claims[name]);
    if (!at) continue;
    out.name(name).open_object();
    out.name("at").string(rfc3339(*at));
    out.name("words").string(claim_in_words(name, *at, now));
    out.close_object();
  }
  out.close_object().close_object();
  terminal.out() << out.text() << "\n";
}

}  // namespace

int run_token_inspect(const TokenInspectOptions& options, WallTime now, Terminal& terminal) {
  const auto token = read_token(options.token);
  if (!token) {
    terminal.err() << "tongs: " << token.error().message() << "\n";
    return kUsage;
  }
  const auto decoded = decode_unverified(token->reveal());
  if (!decoded) {
    terminal.err() << "tongs: " << decoded.error().message() << "\n";
    if (const auto damage = damage_of(token->reveal()); !damage.empty())
      terminal.err() << "  " << damage << "\n";
    return kUsage;
  }
  if (options.format == Format::json) {
    print_json(*decoded, now, terminal);
  } else {
    print_human(*decoded, now, terminal);
  }
  return kFine;
}

}  // namespace tongs::cli
