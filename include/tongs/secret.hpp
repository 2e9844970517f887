#pragma once
#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace tongs {

/// Bytes that must not leak: a token, a key, a password. Move-only, held outside any small-string buffer,
/// wiped when they end, printed by nothing. Thread safety: const.
class Secret {
 public:
  Secret() noexcept = default;
  /// Copies the bytes. The caller's own copy stays with the caller; see `take` for a string that is given up.
  explicit Secret(std::string_view bytes);
  /// Copies the bytes and wipes `bytes`.
  static Secret take(std::string&& bytes);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// The only way out. Search for this word to find every use. Valid as long as this object is.
  std::string_view reveal() const noexcept { return {data_.get(), size_}; }
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  /// A second, independent copy, said aloud.
  Secret duplicate() const { return Secret(reveal()); }

  /// Takes the same time wherever the first difference is (lengths are not hidden).
  friend bool operator==(const Secret& a, const Secret& b) noexcept;
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  void wipe() noexcept;
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
};

/// Overwrites the content of a string that held a secret, then empties it. Not removed by the optimiser.
void wipe(std::string& text) noexcept;

}  // namespace tongs
