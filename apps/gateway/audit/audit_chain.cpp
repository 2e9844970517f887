#include "gateway/audit/audit_chain.hpp"

#include <array>

#include <openssl/evp.h>

#include <tongs/json.hpp>

#include "http/timestamp.hpp"
#include "json/writer.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kHashName = R"(,"hash":")";
constexpr std::size_t kHashSize = 64;
constexpr std::size_t kTailSize = kHashName.size() + kHashSize + 2;  // with "}
constexpr std::size_t kLongestField = 512;

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    return {};  // fits no line
  }
  std::string text;
  text.reserve(2 * size_t{size});
  for (unsigned int i = 0; i < size; ++i) {
    text.push_back(digits[digest[i] >> 4]);
    text.push_back(digits[digest[i] & 15]);
  }
  return text;
}

void add_if_any(JsonWriter& line, std::string_view name, std::string_view value) {
  if (!value.empty()) line.name(name).string(value.substr(0, kLongestField));
}

Error no_line() { return {Errc::malformed_response, "this is no line of an audit log"}; }

}  // namespace

std::string audit_line(ChainEnd& end, const AuditEvent& event, AuditTime time) {
  ++end.seq;
  JsonWriter json;
  json.open_object().name("seq").integer(static_cast<std::int64_t>(end.seq));
  json.name("time").string(detail::format_iso_time(time));
  json.name("event").string(to_string(event.kind)).name("outcome").string(to_string(event.outcome));
  add_if_any(json, "installation", event.installation);
  add_if_any(json, "account", event.account);
  add_if_any(json, "client", event.client);
  add_if_any(json, "actor", event.actor);
  add_if_any(json, "reason", event.reason);
  json.name("prev").string(end.hash);
  std::string line = std::move(json).text();
  end.hash = sha256_hex(line);
  line.append(kHashName).append(end.hash).append("\"}\n");
  return line;
}

Result<AuditLine> read_audit_line(std::string_view line) {
  if (line.size() <= kTailSize || line.size() > kLongestAuditLine) return no_line();
  const std::string_view hashed = line.substr(0, line.size() - kTailSize);
  const std::string_view tail = line.substr(hashed.size());
  if (!tail.starts_with(kHashName) || !tail.ends_with("\"}")) return no_line();
  const auto json = JsonDocument::parse(line, {.max_bytes = kLongestAuditLine, .unique_names = true});
  if (!json) return no_line();
  const auto seq = (*json)["seq"].integer();
  const auto prev = (*json)["prev"].string();
  if (!seq || *seq < 1 || !prev || prev->size() != kHashSize) return no_line();
  const auto text = [&](std::string_view name) { return std::string((*json)[name].string_or("")); };
  AuditLine read{
      .end = {static_cast<std::uint64_t>(*seq), std::string(tail.substr(kHashName.size(), kHashSize))},
      .prev = std::string(*prev),
      .time = text("time"),
      .event = text("event"),
      .outcome = text("outcome"),
      .installation = text("installation"),
      .account = text("account"),
      .client = text("client"),
      .actor = text("actor"),
      .reason = text("reason")};
  if (read.end.hash != sha256_hex(hashed)) {
    return Error(Errc::signature_invalid, "this line was changed: its hash is another one");
  }
  return read;
}

std::string_view ChainCheck::follow(const AuditLine& line) {
  if (!end_) {
    begin_ = line.end.seq;
    end_ = line.end;
    return {};
  }
  if (line.end.seq > end_->seq + 1) return "lines before this one are missing, or stand elsewhere";
  if (line.end.seq <= end_->seq) return "this line stands in the wrong place, or was put in";
  if (line.prev != end_->hash)
    return "this line does not go on from the one before it: one of them was replaced";
  end_ = line.end;
  return {};
}

}  // namespace tongs::gateway
