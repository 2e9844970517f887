#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <tongs/json.hpp>

namespace {

void demand(bool kept) {
  if (!kept) std::abort();
}

/// Reads everything there is to read.
std::size_t walk(tongs::JsonView view) {
  std::size_t values = 1;
  (void)view.string();
  (void)view.integer();
  (void)view.number();
  (void)view.boolean();
  std::size_t members = 0;
  for (auto item = view.begin(); item != view.end(); ++item, ++members) {
    if (view.kind() == tongs::JsonView::Kind::object) demand(view[item.key()].exists());
    values += walk(*item);
  }
  demand(members == view.size());
  return values;
}

}  // namespace

/// A text that was read writes itself as a text that is read the same; and quoting makes JSON of any bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  demand(tongs::JsonDocument::parse(tongs::json_quote(text)).has_value());
  const auto document = tongs::JsonDocument::parse(text, {.max_depth = 64});
  const auto strict = tongs::JsonDocument::parse(text, {.max_depth = 64, .unique_names = true});
  demand(document.has_value() || !strict.has_value());
  if (!document) return 0;
  walk(document->root());
  const std::string written = document->root().text();
  const auto again = tongs::JsonDocument::parse(written, {.max_depth = 64});
  demand(again.has_value() && again->root().text() == written);
  return 0;
}
