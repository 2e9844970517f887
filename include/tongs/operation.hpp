#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/adapter.hpp>
#include <tongs/paging.hpp>

namespace tongs {

/// A parameter of an operation.
struct OperationParameter {
  enum class In : std::uint8_t { path, query, header };
  enum class Type : std::uint8_t { string, integer, number, boolean };
  std::string_view name;  ///< in the request
  In in = In::query;
  Type type = Type::string;
  bool required = false;
  bool list = false;                          ///< may have several values
  bool joined = false;                        ///< a list is one value with commas, not one pair for each
  bool pairs = false;                         ///< its values are `name=value`, pairs of the query themselves
  std::vector<std::string_view> values = {};  ///< those that are known; the API may take others
};

/// What an operation takes as its body.
enum class BodyKind : std::uint8_t { none, json, json_patch, files, bytes };

/// Alternatives, any of which is enough; an alternative needs all of its scopes. Empty: none are stated,
/// which does not mean that none are needed.
using ScopeAlternatives = std::vector<std::vector<std::string_view>>;

/// An operation of a product API as its catalog describes it. The views are literals.
struct Operation {
  Product product = Product::jira;
  std::string_view name;    ///< `get-issue`; with `_` for `-`, the function
  std::string_view id;      ///< `getIssue`, of the catalog
  std::string_view method;  ///< `GET`
  std::string_view path;    ///< `/rest/api/3/issue/{issueIdOrKey}`
  std::string_view tag;     ///< `Issues`
  std::vector<OperationParameter> parameters = {};
  std::vector<std::pair<std::string_view, std::string_view>> headers = {};  ///< sent with every call
  BodyKind body = BodyKind::none;
  bool body_required = false;
  std::vector<std::string_view> body_fields = {};  ///< of a form, beside its files
  std::optional<Paging> paging = {};
  ScopeAlternatives classic_scopes = {};
  ScopeAlternatives granular_scopes = {};
  bool deprecated = false;
  bool experimental = false;
  bool idempotent = false;  ///< it may be repeated although its method does not say so
  bool downloads = false;   ///< it answers with a file
};

/// All operations of one API: a text for each, which is read when it is asked for, so that a program that
/// knows a thousand operations starts like one that knows none. Thread safety: const.
class OperationTable {
 public:
  constexpr OperationTable(Product product, std::span<const std::string_view> rows) noexcept
      : rows_(rows), product_(product) {}

  std::size_t size() const noexcept { return rows_.size(); }
  Operation operator[](std::size_t index) const;
  /// `get-issue`, without reading the rest.
  std::string_view name(std::size_t index) const noexcept;
  /// By its name, or by the id of the catalog.
  std::optional<Operation> find(std::string_view name_or_id) const;

 private:
  std::span<const std::string_view> rows_;
  Product product_;
};

}  // namespace tongs
