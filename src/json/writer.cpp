#include "json/writer.hpp"

#include <tongs/json.hpp>

namespace tongs {

JsonWriter& JsonWriter::name(std::string_view name) {
  separate();
  out_ += json_quote(name);
  out_ += ':';
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) { return raw(json_quote(text)); }

JsonWriter& JsonWriter::integer(std::int64_t number) { return raw(std::to_string(number)); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  return *this;
}

void JsonWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

}  // namespace tongs
