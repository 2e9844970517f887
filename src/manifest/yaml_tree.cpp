// The one file that knows libfyaml: its events in, a Tree out.
#include "manifest/yaml_tree.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include <libfyaml.h>

#include "manifest/source_text.hpp"
#include "manifest/yaml_builder.hpp"
#include "manifest/yaml_message.hpp"
#include "manifest/yaml_scalar.hpp"

namespace tongs::manifest::yaml {

namespace {

constexpr std::size_t kMostMarksOnALine = 20'000;

struct FreeDiagnostics {
  void operator()(fy_diag* diagnostics) const noexcept { fy_diag_destroy(diagnostics); }
};
struct FreeParser {
  void operator()(fy_parser* parser) const noexcept { fy_parser_destroy(parser); }
};
struct FreeEvent {
  fy_parser* parser;
  void operator()(fy_event* event) const noexcept { fy_parser_event_free(parser, event); }
};
using EventPointer = std::unique_ptr<fy_event, FreeEvent>;

std::string_view text_of(fy_token* token) {
  std::size_t length = 0;
  const char* text = token == nullptr ? nullptr : fy_token_get_text(token, &length);
  return text == nullptr ? std::string_view() : std::string_view(text, length);
}

Position position_of(const fy_mark* mark) noexcept {
  if (mark == nullptr) return {};
  return {static_cast<std::uint32_t>(mark->line + 1), static_cast<std::uint32_t>(mark->column + 1), 0};
}

/// A tag wins over the look of the text (YAML 1.2.2, 6.9.1); one that we do not know makes a string.
Kind kind_of(std::string_view tag, fy_token* value) {
  constexpr std::string_view core = "tag:yaml.org,2002:";
  if (tag.starts_with(core)) {
    const auto name = tag.substr(core.size());
    if (name == "null" || name == "bool" || name == "int" || name == "float")
      return resolve_plain(text_of(value));
    return Kind::string;
  }
  if (!tag.empty()) return Kind::string;
  if (value == nullptr) return Kind::null;
  return fy_token_scalar_style(value) == FYSS_PLAIN ? resolve_plain(text_of(value)) : Kind::string;
}

/// Feeds the events of one text to a builder.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), counter_(text) {
    fy_diag_cfg settings;
    fy_diag_cfg_default(&settings);
    settings.fp = nullptr;
    settings.level = FYET_ERROR;
    settings.module_mask = ~0U;
    diagnostics_.reset(fy_diag_create(&settings));
    fy_diag_set_collect_errors(diagnostics_.get(), true);
    fy_parse_cfg parse{};
    parse.flags = static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE);
    parse.diag = diagnostics_.get();
    parser_.reset(fy_parser_create(&parse));
    fy_parser_set_string(parser_.get(), text.data(), text.size());
  }

  Tree read() {
    for (;;) {
      const EventPointer event(fy_parser_parse(parser_.get()), FreeEvent{parser_.get()});
      if (!event) {
        report_syntax_error();
        return builder_.finish(false);
      }
      if (event->type == FYET_STREAM_END) return builder_.finish(true);
      if (event->type == FYET_DOCUMENT_START && ++documents_ > 1) {
        builder_.problem(Problem::Kind::several_documents, place_of(*event),
                         "a second YAML document starts here: a manifest is one document");
        return builder_.finish(true);
      }
      if (!take(*event)) return builder_.finish(false);
      if (const fy_mark* end = fy_event_end_mark(event.get())) after_last_ = end->input_pos;
    }
  }

 private:
  bool take(fy_event& event) {
    const auto anchor = text_of(fy_event_get_anchor_token(&event));
    switch (event.type) {
      case FYET_DOCUMENT_START:
        return has_known_version(event);
      case FYET_MAPPING_START:
        return builder_.open(Kind::mapping, place_of(event), anchor);
      case FYET_SEQUENCE_START:
        return builder_.open(Kind::sequence, place_of(event), anchor);
      case FYET_MAPPING_END:
      case FYET_SEQUENCE_END:
        builder_.close();
        return true;
      case FYET_SCALAR: {
        const bool left_out = fy_event_start_mark(&event) == nullptr;
        const auto kind = kind_of(text_of(fy_event_get_tag_token(&event)), event.scalar.value);
        return builder_.scalar(kind, place_of(event), text_of(event.scalar.value), anchor, left_out);
      }
      case FYET_ALIAS: {
        Position at = place_of(event);
        --at.column;  // the token starts after the asterisk
        return builder_.alias(at, text_of(event.alias.anchor));
      }
      default:
        return true;
    }
  }

  /// Where an event stands. libfyaml marks the content of a scalar, a node starts at its quote or at the `|`
  /// of a block. What has no place of its own (a value that is left out) stands at the next thing in the
  /// text.
  Position place_of(fy_event& event) {
    const fy_mark* mark = fy_event_start_mark(&event);
    if (mark == nullptr) {
      const bool after_end_mark = event.type == FYET_DOCUMENT_START;
      return counter_.at(skip_gaps(after_last_, after_end_mark ? " \t\r\n." : " \t\r\n"));
    }
    Position at = position_of(mark);
    if (event.type != FYET_SCALAR) return at;
    switch (fy_token_scalar_style(event.scalar.value)) {
      case FYSS_SINGLE_QUOTED:
      case FYSS_DOUBLE_QUOTED:
        --at.column;
        return at;
      case FYSS_LITERAL:
      case FYSS_FOLDED:
        return counter_.at(
            std::min(text_.find_first_of("|>", skip_gaps(after_last_, " \t\r\n:-?")), text_.size()));
      default:
        return at;
    }
  }

  /// The first place from `offset` on that is neither one of `gaps` nor in a comment.
  std::size_t skip_gaps(std::size_t offset, std::string_view gaps) const {
    while (offset < text_.size()) {
      if (text_[offset] == '#') {
        offset = std::min(text_.find_first_of("\r\n", offset), text_.size());
      } else if (gaps.find(text_[offset]) != std::string_view::npos) {
        ++offset;
      } else {
        break;
      }
    }
    return offset;
  }

  bool has_known_version(const fy_event& event) {
    fy_document_state* state = event.document_start.document_state;
    const fy_version* version = fy_document_state_version(state);
    if (!fy_document_state_version_explicit(state) || (version->major == 1 && version->minor >= 2))
      return true;
    LineCounter lines(text_);
    builder_.problem(
        Problem::Kind::version, lines.at(std::min(text_.find("%YAML"), text_.size())),
        "this file asks for YAML 1.1, in which words such as 'no' and 'on' mean something else: remove "
        "the '%YAML' line");
    return false;
  }

  void report_syntax_error() {
    void* iteration = nullptr;
    const fy_diag_error* error = fy_diag_errors_iterate(diagnostics_.get(), &iteration);
    Position at{1, 1, 0};
    if (error != nullptr && error->line > 0) {
      at = {static_cast<std::uint32_t>(error->line), static_cast<std::uint32_t>(std::max(error->column, 1)),
            0};
    }
    builder_.problem(Problem::Kind::syntax, at,
                     explain_syntax(error != nullptr && error->msg != nullptr ? error->msg : ""));
  }

  std::string_view text_;
  LineCounter counter_;  ///< only ever asked for later places
  std::unique_ptr<fy_diag, FreeDiagnostics> diagnostics_;
  std::unique_ptr<fy_parser, FreeParser> parser_;
  TreeBuilder builder_;
  std::size_t after_last_ = 0;
  int documents_ = 0;
};

