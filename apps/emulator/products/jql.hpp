#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/products/site.hpp"

namespace tongs::emulator {

/// Why a query is not understood, in words for its author.
struct JqlError {
  std::string message;
};

/// The subset of JQL that the emulator understands:
///   fields  project, key, issuekey, id, assignee, reporter, status, issuetype, type, labels with = != IN,
///           NOT IN, IS EMPTY, IS NOT EMPTY; summary, description, text with ~ and !~, words, \"phrases\"
///           and word*. Neither != nor NOT finds what is empty
///   values  words, "quoted", 'quoted', EMPTY, NULL, currentUser()
///   AND, OR, NOT, parentheses, ORDER BY key, created, updated, summary, status [ASC|DESC]
/// Everything else is an error that says so. Thread safety: const.
class Jql {
 public:
  static std::variant<Jql, JqlError> parse(std::string_view text);

  Jql(Jql&&) noexcept;
  Jql& operator=(Jql&&) noexcept;
  ~Jql();

  /// A query without a condition would find everything, which the search API refuses.
  bool bounded() const noexcept { return condition_ != nullptr; }
  /// The issues of a site that fit and that `account` may see, in the order the query asks for.
  std::vector<const Issue*> run(const Site& site, std::string_view account) const;

  struct Condition;
  struct Order {
    std::string field;
    bool descending = false;
  };

 private:
  friend class JqlParser;
  Jql(std::unique_ptr<Condition> condition, std::vector<Order> order);
  std::unique_ptr<Condition> condition_;
  std::vector<Order> order_;
};

}  // namespace tongs::emulator
