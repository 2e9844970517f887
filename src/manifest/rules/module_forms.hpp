#pragma once
#include <cstdint>
#include <span>
#include <string_view>

/// What the types of modules let a module say of the code that serves it: facts of `@forge/manifest` 13.7.0,
/// as a table. Types that are not in it may say anything.
namespace tongs::manifest::rules {

/// The properties by which a module names what serves it, as a set.
enum Part : std::uint8_t { kFunction = 1, kEndpoint = 2, kResource = 4, kResolver = 8 };
inline constexpr std::uint8_t kAnyPart = 15;

/// What `resolver` may be.
enum class Resolver : std::uint8_t {
  anything,
  handler,   ///< one of `function` and `endpoint`, and nothing else
  function,  ///< `function`
  queue,     ///< `function` and `method`, or `workflow`
};

/// One way to write a module.
struct Form {
  std::uint8_t needs;   ///< has all of these
  std::uint8_t allows;  ///< and none but these
  Resolver resolver = Resolver::anything;
};

struct ModuleForms {
  std::span<const Form> forms;
  bool dots = false;             ///< keys may have dots
  bool checks_function = false;  ///< `function` is a key wherever it stands
};

/// Null if modules of that type may say anything.
const ModuleForms* forms_of(std::string_view type) noexcept;

}  // namespace tongs::manifest::rules
