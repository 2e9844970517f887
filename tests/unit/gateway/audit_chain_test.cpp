#include "gateway/audit/audit_chain.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

constexpr AuditTime kTime{std::chrono::milliseconds(1'700'175'149'123)};

AuditEvent revoked(const std::string& installation) {
  return {.kind = AuditKind::consent_revoked, .installation = installation, .actor = "admin"};
}

std::vector<std::string> chain(int length) {
  ChainEnd end;
  std::vector<std::string> lines;
  for (int i = 0; i < length; ++i) {
    std::string line = audit_line(end, revoked("i-" + std::to_string(i)), kTime);
    line.pop_back();
    lines.push_back(std::move(line));
  }
  return lines;
}

/// The number of the first line that is wrong, from 1; 0 if none is.
std::size_t first_break(const std::vector<std::string>& lines) {
  ChainCheck check;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = read_audit_line(lines[i]);
    if (!line || !check.follow(*line).empty()) return i + 1;
  }
  return 0;
}

TEST(AuditChain, writes_a_line_whose_form_never_changes) {
  ChainEnd end;
  const std::string line = audit_line(end, revoked("i-1"), kTime);
  EXPECT_EQ(line, R"({"seq":1,"time":"2023-11-16T22:52:29.123Z","event":"consent.revoked","outcome":"done",)"
                  R"("installation":"i-1","actor":"admin",)"
                  R"("prev":"0000000000000000000000000000000000000000000000000000000000000000",)"
                  R"("hash":")" +
                      end.hash + "\"}\n");
  EXPECT_EQ(end.seq, 1u);
  EXPECT_EQ(end.hash.size(), 64u);
}

TEST(AuditChain, reads_back_what_it_wrote_whatever_is_in_it) {
  ChainEnd end;
  const AuditEvent event{.kind = AuditKind::token_given,
                         .outcome = AuditOutcome::refused,
                         .installation = "i\"\n\\",
                         .account = "557058:ü",
                         .client = "c",
                         .actor = "oauth",
                         .reason = "forbidden"};
  std::string text = audit_line(end, event, kTime);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  text.pop_back();
  const auto line = read_audit_line(text);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->end, end);
  EXPECT_EQ(line->event, "token.given");
  EXPECT_EQ(line->outcome, "refused");
  EXPECT_EQ(line->installation, event.installation);
  EXPECT_EQ(line->account, event.account);
  EXPECT_EQ(line->reason, "forbidden");
}

TEST(AuditChain, keeps_lines_short_whatever_is_in_them) {
  ChainEnd end;
  const std::string huge(1'000'000, '\x01');
  std::string text =
      audit_line(end, {.installation = huge, .account = huge, .client = huge, .reason = huge}, kTime);
  EXPECT_LE(text.size(), kLongestAuditLine);
  text.pop_back();
  EXPECT_TRUE(read_audit_line(text));
}

TEST(AuditChain, goes_on_from_line_to_line) {
  EXPECT_EQ(first_break(chain(50)), 0u);
  EXPECT_EQ(first_break({}), 0u);
  const auto lines = chain(50);
  EXPECT_EQ(first_break({lines.begin() + 20, lines.end()}), 0u) << "earlier files need not be at hand";
}

TEST(AuditChain, breaks_where_a_line_was_removed_put_in_or_moved) {
  const auto whole = chain(20);
  for (std::size_t at = 1; at + 1 < whole.size(); ++at) {
    auto removed = whole;
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_EQ(first_break(removed), at + 1);
    auto doubled = whole;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(at), whole[at - 1]);
    EXPECT_EQ(first_break(doubled), at + 1);
    auto swapped = whole;
    std::swap(swapped[at], swapped[at + 1]);
    EXPECT_EQ(first_break(swapped), at + 1);
    auto foreign = whole;
    ChainEnd other{.seq = at, .hash = std::string(64, '1')};
    foreign[at] = audit_line(other, revoked("forged"), kTime);
    foreign[at].pop_back();
    EXPECT_EQ(first_break(foreign), at + 1);
  }
}

TEST(AuditChain, breaks_where_any_byte_was_changed) {
  const auto whole = chain(3);
  for (std::size_t byte = 0; byte < whole[1].size(); ++byte) {
    auto changed = whole;
    changed[1][byte] = static_cast<char>(changed[1][byte] ^ 1);
    EXPECT_NE(first_break(changed), 0u) << byte;
  }
}

TEST(AuditChain, takes_no_line_that_is_none) {
  for (const char* text : {"", "{}", "x", R"({"seq":1,"prev":"","hash":""})"})
    EXPECT_FALSE(read_audit_line(text));
  std::string line = chain(1)[0];
  line.insert(1, R"("seq":2,)");
  EXPECT_FALSE(read_audit_line(line));
  EXPECT_FALSE(read_audit_line(std::string(100'000, 'x')));
}

TEST(AuditKinds, have_words_of_their_own) {
  std::set<std::string_view> words;
  for (int kind = 0; kind <= static_cast<int>(AuditKind::admin_login); ++kind) {
    words.insert(to_string(static_cast<AuditKind>(kind)));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(AuditKind::admin_login) + 1);
  EXPECT_FALSE(words.contains("unknown"));
}

}  // namespace
}  // namespace tongs::gateway
