#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/manifest/check.hpp>

namespace tongs::cli::lsp {

/// A place as editors count: lines from 0, columns from 0 in units of UTF-16.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
};

/// A finding and the text that it is about.
struct Diagnostic {
  manifest::Finding finding;
  Place begin;
  Place end;
};

struct Completion {
  std::string label;
  std::string detail;
};

/// A manifest that is being written, with what is to be said about it. Pure.
class Document {
 public:
  explicit Document(std::string text);

  const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }
  /// The rule that is broken there as Markdown; empty if none is.
  std::string hover(const Place& place) const;
  /// What may stand there: properties, operations, regions, scopes, keys of remotes and endpoints.
  std::vector<Completion> complete(const Place& place) const;

 private:
  std::string text_;
  manifest::Manifest manifest_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace tongs::cli::lsp
