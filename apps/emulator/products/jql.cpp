#include "emulator/products/jql.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "http/ascii.hpp"

namespace tongs::emulator {

using tongs::detail::to_lower;

namespace {

constexpr std::array<std::string_view, 11> kValueFields{"project",  "key",      "issuekey", "id",
                                                        "assignee", "reporter", "status",   "issuetype",
                                                        "type",     "labels",   "issue"};
constexpr std::array<std::string_view, 3> kTextFields{"summary", "description", "text"};
constexpr std::array<std::string_view, 6> kOrderFields{"key",     "issuekey", "created",
                                                       "updated", "summary",  "status"};
constexpr std::size_t kMaxDepth = 64;

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& all, std::string_view word) noexcept {
  return std::find(all.begin(), all.end(), word) != all.end();
}

}  // namespace

/// A node of the query: a clause about one field, or a combination of nodes.
struct Jql::Condition {
  enum class Kind : std::uint8_t { clause, all, any, none };
  Kind kind = Kind::clause;
  std::vector<std::unique_ptr<Condition>> parts = {};

  std::string field = {};
  bool contains = false;  ///< `~` instead of `=`
  bool negated = false;
  std::vector<std::string> values = {};  ///< one of these, an empty one stands for EMPTY; `~`: all of these
  bool current_user = false;             ///< …or whoever asks
};

namespace {

using Condition = Jql::Condition;

/// What an issue has in a field, in lower case. Several for labels, and names besides ids.
std::vector<std::string> values_of(const Site& site, const Issue& issue, std::string_view field) {
  if (field == "project") {
    const Project* project = site.find_project(issue.project);
    if (project == nullptr) return {to_lower(issue.project)};
    return {to_lower(project->key), project->id, to_lower(project->name)};
  }
  if (field == "assignee") return {to_lower(issue.assignee)};
  if (field == "reporter") return {to_lower(issue.reporter)};
  if (field == "status") return {to_lower(issue.status)};
  if (field == "issuetype" || field == "type") return {to_lower(issue.type)};
  if (field == "labels") {
    std::vector<std::string> labels;
    for (const auto& label : issue.labels) labels.push_back(to_lower(label));
    if (labels.empty()) labels.emplace_back();
    return labels;
  }
  return {to_lower(issue.key), issue.id};
}

std::string text_in(const Issue& issue, std::string_view field) {
  if (field == "summary") return to_lower(issue.summary);
  std::string text = text_of(issue.description);
  if (field == "text") {
    text += ' ' + issue.summary;
    for (const auto& comment : issue.comments) text += ' ' + text_of(comment.body);
  }
  return to_lower(text);
}

/// `negated`: stands behind NOT. What is empty is found neither by a value nor by its contrary.
bool clause_holds(const Condition& clause, const Site& site, const Issue& issue, std::string_view account,
                  bool negated) {
  const bool contrary = clause.negated != negated;
  if (clause.contains) {
    const std::string text = text_in(issue, clause.field);
    return contrary !=
           std::all_of(clause.values.begin(), clause.values.end(),
                       [&](const std::string& wanted) { return text.find(wanted) != std::string::npos; });
  }
  const auto present = values_of(site, issue, clause.field);
  if (present.front().empty() && !is_among(clause.values, "")) return false;
  const bool holds = std::any_of(present.begin(), present.end(), [&](const std::string& value) {
    return (clause.current_user && value == to_lower(account)) ||
           std::find(clause.values.begin(), clause.values.end(), value) != clause.values.end();
  });
  return holds != contrary;
}

/// As Jira does it, NOT goes down to the clauses, so that `NOT labels = x` is `labels != x`.
bool holds(const Condition& condition, const Site& site, const Issue& issue, std::string_view account,
           bool negated = false) {
  const auto part_holds = [&](const auto& part) { return holds(*part, site, issue, account, negated); };
  switch (condition.kind) {
    case Condition::Kind::clause:
      return clause_holds(condition, site, issue, account, negated);
    case Condition::Kind::all:
    case Condition::Kind::any:
      return (condition.kind == Condition::Kind::all) != negated
                 ? std::all_of(condition.parts.begin(), condition.parts.end(), part_holds)
                 : std::any_of(condition.parts.begin(), condition.parts.end(), part_holds);
    case Condition::Kind::none:
      return holds(*condition.parts.front(), site, issue, account, !negated);
  }
  return false;
}

int compare(const Issue& a, const Issue& b, std::string_view field) {
  const auto sign = [](auto order) { return order < 0 ? -1 : order > 0 ? 1 : 0; };
  if (field == "created") return sign((a.created - b.created).count());
  if (field == "updated") return sign((a.updated - b.updated).count());
  if (field == "summary") return sign(to_lower(a.summary).compare(to_lower(b.summary)));
  if (field == "status") return sign(to_lower(a.status).compare(to_lower(b.status)));
  const int project = sign(a.project.compare(b.project));
  return project != 0 ? project : sign(issue_number(a.key) - issue_number(b.key));
}

}  // namespace

