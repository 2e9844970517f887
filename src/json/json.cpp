#include <algorithm>
#include <vector>

#include <simdjson.h>

#include <tongs/json.hpp>

namespace tongs {

namespace dom = simdjson::dom;

struct JsonDocument::Impl {
  dom::document document;
};

namespace {

/// A view is the address of a simdjson document and an index into its tape, which is exactly what a
/// dom::element is made of; the tape's layout is documented (simdjson doc/tape.md) and read here so that no
/// header of ours names it.
const dom::document& document_of(const void* pointer) noexcept {
  return *static_cast<const dom::document*>(pointer);
}

std::uint64_t word(const void* document, std::size_t index) noexcept {
  return document_of(document).tape[index];
}
char type_at(const void* document, std::size_t index) noexcept {
  return static_cast<char>(word(document, index) >> 56);
}
std::uint64_t payload_at(const void* document, std::size_t index) noexcept {
  return word(document, index) & 0x00ff'ffff'ffff'ffffULL;
}

/// Words of the tape that one scalar or one bracket takes.
std::size_t words_at(const void* document, std::size_t index) noexcept {
  const char type = type_at(document, index);
  return type == 'l' || type == 'u' || type == 'd' ? 2 : 1;
}

/// Where the value that begins at `index` has ended.
std::size_t after(const void* document, std::size_t index) noexcept {
  const char type = type_at(document, index);
  if (type != '{' && type != '[') return index + words_at(document, index);
  return static_cast<std::size_t>(payload_at(document, index) & 0xffff'ffffULL);
}

std::string_view string_at(const void* document, std::size_t index) noexcept {
  const std::uint8_t* start = document_of(document).string_buf.get() + payload_at(document, index);
  std::uint32_t length = 0;
  std::copy_n(start, sizeof length, reinterpret_cast<std::uint8_t*>(&length));
  return {reinterpret_cast<const char*>(start + sizeof length), length};
}

bool names_are_unique(const void* document, std::size_t end) {
  std::vector<std::string_view> names;
  names.reserve(16);
  for (std::size_t index = 1; index < end; index += words_at(document, index)) {
    if (type_at(document, index) != '{') continue;
    names.clear();
    const std::size_t last = after(document, index) - 1;
    for (std::size_t name = index + 1; name < last; name = after(document, name + 1)) {
      names.push_back(string_at(document, name));
    }
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end()) return false;
  }
  return true;
}

Error explain(simdjson::error_code code) {
  switch (code) {
    case simdjson::DEPTH_ERROR:
      return {Errc::malformed_response, "the JSON text is nested too deep"};
    case simdjson::UTF8_ERROR:
      return {Errc::malformed_response, "the JSON text is not UTF-8"};
    case simdjson::EMPTY:
      return {Errc::malformed_response, "the JSON text is empty"};
    case simdjson::MEMALLOC:
      return {Errc::internal, "not enough memory for a JSON text"};
    case simdjson::NUMBER_ERROR:
      return {Errc::malformed_response, "the JSON text has a number that is none"};
    default:
      return {Errc::malformed_response, "the text is not JSON"};
  }
}

}  // namespace

JsonDocument::JsonDocument(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) return Error(Errc::malformed_response, "the JSON text is too large");
  thread_local dom::parser parser;
  if (parser.max_depth() != limits.max_depth || parser.capacity() < text.size()) {
    if (const auto failed = parser.allocate(std::max<std::size_t>(text.size(), 1), limits.max_depth)) {
      return explain(failed);
    }
  }
  auto impl = std::make_unique<Impl>();
  if (const auto failed = parser.parse_into_document(impl->document, text.data(), text.size()).error()) {
    return explain(failed);
  }
  if (parser.capacity() > 1024 * 1024)
    parser = dom::parser();  // one large answer must not pin its size for good
  if (limits.unique_names && !names_are_unique(&impl->document, after(&impl->document, 1))) {
    return Error(Errc::malformed_response, "an object of the JSON text has one name twice");
  }
  return JsonDocument(std::move(impl));
}

