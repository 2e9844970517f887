#include <algorithm>

#include "manifest/content.hpp"
#include "manifest/source_text.hpp"

namespace tongs::manifest::detail {

namespace {

constexpr std::string_view kMark = "tongs-ignore";
constexpr std::string_view kBlank = " \t";
constexpr std::string_view kLineEnds = "\r\n";
constexpr std::size_t kMost = 1000;

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(kBlank) == std::string_view::npos;
}

/// Takes `# tongs-ignore RULE RULE, RULE` apart.
class Comments {
 public:
  explicit Comments(std::string_view text) : text_(text), lines_(text) {}

  std::vector<IgnoredRule> read() {
    for (auto mark = text_.find(kMark); mark != std::string_view::npos && found_.size() < kMost;
         mark = text_.find(kMark, mark + 1)) {
      read_at(mark);
    }
    return std::move(found_);
  }

 private:
  void read_at(std::size_t mark) {
    const auto before = text_.substr(0, mark);
    const auto end = before.find_last_of(kLineEnds);
    const auto line = before.substr(end == std::string_view::npos ? 0 : end + 1);
    const auto hash = line.rfind('#');
    if (hash == std::string_view::npos || !is_blank(line.substr(hash + 1))) return;
    if (hash > 0 && kBlank.find(line[hash - 1]) == std::string_view::npos) return;
    const std::uint32_t skipped = is_blank(line.substr(0, hash)) ? 1 : 0;
    std::size_t at = mark + kMark.size();
    if (at < text_.size() && kBlank.find(text_[at]) == std::string_view::npos) return;
    const auto stop = std::min(text_.find_first_of(kLineEnds, at), text_.size());
    while ((at = std::min(text_.find_first_not_of(" \t,", at), stop)) < stop) {
      const auto word_end = std::min(text_.find_first_of(" \t,", at), stop);
      const Position place = lines_.at(at);
      found_.push_back({std::string(text_.substr(at, word_end - at)), place, place.line + skipped});
      at = word_end;
    }
  }

  std::string_view text_;
  LineCounter lines_;
  std::vector<IgnoredRule> found_;
};

}  // namespace

std::vector<IgnoredRule> ignored_rules_in(std::string_view text) {
  return Comments(without_bom(text)).read();
}

}  // namespace tongs::manifest::detail
