#pragma once
#include <string>
#include <string_view>

#include <tongs/json.hpp>

namespace tongs::detail {

/// Writes one JSON object, member by member.
class JsonObject {
 public:
  /// `json` is a JSON text.
  JsonObject& add(std::string_view name, std::string_view json) {
    text_ += text_.empty() ? '{' : ',';
    text_.append(json_quote(name)).append(1, ':').append(json);
    return *this;
  }
  std::string text() const { return text_.empty() ? "{}" : text_ + '}'; }

 private:
  std::string text_;
};

/// A JSON array of what `to_json` makes of each value.
template <class Values, class ToJson>
std::string json_array(const Values& values, ToJson to_json) {
  std::string text = "[";
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    text += to_json(value);
  }
  return text + ']';
}

}  // namespace tongs::detail