JsonView JsonDocument::root() const noexcept { return {&impl_->document, 1}; }

JsonView::Kind JsonView::kind() const noexcept {
  if (document_ == nullptr) return Kind::missing;
  switch (type_at(document_, index_)) {
    case '{':
      return Kind::object;
    case '[':
      return Kind::array;
    case '"':
      return Kind::string;
    case 'l':
    case 'u':
      return Kind::integer;
    case 'd':
      return Kind::real;
    case 't':
    case 'f':
      return Kind::boolean;
    default:
      return Kind::null;
  }
}

JsonView JsonView::operator[](std::string_view name) const noexcept {
  if (kind() != Kind::object) return {};
  const Iterator last = end();
  for (Iterator member = begin(); member != last; ++member) {
    if (member.key() == name) return *member;
  }
  return {};
}

std::optional<std::string_view> JsonView::string() const noexcept {
  if (kind() != Kind::string) return std::nullopt;
  return string_at(document_, index_);
}

std::optional<std::int64_t> JsonView::integer() const noexcept {
  if (document_ == nullptr || type_at(document_, index_) != 'l') return std::nullopt;
  return static_cast<std::int64_t>(word(document_, index_ + 1));
}

std::optional<double> JsonView::number() const noexcept {
  if (document_ == nullptr) return std::nullopt;
  const std::uint64_t bits = type_at(document_, index_) == 'n' ? 0 : word(document_, index_ + 1);
  switch (type_at(document_, index_)) {
    case 'l':
      return static_cast<double>(static_cast<std::int64_t>(bits));
    case 'u':
      return static_cast<double>(bits);
    case 'd':
      return std::bit_cast<double>(bits);
    default:
      return std::nullopt;
  }
}

std::optional<bool> JsonView::boolean() const noexcept {
  if (kind() != Kind::boolean) return std::nullopt;
  return type_at(document_, index_) == 't';
}

std::size_t JsonView::size() const noexcept {
  return static_cast<std::size_t>(std::distance(begin(), end()));
}

std::string JsonView::text() const {
  std::string out;
  switch (kind()) {
    case Kind::missing:
      break;
    case Kind::null:
      out = "null";
      break;
    case Kind::boolean:
      out = *boolean() ? "true" : "false";
      break;
    case Kind::integer:
      out = type_at(document_, index_) == 'l' ? std::to_string(*integer())
                                              : std::to_string(word(document_, index_ + 1));
      break;
    case Kind::real: {
      std::array<char, 32> digits{};
      out.assign(digits.data(),
                 simdjson::internal::to_chars(digits.data(), digits.data() + digits.size(), *number()));
      break;
    }
    case Kind::string:
      out = json_quote(*string());
      break;
    case Kind::array:
    case Kind::object: {
      const bool named = kind() == Kind::object;
      out = named ? "{" : "[";
      for (auto item = begin(); item != end(); ++item) {
        if (out.size() > 1) out += ',';
        if (named) out += json_quote(item.key()) += ':';
        out += (*item).text();
      }
      out += named ? '}' : ']';
      break;
    }
  }
  return out;
}

JsonView::Iterator JsonView::begin() const noexcept {
  const Kind here = kind();
  if (here != Kind::array && here != Kind::object) return {};
  return {document_, index_ + 1, here == Kind::object};
}

JsonView::Iterator JsonView::end() const noexcept {
  const Kind here = kind();
  if (here != Kind::array && here != Kind::object) return {};
  return {document_, after(document_, index_) - 1, here == Kind::object};
}

JsonView JsonView::Iterator::operator*() const noexcept { return {document_, object_ ? index_ + 1 : index_}; }

std::string_view JsonView::Iterator::key() const noexcept {
  return object_ ? string_at(document_, index_) : std::string_view{};
}

JsonView::Iterator& JsonView::Iterator::operator++() noexcept {
  index_ = after(document_, object_ ? index_ + 1 : index_);
  return *this;
}

}  // namespace tongs
