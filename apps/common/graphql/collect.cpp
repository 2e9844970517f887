#include "common/graphql/collect.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace tongs::graphql {

namespace {

class Collector {
 public:
  Collector(const Document& document, const std::string& type, const DirectiveFilter& included)
      : document_(document), type_(type), included_(included) {}

  void add(const std::vector<Selection>& selections) {
    for (const auto& selection : selections) {
      std::visit([&](const auto& data) { add(data, selection.at); }, selection.data);
    }
  }

  std::vector<FieldGroup> take() { return std::move(groups_); }

 private:
  void add(const Field& field, Location at) {
    if (!included_(field.directives)) return;
    const auto [known, is_new] = index_.try_emplace(field.response_name(), groups_.size());
    if (is_new) groups_.push_back({field.response_name(), {}});
    groups_[known->second].nodes.push_back({&field, at});
  }

  void add(const FragmentSpread& spread, Location /*at*/) {
    if (!included_(spread.directives) || !visited_.insert(spread.name).second) return;
    const Fragment* fragment = find_fragment(document_, spread.name);
    if (fragment != nullptr && fragment->type_condition == type_ && included_(fragment->directives)) {
      add(fragment->selections);
    }
  }

  void add(const InlineFragment& fragment, Location /*at*/) {
    const bool applies = fragment.type_condition.empty() || fragment.type_condition == type_;
    if (applies && included_(fragment.directives)) add(fragment.selections);
  }

  const Document& document_;
  const std::string& type_;
  const DirectiveFilter& included_;
  std::set<std::string_view> visited_;
  std::map<std::string_view, std::size_t> index_;
  std::vector<FieldGroup> groups_;
};

}  // namespace

std::vector<const std::vector<Selection>*> FieldGroup::selections() const {
  std::vector<const std::vector<Selection>*> all;
  for (const auto& node : nodes) all.push_back(&node.field->selections);
  return all;
}

std::vector<FieldGroup> collect_fields(const Document& document, const std::string& type,
                                       const std::vector<const std::vector<Selection>*>& selections,
                                       const DirectiveFilter& included) {
  Collector collector(document, type, included);
  for (const auto* set : selections) collector.add(*set);
  return collector.take();
}

const Fragment* find_fragment(const Document& document, const std::string& name) noexcept {
  const auto found = std::find_if(document.fragments.begin(), document.fragments.end(),
                                  [&](const Fragment& fragment) { return fragment.name == name; });
  return found == document.fragments.end() ? nullptr : &*found;
}

}  // namespace tongs::graphql
