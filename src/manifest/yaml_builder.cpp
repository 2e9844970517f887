#include "manifest/yaml_builder.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "manifest/words.hpp"

namespace tongs::manifest::yaml {

namespace {

constexpr std::uint64_t kMostText = 4 * Manifest::kMaxBytes;

}  // namespace

TreeBuilder::TreeBuilder() {
  tree_.records_.emplace_back();
  costs_.emplace_back();
}

bool TreeBuilder::open(Kind kind, const Position& at, std::string_view anchor) {
  if (!add(kind, at, anchor, false)) return false;
  const auto node = static_cast<std::uint32_t>(tree_.records_.size() - 1);
  costs_.back().open = true;
  frames_.push_back({node, pending_.size()});
  if (frames_.size() <= Manifest::kMaxDepth) return true;
  problem(Problem::Kind::limits, at, "more than 64 levels of nesting: a manifest needs far fewer");
  return false;
}

void TreeBuilder::close() {
  const Frame frame = frames_.back();
  frames_.pop_back();
  auto& collection = tree_.records_[frame.node];
  collection.begin = static_cast<std::uint32_t>(tree_.links_.size());
  collection.size = static_cast<std::uint32_t>(pending_.size() - frame.first_pending);

  Cost& cost = costs_[frame.node];
  cost.open = false;
  const auto first = pending_.begin() + static_cast<std::ptrdiff_t>(frame.first_pending);
  for (auto child = first; child != pending_.end(); ++child) {
    cost.nodes += costs_[*child].nodes;
    cost.bytes += costs_[*child].bytes;
    cost.levels = std::max(cost.levels, costs_[*child].levels + 1);
  }
  tree_.links_.insert(tree_.links_.end(), first, pending_.end());
  pending_.erase(first, pending_.end());
  if (collection.kind == Kind::mapping) find_duplicate_keys(frame);
}

bool TreeBuilder::scalar(Kind kind, const Position& at, std::string_view text, std::string_view anchor,
                         bool left_out) {
  if (!add(kind, at, anchor, left_out)) return false;
  auto& record = tree_.records_.back();
  record.begin = static_cast<std::uint32_t>(tree_.text_.size());
  record.size = static_cast<std::uint32_t>(text.size());
  tree_.text_ += text;
  costs_.back().bytes = text.size();
  bytes_ += text.size();
  return true;
}

bool TreeBuilder::alias(const Position& at, std::string_view name) {
  const auto anchor = anchors_.find(std::string(name));
  if (anchor == anchors_.end() || costs_[anchor->second].open) {
    problem(Problem::Kind::unresolved_alias, at,
            anchor == anchors_.end()
                ? "no anchor '&" + std::string(name) + "' stands before this alias"
                : "the alias '*" + std::string(name) + "' stands inside the node that it means");
    return scalar(Kind::null, at, {}, {}, false);
  }
  const Cost cost = costs_[anchor->second];
  if (!add(tree_.records_[anchor->second].kind, at, {}, false)) return false;
  tree_.records_.back().target = anchor->second;
  costs_.back() = cost;
  return afford(cost, at);
}

bool TreeBuilder::afford(const Cost& cost, const Position& at) {
  nodes_ += cost.nodes;
  bytes_ += cost.bytes;
  if (bytes_ > kMostText) {
    problem(Problem::Kind::limits, at, "more than 4 MiB of text with the aliases followed");
    return false;
  }
  if (nodes_ > Manifest::kMaxNodes) {
    problem(Problem::Kind::limits, at, "more than 200000 nodes with the aliases followed");
    return false;
  }
  if (frames_.size() + cost.levels > Manifest::kMaxDepth) {
    problem(Problem::Kind::limits, at, "more than 64 levels of nesting with this alias followed");
    return false;
  }
  return true;
}

bool TreeBuilder::add(Kind kind, Position at, std::string_view anchor, bool left_out) {
  const auto index = static_cast<std::uint32_t>(tree_.records_.size());
  Tree::Record record;
  record.kind = kind;
  record.target = index;
  if (frames_.empty()) {
    tree_.root_ = index;
  } else {
    const Frame& frame = frames_.back();
    const bool in_mapping = tree_.records_[frame.node].kind == Kind::mapping;
    const bool is_value = in_mapping && (pending_.size() - frame.first_pending) % 2 == 1;
    record.parent = frame.node;
    record.place = static_cast<std::uint32_t>(pending_.size() - frame.first_pending);
    record.is_key = in_mapping && !is_value;
    if (left_out && is_value) {
      const auto& key = tree_.records_[pending_.back()];
      at = {key.line, key.column, 0};
    }
    pending_.push_back(index);
  }
  record.line = at.line;
  record.column = at.column;
  tree_.records_.push_back(record);
  costs_.emplace_back();
  if (!anchor.empty()) anchors_.insert_or_assign(std::string(anchor), index);
  return afford(Cost{}, at);
}

void TreeBuilder::find_duplicate_keys(const Frame& frame) {
  struct Key {
    std::string_view text;
    Kind kind;
    std::uint32_t node;
  };
  const auto& mapping = tree_.records_[frame.node];
  std::vector<Key> keys;
  keys.reserve(mapping.size / 2);
  for (std::uint32_t link = mapping.begin; link < mapping.begin + mapping.size; link += 2) {
    const std::uint32_t node = tree_.links_[link];
    const auto& key = tree_.resolved(node);
    if (key.kind == Kind::sequence || key.kind == Kind::mapping) continue;
    keys.push_back({std::string_view(tree_.text_).substr(key.begin, key.size), key.kind, node});
  }
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return std::tie(a.text, a.kind, a.node) < std::tie(b.text, b.kind, b.node);
  });
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].text != keys[i - 1].text || keys[i].kind != keys[i - 1].kind) continue;
    const auto& again = tree_.records_[keys[i].node];
    const auto& before = tree_.records_[keys[i - 1].node];
    problem(Problem::Kind::duplicate_key, {again.line, again.column, keys[i].node},
            "the key " + quoted(keys[i].text) + " stands in this map already, at line " +
                std::to_string(before.line) + ", column " + std::to_string(before.column));
  }
}

void TreeBuilder::problem(Problem::Kind kind, const Position& at, std::string message) {
  tree_.problems_.push_back({kind, at, std::move(message)});
}

Tree TreeBuilder::finish(bool usable) {
  if (!usable) {
    auto problems = std::move(tree_.problems_);
    tree_ = Tree();
    tree_.records_.emplace_back();
    tree_.problems_ = std::move(problems);
  }
  std::stable_sort(tree_.problems_.begin(), tree_.problems_.end(),
                   [](const Problem& a, const Problem& b) { return a.at < b.at; });
  return std::move(tree_);
}

}  // namespace tongs::manifest::yaml