/// What can be refused without a YAML parser.
std::optional<Problem> refuse(std::string_view text) {
  if (text.size() > Manifest::kMaxBytes) {
    return Problem{Problem::Kind::limits, {1, 1, 0}, "the file is larger than 1 MiB: this is no manifest"};
  }
  LineCounter lines(text);
  if (const auto foreign = find_foreign_byte(text)) {
    const bool utf8 = foreign->kind == ForeignByte::Kind::not_utf8;
    return Problem{Problem::Kind::encoding, lines.at(foreign->offset),
                   utf8 ? "a byte that is not UTF-8: save the file as UTF-8"
                        : "a control character, which YAML does not allow: remove it"};
  }
  if (const auto line = find_crowded_line(text, kMostMarksOnALine)) {
    return Problem{Problem::Kind::limits, lines.at(*line),
                   "a line with more than 20000 brackets, commas and colons: break it into lines"};
  }
  return std::nullopt;
}

}  // namespace

Tree Tree::parse(std::string_view text) {
  text = without_bom(text);
  if (auto problem = refuse(text)) {
    TreeBuilder builder;
    builder.problem(problem->kind, problem->at, std::move(problem->message));
    return builder.finish(false);
  }
  return Reader(text).read();
}

}  // namespace tongs::manifest::yaml
