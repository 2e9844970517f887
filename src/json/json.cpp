#include <algorithm>
#include <bitset>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include <simdjson.h>

#include <tongs/json.hpp>
#include <tongs/secret.hpp>

#include "base/wipe.hpp"
#include "json/number_tokens.hpp"

namespace tongs {

namespace dom = simdjson::dom;

namespace {

struct Content {
  dom::document document;
  /// How the numbers are written that 64 bits do not hold, by their index on the tape. There, each is the
  /// double next to it, or NaN if there is none.
  std::map<std::size_t, std::string> large_numbers;
  std::size_t text_bytes = 0;

  Content() = default;
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;
  ~Content() { wipe(); }

  /// The text may have been the answer of a token endpoint: leaves nothing of it.
  void wipe() noexcept {
    // Beside its bytes a string takes five here, and two quotes and a comma in the text.
    if (document.string_buf) detail::wipe(document.string_buf.get(), 5 * text_bytes / 3);
    large_numbers.clear();
    text_bytes = 0;
  }
};

/// A tape has a word for each byte of the text: to allocate it costs as much as to parse a small text.
constexpr std::size_t kWorthKeeping = std::size_t{16} * 1024;

/// A document may outlive what its thread kept.
thread_local bool keeps_nothing_more = false;

}  // namespace

struct JsonDocument::Impl {
  Content content;

  /// In the memory of the last small document that ended in this thread, if there was one.
  static std::unique_ptr<Impl> make();
  /// Its document has ended.
  static void recycle(std::unique_ptr<Impl> impl) noexcept;

 private:
  struct Spare;
};

namespace {

/// A view is the address of a document's content and an index into simdjson's tape, which is exactly what a
/// dom::element is made of; the tape's layout is documented (simdjson doc/tape.md) and read here so that no
/// header of ours names it.
const Content& content_of(const void* pointer) noexcept { return *static_cast<const Content*>(pointer); }

std::uint64_t word(const void* document, std::size_t index) noexcept {
  return content_of(document).document.tape[index];
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
  const std::uint8_t* start = content_of(document).document.string_buf.get() + payload_at(document, index);
  std::uint32_t length = 0;
  std::copy_n(start, sizeof length, reinterpret_cast<std::uint8_t*>(&length));
  return {reinterpret_cast<const char*>(start + sizeof length), length};
}

constexpr std::size_t kRoughHashes = 1024;

/// Cheap, and other for most names that an object has.
std::size_t rough_hash(std::string_view name) noexcept {
  const auto at = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(name[i])}; };
  if (name.empty()) return 0;
  return (name.size() + at(0) * 7 + at(name.size() / 2) * 17 + at(name.size() - 1) * 31) % kRoughHashes;
}

