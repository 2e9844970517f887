#include "shared.hpp"

#include <algorithm>

namespace apigen {

namespace {

bool equal(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.schema != b.schema || a.values != b.values) return false;
  return (a.element == nullptr) == (b.element == nullptr) &&
         (a.element == nullptr || equal(*a.element, *b.element));
}

bool equal(const Member& a, const Member& b) {
  return a.wire == b.wire && a.read_only == b.read_only && a.write_only == b.write_only &&
         equal(a.type, b.type);
}

bool equal_by_itself(const Schema& a, const Schema& b) {
  return (!a.in_answers || b.in_answers) && (!a.in_bodies || b.in_bodies) &&
         std::equal(a.members.begin(), a.members.end(), b.members.begin(), b.members.end(),
                    [](const Member& one, const Member& two) { return equal(one, two); });
}

bool leads_to_shared(const Api& api, const Type& type) {
  if (type.element) return leads_to_shared(api, *type.element);
  return type.kind != Type::Kind::object || api.schemas.at(type.schema).shared;
}

}  // namespace

void share_types(Api& api, const Api& other) {
  for (auto& [key, schema] : api.schemas) {
    const auto same = other.schemas.find(key);
    schema.shared = same != other.schemas.end() && equal_by_itself(schema, same->second);
    if (schema.shared) schema.name = same->second.name;
  }
  for (bool changed = true; std::exchange(changed, false);) {
    for (auto& [key, schema] : api.schemas) {
      const bool stays = std::all_of(schema.members.begin(), schema.members.end(),
                                     [&](const Member& member) { return leads_to_shared(api, member.type); });
      if (!schema.shared || stays) continue;
      schema.shared = false;
      changed = true;
    }
  }
}

}  // namespace apigen
