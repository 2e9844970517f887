#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "emulator/schema/schema.hpp"

namespace tongs::emulator {

/// What calls of one operation hold and what is answered.
struct Contract {
  int status = 200;                      ///< of a success
  const json::object* answer = nullptr;  ///< schema; null: nothing, or no JSON
  const json::object* body = nullptr;    ///< schema of a JSON body; null: none, or no JSON
  /// By their names, the schemas of parameters that have bounds; null: none has.
  const json::object* parameters = nullptr;
};

/// The contracts of one API, each line of which is read when it is asked for. Thread safety: none.
class Contracts {
 public:
  /// `shared` has the lines that `text` lacks; null: nothing is lacking. It must outlive this.
  explicit Contracts(std::string_view text, Contracts* shared = nullptr) noexcept
      : text_(text), shared_(shared) {}
  Contracts(const Contracts&) = delete;
  Contracts& operator=(const Contracts&) = delete;

  /// Of the operation with this name in the table of operations.
  Contract contract(std::string_view operation);
  /// Null if there is none. What is found stays where it is.
  const json::object* schema(std::string_view key);
  FindSchema schemas();

 private:
  const json::object* line(char kind, std::string_view name);
  std::string_view find(const std::string& start) const noexcept;

  std::string_view text_;
  Contracts* shared_;
  std::map<std::string, std::unique_ptr<const json::object>, std::less<>> read_;  ///< null: there is none
};

}  // namespace tongs::emulator