bool sorted_names_differ(const void* document, std::size_t object) {
  std::vector<std::string_view> names;
  const std::size_t last = after(document, object) - 1;
  for (std::size_t name = object + 1; name < last; name = after(document, name + 1)) {
    names.push_back(string_at(document, name));
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

bool names_differ(const void* document, std::size_t object) {
  std::bitset<kRoughHashes> taken;
  const std::size_t last = after(document, object) - 1;
  for (std::size_t name = object + 1; name < last; name = after(document, name + 1)) {
    const std::size_t hash = rough_hash(string_at(document, name));
    if (taken[hash]) return sorted_names_differ(document, object);
    taken[hash] = true;
  }
  return true;
}

bool names_are_unique(const void* document, std::size_t end) {
  for (std::size_t index = 1; index < end; index += words_at(document, index)) {
    if (type_at(document, index) == '{' && !names_differ(document, index)) return false;
  }
  return true;
}

bool is_number_at(const void* document, std::size_t index) noexcept {
  return words_at(document, index) == 2;  // nothing else takes two words
}

/// Precondition: behind `text` there is room for simdjson's padding.
simdjson::error_code parse_in_place(dom::parser& parser, const std::string& text, Content& content) {
  constexpr bool copy_first = false;
  return parser.parse_into_document(content.document, text.data(), text.size(), copy_first).error();
}

/// Is this a number that JSON allows and simdjson does not?
bool is_large(dom::parser& parser, std::string_view token) {
  constexpr std::size_t fits = 18;  // so many characters without an exponent always fit
  if (token.size() <= fits && token.find_first_of("eE") == std::string_view::npos) return false;
  return is_json_number(token) && parser.parse(std::string(token)).error() == simdjson::NUMBER_ERROR;
}

/// The double next to a number that simdjson refuses; NaN: there is none.
double nearest(dom::parser& parser, std::string_view number) {
  double value = std::numeric_limits<double>::quiet_NaN();
  const bool whole = number.find_first_of(".eE") == std::string_view::npos;
  if (whole && parser.parse(std::string(number) + ".0").get(value)) {
    value = std::numeric_limits<double>::quiet_NaN();
  }
  return value;
}

/// Parses a text in which simdjson met a number that it refuses. JSON sets numbers no limit (RFC 8259 6), and
/// one that nobody reads must not make the text unreadable: those that 64 bits do not hold are taken out, and
/// put back as they are written. `rest`: a copy of the text with room behind it, from which they are taken.
simdjson::error_code parse_with_large_numbers(dom::parser& parser, std::string_view text, std::string& rest,
                                              Content& content) {
  std::map<std::size_t, std::string_view> large;  // by the count of numbers before them
  dom::parser judge;
  NumberTokens numbers(text);
  std::size_t count = 0;
  for (auto number = numbers.next(); !number.empty(); number = numbers.next(), ++count) {
    if (!is_large(judge, number)) continue;
    large.emplace(count, number);
    const auto begin = static_cast<std::size_t>(number.data() - text.data());
    rest.replace(begin, number.size(), number.size(), ' ').replace(begin, 1, "0");
  }
  if (large.empty()) return simdjson::NUMBER_ERROR;
  const auto failed = parse_in_place(parser, rest, content);
  if (failed) return failed;

  auto next = large.begin();
  std::size_t index = 1;
  for (count = 0; next != large.end(); index += words_at(&content, index)) {
    if (!is_number_at(&content, index) || count++ != next->first) continue;
    content.document.tape[index] = std::uint64_t{'d'} << 56;
    content.document.tape[index + 1] = std::bit_cast<std::uint64_t>(nearest(judge, next->second));
    content.large_numbers.emplace(index, next->second);
    ++next;
  }
  return simdjson::SUCCESS;
}

/// What a thread keeps between two texts.
class Reader {
 public:
  simdjson::error_code read(std::string_view text, std::size_t max_depth, Content& content) {
    if (parser_.max_depth() != max_depth || parser_.capacity() < text.size()) {
      const auto failed = parser_.allocate(std::max<std::size_t>(text.size(), 1), max_depth);
      if (failed) return failed;
    }
    copy_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    copy_ = text;
    content.text_bytes = text.size();
    auto failed = parse_in_place(parser_, copy_, content);
    if (failed == simdjson::NUMBER_ERROR) failed = parse_with_large_numbers(parser_, text, copy_, content);
    wipe(copy_);
    if (parser_.capacity() > kLongestKept) *this = {};  // one large answer must not pin its size for good
    return failed;
  }

 private:
  static constexpr std::size_t kLongestKept = std::size_t{1024} * 1024;
  dom::parser parser_;
  std::string copy_;  ///< simdjson reads beyond the end of a text
};

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

struct JsonDocument::Impl::Spare {
  std::unique_ptr<Impl> impl;
  ~Spare() { keeps_nothing_more = true; }

  static Spare& of_this_thread() noexcept {
    thread_local Spare spare;
    return spare;
  }
};

std::unique_ptr<JsonDocument::Impl> JsonDocument::Impl::make() {
  std::unique_ptr<Impl> impl;
  if (!keeps_nothing_more) impl.swap(Spare::of_this_thread().impl);
  if (!impl) impl = std::make_unique<Impl>();
  return impl;
}

void JsonDocument::Impl::recycle(std::unique_ptr<Impl> impl) noexcept {
  if (!impl || keeps_nothing_more || impl->content.document.capacity() > kWorthKeeping) return;
  impl->content.wipe();
  Spare::of_this_thread().impl.swap(impl);
}

JsonDocument::JsonDocument(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}
JsonDocument::~JsonDocument() { Impl::recycle(std::move(impl_)); }

Result<JsonDocument> JsonDocument::parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) return Error(Errc::malformed_response, "the JSON text is too large");
  thread_local Reader reader;
  auto impl = Impl::make();
  const Content& content = impl->content;
  if (const auto failed = reader.read(text, limits.max_depth, impl->content)) return explain(failed);
  if (limits.unique_names && !names_are_unique(&content, after(&content, 1))) {
    return Error(Errc::malformed_response, "an object of the JSON text has one name twice");
  }
  return JsonDocument(std::move(impl));
}

JsonView JsonDocument::root() const noexcept { return {&impl_->content, 1}; }

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
  const std::size_t last = after(document_, index_) - 1;
  for (std::size_t member = index_ + 1; member < last; member = after(document_, member + 1)) {
    if (string_at(document_, member) == name) return {document_, member + 1};
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
    case 'd': {
      const auto value = std::bit_cast<double>(bits);
      return std::isnan(value) ? std::nullopt : std::optional(value);
    }
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
      const auto& large = content_of(document_).large_numbers;
      if (const auto written = large.find(index_); written != large.end()) return written->second;
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
