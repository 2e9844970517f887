#pragma once
#include <functional>
#include <string>
#include <vector>

#include "common/graphql/ast.hpp"

namespace tongs::graphql {

/// Everything that one response name asks for on one level: the spec merges fields of one response name.
struct FieldGroup {
  std::string response_name;
  struct Node {
    const Field* field;
    Location at;
  };
  std::vector<Node> nodes;

  /// The selection sets of all nodes: what the next level is collected from.
  std::vector<const std::vector<Selection>*> selections() const;
};

/// Decides whether a selection with these directives is looked at.
using DirectiveFilter = std::function<bool(const std::vector<Directive>&)>;

/// The fields of one level in the order of the document, fragments dissolved (CollectFields, spec 6.3.2).
/// A fragment whose type condition is neither empty nor `type` is passed over. Borrows from the document.
std::vector<FieldGroup> collect_fields(const Document& document, const std::string& type,
                                       const std::vector<const std::vector<Selection>*>& selections,
                                       const DirectiveFilter& included);

const Fragment* find_fragment(const Document& document, const std::string& name) noexcept;

}  // namespace tongs::graphql
