#pragma once
#include <map>
#include <string>
#include <string_view>

#include <tongs/json.hpp>

#include "model.hpp"

namespace apigen {

/// Finds out what the schemas of one catalog are, and collects the object types that it comes by.
class Types {
 public:
  /// Both must outlive it.
  Types(tongs::JsonView document, Api& api) noexcept : document_(document), api_(api) {}

  /// `where` names an object type that has no name of its own.
  Type of(tongs::JsonView schema, const std::string& where);
  /// Of `#/components/schemas/KEY`.
  Type of_reference(std::string_view reference);
  /// The value that a `$ref` means, and those behind it; anything else as it is.
  tongs::JsonView resolve(tongs::JsonView value) const;

 private:
  Type of_object(tongs::JsonView schema, const std::string& where);
  Type add_schema(std::string key, tongs::JsonView schema);
  void add_members(Schema& schema, tongs::JsonView from);

  tongs::JsonView document_;
  Api& api_;
  std::map<std::string, std::string> by_content_ = {};  ///< keys of types without a name, by their text
};

/// Everything that `type` leads to is marked as part of answers, or of bodies.
void mark(Api& api, const Type& type, bool Schema::* use);

/// Gives every type and member that is used its name in C++; `renamed` says those that are chosen by hand, by
/// key.
void name_schemas(Api& api, const std::map<std::string, std::string>& renamed);

}  // namespace apigen