/// Recursive descent. The first error is kept; after it the query counts as read to its end.
class JqlParser {
 public:
  explicit JqlParser(std::string_view text) : text_(text) { advance(); }

  std::variant<Jql, JqlError> parse() {
    std::unique_ptr<Condition> condition;
    if (!at_end() && !at_word("order")) condition = any();
    std::vector<Jql::Order> order = order_by();
    if (!at_end()) fail("expected AND, OR or ORDER BY");
    if (error_) return *error_;
    return Jql(std::move(condition), std::move(order));
  }

 private:
  struct Token {
    enum class Kind : std::uint8_t { end, word, quoted, sign } kind = Kind::end;
    std::string text;
    std::size_t at = 0;
  };

  void fail(std::string_view expected) {
    if (!error_) {
      error_ = JqlError{"Error in the JQL query at character " + std::to_string(token_.at + 1) + ": " +
                        std::string(expected) + "."};
    }
    token_ = {};
  }

  bool at_end() const noexcept { return token_.kind == Token::Kind::end; }
  bool at_sign(std::string_view sign) const noexcept {
    return token_.kind == Token::Kind::sign && token_.text == sign;
  }
  bool at_word(std::string_view word) const {
    return token_.kind == Token::Kind::word && to_lower(token_.text) == word;
  }
  bool skip_sign(std::string_view sign) {
    if (!at_sign(sign)) return false;
    advance();
    return true;
  }
  bool skip_word(std::string_view word) {
    if (!at_word(word)) return false;
    advance();
    return true;
  }

  void advance() {
    if (error_) return;
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
    token_ = {Token::Kind::end, {}, at_};
    if (at_ == text_.size()) return;
    const char c = text_[at_];
    if (c == '"' || c == '\'') return read_quoted(c);
    if (std::string_view("()=,~!<>").find(c) != std::string_view::npos) return read_sign();
    const auto end = text_.find_first_of(" \t\r\n()=,~!<>\"'", at_);
    token_.kind = Token::Kind::word;
    token_.text = text_.substr(at_, end - at_);
    at_ += token_.text.size();
  }

  void read_sign() {
    const bool two = at_ + 1 < text_.size() &&
                     std::string_view("!<>").find(text_[at_]) != std::string_view::npos &&
                     (text_[at_ + 1] == '=' || text_[at_ + 1] == '~');
    token_.kind = Token::Kind::sign;
    token_.text = text_.substr(at_, two ? 2 : 1);
    at_ += token_.text.size();
  }

