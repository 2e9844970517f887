#include <algorithm>
#include <utility>

#include <tongs/manifest/check.hpp>
#include <tongs/manifest/fix.hpp>

#include "manifest/content.hpp"
#include "manifest/source_text.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest {

namespace {

using yaml::Node;

constexpr std::size_t kMostFixes = 200;

/// Some bytes of a text, and what comes in their place.
struct Edit {
  std::size_t begin;
  std::size_t size;
  std::string text;
  Fix fix;
};

/// A word of YAML that is read as the text it is.
std::string as_scalar(std::string_view word) {
  const bool plain =
      std::any_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z'); }) &&
      word != "true" && word != "false" && word != "null" &&
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != 0 &&
      word.find_first_of(" #'\",[]{}&*!|>%@`") == std::string_view::npos;
  const bool upper = word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
  return plain || upper ? std::string(word) : "'" + std::string(word) + "'";
}

/// A text and the manifest in it.
class Draft {
 public:
  explicit Draft(std::string text)
      : text_(std::move(text)), manifest_(Manifest::parse(text_)), findings_(check(manifest_)) {}

  const std::string& text() const noexcept { return text_; }
  const Manifest& manifest() const noexcept { return manifest_; }
  const std::vector<Finding>& findings() const noexcept { return findings_; }

  /// Bytes from the front of the text, a byte order mark among them, to a place in it.
  std::size_t offset_of(const Position& at) const noexcept {
    std::size_t offset = text_.size() - without_bom(text_).size();
    LineCounter lines(without_bom(text_));
    const std::size_t start = offset;
    while (offset < text_.size() && lines.at(offset - start) < at) ++offset;
    return offset;
  }

  bool flow_style_at(const Position& at) const noexcept {
    const auto offset = offset_of(at);
    return offset < text_.size() && text_[offset] == '{';
  }

  Draft with(const Edit& edit) const {
    std::string text = text_;
    text.replace(edit.begin, edit.size, edit.text);
    return Draft(std::move(text));
  }

 private:
  std::string text_;
  Manifest manifest_;
  std::vector<Finding> findings_;
};

/// The scalar at a finding, replaced by the word that was meant. None if the text does not stand there as it
/// is read: escapes, folded lines, variables.
std::optional<Edit> respelling(const Draft& draft, const Finding& finding) {
  const Node node = draft.manifest().content().tree.node(finding.at.node);
  const std::string_view word = node.text();
  if (finding.meant.empty() || word.empty()) return std::nullopt;
  std::size_t begin = draft.offset_of(finding.at);
  const std::string_view rest = std::string_view(draft.text()).substr(begin);
  Fix fix{finding.rule->id, quoted(word) + " is now " + quoted(finding.meant), finding.at};
  if (rest.starts_with(word)) return Edit{begin, word.size(), as_scalar(finding.meant), std::move(fix)};
  const bool in_quotes = rest.size() > word.size() + 1 && (rest.front() == '\'' || rest.front() == '"') &&
                         rest.substr(1, word.size()) == word && rest[word.size() + 1] == rest.front();
  if (!in_quotes) return std::nullopt;
  return Edit{begin + 1, word.size(), finding.meant, std::move(fix)};
}

/// A new property of a map, on lines of its own before the property `next`, or beside it in flow style.
Edit insertion(const Draft& draft, Node map, const Position& next, const std::string& block,
               const std::string& flow, Fix fix) {
  const std::size_t begin = draft.offset_of(next);
  if (draft.flow_style_at(map.at())) return {begin, 0, flow + ", ", std::move(fix)};
  const std::string indent(next.column - 1, ' ');
  std::string text;
  for (std::size_t start = 0; start < block.size();) {
    const std::size_t end = block.find('\n', start);
    text += block.substr(start, end - start) + "\n" + indent;
    start = end + 1;
  }
  return {begin, 0, std::move(text), std::move(fix)};
}

std::vector<Edit> explanations(const Draft& draft, const FixOptions& options) {
  std::vector<Edit> edits;
  for (const Node remote : draft.manifest().content().tree.root()["remotes"].items()) {
    const Node operations = remote.key("operations");
    if (operations && !remote["storage"] && options.in_scope_eud) {
      const auto items = remote["operations"].items();
      if (std::none_of(items.begin(), items.end(), [](Node item) { return item.text() == "storage"; }))
        continue;
      const std::string value = *options.in_scope_eud ? "true" : "false";
      edits.push_back(
          insertion(draft, remote, operations.at(), "storage:\n  inScopeEUD: " + value + "\n",
                    "storage: {inScopeEUD: " + value + "}",
                    {"remote-storage-in-scope", "'inScopeEUD: " + value + "' is new", operations.at()}));
    }
    const Node next = remote.key("baseUrl") ? remote.key("baseUrl") : remote.key("key");
    if (!operations && next && !options.operations.empty()) {
      std::string block = "operations:\n";
      std::string flow;
      for (const Operation operation : options.operations) {
        block.append("  - ").append(to_string(operation)).append("\n");
        flow.append(flow.empty() ? "" : ", ").append(to_string(operation));
      }
      edits.push_back(insertion(draft, remote, next.at(), block, "operations: [" + flow + "]",
                                {"residency-no-operations", "'operations' is new", next.at()}));
    }
  }
  return edits;
}

std::vector<Edit> respellings(const Draft& draft) {
  std::vector<Edit> edits;
  for (const Finding& finding : draft.findings()) {
    if (auto edit = respelling(draft, finding)) edits.push_back(std::move(*edit));
  }
  return edits;
}

/// Makes the first of the edits that leaves a readable manifest of which `better` is true.
template <class Better>
bool improve(Draft& draft, std::vector<Edit> edits, std::vector<Fix>& fixes, Better better) {
  for (Edit& edit : edits) {
    Draft next = draft.with(edit);
    if (!next.manifest().readable() || !better(next)) continue;
    draft = std::move(next);
    fixes.push_back(std::move(edit.fix));
    return true;
  }
  return false;
}

}  // namespace

Fixed fix(std::string_view text, const FixOptions& options) {
  Draft draft{std::string(text)};
  std::vector<Fix> fixes;
  if (!draft.manifest().readable()) return {draft.text(), fixes};
  const auto fewer = [&](const Draft& next) { return next.findings().size() < draft.findings().size(); };
  const auto no_more = [&](const Draft& next) { return next.findings().size() <= draft.findings().size(); };
  while (fixes.size() < kMostFixes && improve(draft, respellings(draft), fixes, fewer)) {
  }
  while (fixes.size() < kMostFixes &&
         improve(draft, explanations(draft, options), fixes,
                 [&](const Draft& next) { return options.operations.empty() ? no_more(next) : true; })) {
  }
  return {draft.text(), std::move(fixes)};
}

}  // namespace tongs::manifest
