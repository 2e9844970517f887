#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "common/config/finding.hpp"
#include "common/config/setting.hpp"
#include "common/config/value.hpp"

namespace tongs::config {

/// A value for each setting of a schema, and where it comes from. Asking for a setting that the schema does
/// not have, or for a type that is not its own, is a mistake in the program: std::logic_error is thrown.
/// Thread safety: const.
class Values {
 public:
  explicit Values(Schema schema);

  const Schema& schema() const noexcept { return schema_; }
  /// `index` is that of the setting in the schema.
  void set(std::size_t index, Value value, Origin origin);
  bool is_set(std::size_t index) const noexcept;
  void clear(std::string_view section, std::string_view key);

  /// The value. Precondition: it has one, and it is of that type (see `Value`).
  template <class T>
  const T& get(std::string_view section, std::string_view key) const {
    const T* value = find<T>(section, key);
    if (!value) missing(section, key);
    return *value;
  }
  /// The value, or null if it is unset, or off.
  template <class T>
  const T* find(std::string_view section, std::string_view key) const {
    const Entry& entry = at(section, key);
    const T* value = std::get_if<T>(&entry.value);
    if (!value && !std::holds_alternative<Unset>(entry.value) && !std::holds_alternative<Off>(entry.value)) {
      missing(section, key);
    }
    return value;
  }

  const Origin& origin(std::string_view section, std::string_view key) const {
    return at(section, key).origin;
  }
  /// Says what is wrong with a value, at the place that it comes from.
  Finding finding(std::string_view section, std::string_view key, std::string_view message) const;

  /// Settings that `fresh`, of the same schema, changes although a running program cannot follow (those that
  /// are not `live`). A changed secret is not noticed.
  std::vector<std::string> waiting_for_restart(const Values& fresh) const;

  /// A TOML text that gives these values again, each with its origin behind it; secrets are masked comments.
  std::string effective_text() const;

 private:
  struct Entry {
    Value value;
    Origin origin;
  };
  std::size_t index_of(std::string_view section, std::string_view key) const;
  const Entry& at(std::string_view section, std::string_view key) const {
    return entries_[index_of(section, key)];
  }
  std::string effective_line(std::size_t index) const;
  std::string value_line(std::size_t index) const;
  [[noreturn]] static void missing(std::string_view section, std::string_view key);

  Schema schema_;
  std::vector<Entry> entries_;
};

}  // namespace tongs::config
