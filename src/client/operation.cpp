#include <algorithm>

#include <tongs/operation.hpp>

namespace tongs {

namespace {

/// Takes what stands in front of the next `separator` off `text`.
std::string_view take(std::string_view& text, char separator) noexcept {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool has(std::string_view flags, char flag) noexcept { return flags.find(flag) != std::string_view::npos; }

OperationParameter parameter_of(std::string_view text) {
  using In = OperationParameter::In;
  using Type = OperationParameter::Type;
  std::string_view values = text;
  std::string_view head = take(values, '|');
  const std::string_view flags = take(head, ' ');
  OperationParameter made;
  made.name = head;
  made.in = flags[0] == 'p' ? In::path : flags[0] == 'q' ? In::query : In::header;
  made.type = flags[1] == 'i'   ? Type::integer
              : flags[1] == 'n' ? Type::number
              : flags[1] == 'b' ? Type::boolean
                                : Type::string;
  made.required = has(flags, '!');
  made.list = has(flags, '*');
  made.joined = has(flags, ',');
  made.pairs = has(flags, '&');
  while (!values.empty()) made.values.push_back(take(values, '|'));
  return made;
}

void read_body(Operation& operation, std::string_view text) {
  const std::string_view kind = take(text, ' ');
  operation.body_required = kind.ends_with('!');
  operation.body = kind.starts_with("json")    ? BodyKind::json
                   : kind.starts_with("patch") ? BodyKind::json_patch
                   : kind.starts_with("files") ? BodyKind::files
                   : kind.starts_with("bytes") ? BodyKind::bytes
                                               : BodyKind::none;
  while (!text.empty()) operation.body_fields.push_back(take(text, ' '));
}

std::optional<Paging> paging_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::string_view kind = take(text, ' ');
  Paging made;
  made.kind = kind == "offset"  ? PageKind::offset
              : kind == "token" ? PageKind::token
              : kind == "link"  ? PageKind::link
                                : PageKind::cursor;
  made.items = take(text, ' ');
  made.parameter = take(text, ' ');
  made.next = take(text, ' ');
  made.in_body = has(text, 'b');
  made.max_pages = has(text, '1') ? 1 : 0;
  return made;
}

ScopeAlternatives scopes_of(std::string_view text) {
  ScopeAlternatives all;
  while (!text.empty()) {
    std::string_view alternative = take(text, '|');
    auto& scopes = all.emplace_back();
    while (!alternative.empty()) scopes.push_back(take(alternative, ' '));
  }
  return all;
}

/// tools/apigen writes the rows, in this order.
Operation operation_of(Product product, std::string_view row) {
  Operation made;
  made.product = product;
  made.name = take(row, '\t');
  made.id = take(row, '\t');
  made.method = take(row, '\t');
  made.path = take(row, '\t');
  made.tag = take(row, '\t');
  const std::string_view flags = take(row, '\t');
  made.deprecated = has(flags, 'd');
  made.experimental = has(flags, 'x');
  made.idempotent = has(flags, 'i');
  made.downloads = has(flags, 'b');
  std::string_view parameters = take(row, '\t');
  while (!parameters.empty()) made.parameters.push_back(parameter_of(take(parameters, ';')));
  std::string_view headers = take(row, '\t');
  while (!headers.empty()) {
    std::string_view value = take(headers, ';');
    const std::string_view name = take(value, '=');
    made.headers.emplace_back(name, value);
  }
  read_body(made, take(row, '\t'));
  made.paging = paging_of(take(row, '\t'));
  made.classic_scopes = scopes_of(take(row, '\t'));
  made.granular_scopes = scopes_of(row);
  return made;
}

}  // namespace

Operation OperationTable::operator[](std::size_t index) const { return operation_of(product_, rows_[index]); }

std::string_view OperationTable::name(std::size_t index) const noexcept {
  std::string_view row = rows_[index];
  return take(row, '\t');
}

std::optional<Operation> OperationTable::find(std::string_view name_or_id) const {
  const auto row = std::find_if(rows_.begin(), rows_.end(), [&](std::string_view text) {
    return take(text, '\t') == name_or_id || take(text, '\t') == name_or_id;
  });
  return row == rows_.end() ? std::nullopt : std::optional(operation_of(product_, *row));
}

}  // namespace tongs
