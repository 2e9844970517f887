#include <algorithm>

#include "manifest/yaml_scalar.hpp"
#include "manifest/yaml_tree.hpp"

namespace tongs::manifest::yaml {

namespace {

/// A key as a step of a JSON Pointer (RFC 6901 3).
std::string pointer_step(std::string_view key) {
  constexpr std::size_t longest = 255;
  std::string step;
  for (const char c : key.substr(0, longest)) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

}  // namespace

Kind Node::kind() const noexcept { return tree_ == nullptr ? Kind::missing : tree_->resolved(index_).kind; }

Position Node::at() const noexcept {
  if (tree_ == nullptr) return {};
  const auto& own = tree_->record(index_);
  return {own.line, own.column, index_};
}

std::string_view Node::text() const noexcept {
  if (kind() == Kind::missing || is_sequence() || is_mapping()) return {};
  const auto& scalar = tree_->resolved(index_);
  return std::string_view(tree_->text_).substr(scalar.begin, scalar.size);
}

std::optional<bool> Node::boolean() const noexcept {
  if (kind() != Kind::boolean) return std::nullopt;
  return says_true(text());
}

std::size_t Node::size() const noexcept {
  if (is_sequence()) return tree_->resolved(index_).size;
  return is_mapping() ? tree_->resolved(index_).size / 2 : 0;
}

Range<Node> Node::items() const noexcept {
  if (!is_sequence()) return {nullptr, 0, 0};
  const auto& own = tree_->resolved(index_);
  return {tree_, own.begin, own.begin + own.size};
}

Range<Entry> Node::entries() const noexcept {
  if (!is_mapping()) return {nullptr, 0, 0};
  const auto& own = tree_->resolved(index_);
  return {tree_, own.begin, own.begin + own.size};
}

Node Node::operator[](std::string_view name) const noexcept {
  for (const auto [key, value] : entries()) {
    if (key.is_string() && key.text() == name) return value;
  }
  return {};
}

Node Node::key(std::string_view name) const noexcept {
  for (const auto [key, value] : entries()) {
    if (key.is_string() && key.text() == name) return key;
  }
  return {};
}

Node Tree::root() const noexcept { return root_ == 0 ? Node() : Node(this, root_); }

std::string Tree::path(std::uint32_t node) const {
  if (node >= records_.size()) return {};
  std::string out;
  for (std::uint32_t child = node; child != 0 && child != root_; child = records_[child].parent) {
    const Record& parent = records_[records_[child].parent];
    const std::uint32_t place = records_[child].place;
    const bool in_list = parent.kind == Kind::sequence;
    const Node key = in_list ? Node() : Node(this, links_[parent.begin + place / 2 * 2]);
    out.insert(0, "/" + (in_list ? std::to_string(place) : pointer_step(key.text())));
  }
  return out;
}

Node Tree::node(std::uint32_t number) const noexcept {
  return number < records_.size() ? Node(this, number) : Node();
}

std::string Tree::key_around(std::uint32_t node) const {
  constexpr std::uint32_t most_links = 128;  // of maps with more properties, the first 64 are looked at
  if (node >= records_.size()) return {};
  for (std::uint32_t around = node; around != 0; around = records_[around].parent) {
    const Record& map = resolved(around);
    if (map.kind != Kind::mapping) continue;
    const std::uint32_t end = map.begin + std::min(map.size, most_links);
    for (std::uint32_t link = map.begin; link < end; link += 2) {
      const Node value(this, links_[link + 1]);
      if (value.is_string() && Node(this, links_[link]).text() == "key") return std::string(value.text());
    }
  }
  return {};
}

void Tree::rewrite_strings(
    const std::function<std::optional<std::string>(std::string_view, const Position&)>& change) {
  for (std::uint32_t i = 1; i < records_.size(); ++i) {
    Record& record = records_[i];
    if (record.kind != Kind::string || record.is_key || record.target != i) continue;
    const auto content = std::string_view(text_).substr(record.begin, record.size);
    const auto other = change(content, {record.line, record.column, i});
    if (!other) continue;
    record.begin = static_cast<std::uint32_t>(text_.size());
    record.size = static_cast<std::uint32_t>(other->size());
    text_ += *other;
  }
}

}  // namespace tongs::manifest::yaml