  void read_quoted(char quote) {
    token_.kind = Token::Kind::quoted;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      token_.text += text_[at_];
    }
    if (at_ == text_.size()) return fail("the quoted text does not end");
    ++at_;
  }

  /// One or more parts joined by a word.
  template <class Part>
  std::unique_ptr<Condition> joined(std::string_view word, Condition::Kind kind, Part part) {
    auto first = part();
    if (!at_word(word)) return first;
    auto group = std::make_unique<Condition>();
    group->kind = kind;
    group->parts.push_back(std::move(first));
    while (skip_word(word)) group->parts.push_back(part());
    return group;
  }

  std::unique_ptr<Condition> any() {
    return joined("or", Condition::Kind::any, [this] { return all(); });
  }
  std::unique_ptr<Condition> all() {
    return joined("and", Condition::Kind::all, [this] { return one(); });
  }

  std::unique_ptr<Condition> one() {
    auto made = std::make_unique<Condition>();
    if (++depth_ > kMaxDepth) fail("the query is nested too deep");
    if (skip_word("not")) {
      made->kind = Condition::Kind::none;
      made->parts.push_back(one());
    } else if (skip_sign("(")) {
      made = any();
      if (!skip_sign(")")) fail("expected )");
    } else {
      clause(*made);
    }
    --depth_;
    return made;
  }

  void clause(Condition& made) {
    if (token_.kind != Token::Kind::word && token_.kind != Token::Kind::quoted)
      return fail("expected the name of a field");
    made.field = to_lower(token_.text);
    const bool text = is_one_of(kTextFields, made.field);
    if (!text && !is_one_of(kValueFields, made.field)) {
      return fail(
          "the emulator does not know this field; it knows project, key, id, assignee, reporter, status, "
          "issuetype, labels, summary, description and text");
    }
    advance();
    comparison(made);
    if (!error_ && made.contains != text) {
      fail(text ? "the fields summary, description and text are searched with ~ and !~"
                : "this field is compared with =, !=, IN, NOT IN and IS");
    }
  }

  void comparison(Condition& made) {
    made.negated = at_sign("!=") || at_sign("!~");
    if (skip_sign("=") || skip_sign("!=")) return operand(made);
    if (skip_sign("~") || skip_sign("!~")) {
      made.contains = true;
      return searched_text(made);
    }
    if (skip_word("is")) {
      made.negated = skip_word("not");
      if (!skip_word("empty") && !skip_word("null")) return fail("expected EMPTY or NULL");
      made.values.emplace_back();
      return;
    }
    made.negated = skip_word("not");
    if (!skip_word("in"))
      return fail("expected =, !=, ~, !~, IN, NOT IN or IS; the emulator knows no others");
    if (!skip_sign("(")) return fail("expected (");
    do {
      operand(made);
    } while (skip_sign(","));
    if (!skip_sign(")")) fail("expected )");
  }

  /// Words, and phrases in quotes of their own. A word is found inside others, so that a `*` behind it says
  /// nothing more.
  void searched_text(Condition& made) {
    if (token_.kind != Token::Kind::word && token_.kind != Token::Kind::quoted)
      return fail("expected a text to search for");
    std::istringstream text(to_lower(token_.text));
    for (std::string part; text >> std::ws && !text.eof(); part.clear()) {
      if (text.peek() == '"') {
        text.get();
        if (!std::getline(text, part, '"') || text.eof()) return fail("the phrase in the text does not end");
      } else {
        text >> part;
        if (part.ends_with('*')) part.pop_back();
        if (part.find_first_of("*?~^") != std::string::npos)
          return fail("in a text the emulator knows words, \\\"phrases\\\" and * at the end of a word");
      }
      if (!part.empty()) made.values.push_back(part);
    }
    if (made.values.empty()) return fail("expected words to search for");
    advance();
    if (at_sign("(")) fail("a text is not searched for what a function gives");
  }

  void operand(Condition& made) {
    if (token_.kind == Token::Kind::quoted) {
      made.values.push_back(to_lower(token_.text));
      return advance();
    }
    if (token_.kind != Token::Kind::word) return fail("expected a value");
    const std::string word = to_lower(token_.text);
    advance();
    if (skip_sign("(")) {
      if (word != "currentuser" || !skip_sign(")"))
        return fail("the emulator knows no function but currentUser()");
      made.current_user = true;
    } else {
      made.values.push_back(word == "empty" || word == "null" ? "" : word);
    }
  }

  std::vector<Jql::Order> order_by() {
    std::vector<Jql::Order> order;
    if (!skip_word("order")) return order;
    if (!skip_word("by")) fail("expected BY");
    do {
      Jql::Order one{to_lower(token_.text)};
      if (!is_one_of(kOrderFields, one.field)) {
        fail("the emulator orders by key, created, updated, summary and status");
      }
      advance();
      one.descending = skip_word("desc");
      if (!one.descending) skip_word("asc");
      order.push_back(std::move(one));
    } while (skip_sign(","));
    return order;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  Token token_;
  std::optional<JqlError> error_;
};

Jql::Jql(std::unique_ptr<Condition> condition, std::vector<Order> order)
    : condition_(std::move(condition)), order_(std::move(order)) {}
Jql::Jql(Jql&&) noexcept = default;
Jql& Jql::operator=(Jql&&) noexcept = default;
Jql::~Jql() = default;

std::variant<Jql, JqlError> Jql::parse(std::string_view text) { return JqlParser(text).parse(); }

std::vector<const Issue*> Jql::run(const Site& site, std::string_view account) const {
  std::vector<const Issue*> found;
  for (const auto& issue : site.issues) {
    const bool fits = condition_ == nullptr || holds(*condition_, site, issue, account);
    if (fits && may_see(site, issue, account)) found.push_back(&issue);
  }
  std::stable_sort(found.begin(), found.end(), [&](const Issue* a, const Issue* b) {
    for (const auto& [field, descending] : order_) {
      const int order = compare(*a, *b, field);
      if (order != 0) return (order < 0) != descending;
    }
    return compare(*b, *a, "created") < 0 || (compare(*a, *b, "created") == 0 && compare(*a, *b, "key") < 0);
  });
  return found;
}

}  // namespace tongs::emulator
