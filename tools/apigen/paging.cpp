#include "paging.hpp"

#include <algorithm>
#include <string_view>

namespace apigen {

namespace {

/// The parameters that say where to go on, and what follows from each. The first that an operation has
/// decides.
struct Scheme {
  std::string_view parameter;
  std::string_view beside;  ///< another parameter that must be there
  std::string_view kind;
  std::string_view sent_as;  ///< empty: what the kind uses by itself
};
constexpr Scheme kSchemes[] = {
    {"nextPageToken", "", "token", ""},      {"cursor", "", "cursor", ""},
    {"startAt", "", "offset", ""},           {"start", "limit", "offset", "start"},
    {"offset", "limit", "offset", "offset"},
};

const Member* member_of(const Schema* schema, std::string_view wire) {
  if (schema == nullptr) return nullptr;
  const auto found = std::find_if(schema->members.begin(), schema->members.end(),
                                  [&](const Member& member) { return member.wire == wire; });
  return found == schema->members.end() ? nullptr : &*found;
}

const Schema* schema_of(const Api& api, const Type& type) {
  return type.kind == Type::Kind::object ? &api.schemas.at(type.schema) : nullptr;
}

/// Where the list is in an answer, with the type of its items.
struct Found {
  std::string path;
  const Type* item = nullptr;
};

std::optional<Found> list_in(const Schema& answer) {
  for (const std::string_view usual : {"values", "results"}) {
    const Member* member = member_of(&answer, usual);
    if (member != nullptr && member->type.kind == Type::Kind::list) {
      return Found{member->wire, member->type.element.get()};
    }
  }
  std::optional<Found> only;
  for (const Member& member : answer.members) {
    if (member.type.kind != Type::Kind::list || member.type.element->kind != Type::Kind::object) continue;
    if (only) return std::nullopt;
    only = Found{member.wire, member.type.element.get()};
  }
  return only;
}

std::optional<Found> list_of(const Api& api, const Operation& operation) {
  if (operation.answer.kind != Answer::Kind::object) return std::nullopt;
  const Schema& answer = api.schemas.at(operation.answer.schema);
  if (auto near = list_in(answer)) return near;
  for (const Member& member : answer.members) {
    const Schema* inner = schema_of(api, member.type);
    if (inner == nullptr) continue;
    if (auto deep = list_in(*inner)) return Found{member.wire + "." + deep->path, deep->item};
  }
  return std::nullopt;
}

bool asks_in_query(const Operation& operation, std::string_view name) {
  return std::any_of(operation.parameters.begin(), operation.parameters.end(),
                     [&](const Parameter& parameter) {
                       return parameter.in == Parameter::In::query && parameter.wire == name;
                     });
}

bool asks_in_body(const Api& api, const Operation& operation, std::string_view name) {
  return operation.body.kind == Body::Kind::typed &&
         member_of(&api.schemas.at(operation.body.schema), name) != nullptr;
}

Paging made(const Scheme& scheme, bool in_body) {
  return {.kind = std::string(scheme.kind),
          .items = {},
          .parameter = std::string(scheme.sent_as),
          .in_body = in_body};
}

std::optional<Paging> by_parameters(const Api& api, const Operation& operation) {
  for (const Scheme& scheme : kSchemes) {
    const bool complete = scheme.beside.empty() || asks_in_query(operation, scheme.beside);
    if (complete && asks_in_query(operation, scheme.parameter)) return made(scheme, false);
    if (scheme.beside.empty() && asks_in_body(api, operation, scheme.parameter)) return made(scheme, true);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Paging> paging_of(const Api& api, const Operation& operation, const Hand& hand) {
  if (const auto by_hand = hand.paging.find(operation.id); by_hand != hand.paging.end())
    return by_hand->second;
  auto paging = by_parameters(api, operation);
  if (!paging) return std::nullopt;
  if (operation.answer.kind == Answer::Kind::list) {
    paging->item_schema = operation.answer.schema;
    return paging;
  }
  const auto list = list_of(api, operation);
  if (!list) return std::nullopt;
  paging->items = list->path;
  paging->item_schema = list->item->schema;
  const Schema& answer = api.schemas.at(operation.answer.schema);
  if (member_of(&answer, "nextPageCursor") != nullptr) {
    paging->kind = "token";
    paging->parameter = "cursor";
    paging->next = "nextPageCursor";
  }
  return paging;
}

}  // namespace apigen
