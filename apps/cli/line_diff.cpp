#include "cli/line_diff.hpp"

#include <algorithm>
#include <cstddef>

namespace tongs::cli {

namespace {

constexpr std::size_t kAround = 3;
constexpr std::size_t kFarthest = 50;

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// A line without its end: the end of the last one may be missing.
std::string shown(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

/// Lines that differ: `removed` from `before` on, `added` from `after` on.
struct Change {
  std::size_t before;
  std::size_t removed;
  std::size_t after;
  std::size_t added;
};

/// How many lines to leave on each side until they are the same again.
std::pair<std::size_t, std::size_t> gap(const Lines& before, std::size_t i, const Lines& after,
                                        std::size_t j) {
  for (std::size_t lines = 1; lines <= 2 * kFarthest; ++lines) {
    for (std::size_t removed = 0; removed <= lines; ++removed) {
      const std::size_t added = lines - removed;
      if (i + removed < before.size() && j + added < after.size() && before[i + removed] == after[j + added])
        return {removed, added};
    }
  }
  return {before.size() - i, after.size() - j};
}

std::vector<Change> changes_between(const Lines& before, const Lines& after) {
  std::vector<Change> changes;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      ++i;
      ++j;
      continue;
    }
    const auto [removed, added] = gap(before, i, after, j);
    changes.push_back({i, removed, j, added});
    i += removed;
    j += added;
  }
  return changes;
}

std::string range(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first : first + 1) + "," + std::to_string(count);
}

}  // namespace

std::vector<DiffLine> line_diff(std::string_view before_text, std::string_view after_text) {
  const Lines before = lines_of(before_text);
  const Lines after = lines_of(after_text);
  const auto changes = changes_between(before, after);
  std::vector<DiffLine> out;
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;
    const auto end_of = [&](std::size_t i) { return changes[i].before + changes[i].removed; };
    while (last + 1 < changes.size() && changes[last + 1].before <= end_of(last) + 2 * kAround) ++last;
    const std::size_t lead = std::min(kAround, changes[first].before);
    const std::size_t tail = std::min(kAround, before.size() - end_of(last));
    const std::size_t begin = changes[first].before - lead;
    const std::size_t after_begin = changes[first].after - lead;
    const std::size_t after_end = changes[last].after + changes[last].added + tail;
    out.push_back({'@', "@ -" + range(begin, end_of(last) + tail - begin) + " +" +
                            range(after_begin, after_end - after_begin) + " @@"});
    std::size_t i = begin;
    for (std::size_t change = first; change <= last; ++change) {
      for (; i < changes[change].before; ++i) out.push_back({' ', shown(before[i])});
      for (; i < end_of(change); ++i) out.push_back({'-', shown(before[i])});
      for (std::size_t j = 0; j < changes[change].added; ++j)
        out.push_back({'+', shown(after[changes[change].after + j])});
    }
    for (; i < end_of(last) + tail; ++i) out.push_back({' ', shown(before[i])});
    first = last + 1;
  }
  return out;
}

}  // namespace tongs::cli
