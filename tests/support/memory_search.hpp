#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace tongs::testing {

/// A text that is nowhere in this process as long as nobody says it: only its complement is kept.
class Unspoken {
 public:
  explicit Unspoken(std::size_t size) : complement_(size, '\0') {
    for (std::size_t i = 0; i < size; ++i) complement_[i] = static_cast<char>(~('A' + (i * 7 + size) % 26));
  }

  std::string say() const {
    std::string text(complement_.size(), '\0');
    std::ranges::transform(complement_, text.begin(), [](char c) { return static_cast<char>(~c); });
    return text;
  }

  /// How often it stands in the memory that this process can write to.
  std::size_t count_in_memory() const {
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    std::ifstream maps("/proc/self/maps");
    std::size_t found = 0;
    for (std::string line; std::getline(maps, line);) {
      if (line.find(" rw-p ") == std::string::npos) continue;
      std::uintptr_t begin = 0, end = 0;
      const char* const text = line.data();
      const char* const dash = std::from_chars(text, text + line.size(), begin, 16).ptr;
      std::from_chars(dash + 1, text + line.size(), end, 16);
      constexpr std::uintptr_t widest = std::uintptr_t{1} << 28;  // what is wider is a sanitizer's shadow
      if (end - begin <= widest) found += count_between(memory, begin, end);
    }
    ::close(memory);
    return found;
  }

 private:
  std::size_t count_between(int memory, std::uintptr_t begin, std::uintptr_t end) const {
    constexpr std::size_t step = std::size_t{1} << 20;
    std::vector<std::uint64_t> block((step + complement_.size()) / sizeof(std::uint64_t));
    const std::size_t size = block.size() * sizeof(std::uint64_t);
    std::size_t found = 0;
    for (std::uintptr_t at = begin; at < end; at += step) {
      const auto read = ::pread(memory, block.data(), std::min(size, end - at), static_cast<off_t>(at));
      for (auto& word : block) word = ~word;
      const std::string_view complements(reinterpret_cast<const char*>(block.data()),
                                         static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
      for (auto next = complements.find(complement_); next != std::string_view::npos;
           next = complements.find(complement_, next + 1)) {
        ++found;
      }
      std::ranges::fill(block, 0U);  // it is in memory too
    }
    return found;
  }

  std::string complement_;
};

}  // namespace tongs::testing
