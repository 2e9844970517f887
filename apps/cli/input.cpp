#include "cli/input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace tongs::cli {

namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& file)
      : owned_(file != "-"), number_(owned_ ? open(file.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO) {}
  ~Descriptor() {
    if (owned_ && number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const noexcept { return number_; }

 private:
  bool owned_;
  int number_;
};

Error explain(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return {Errc::invalid_argument, "there is no such file"};
    case EACCES:
    case EPERM:
      return {Errc::invalid_argument, "no permission to read it"};
    case EISDIR:
      return {Errc::invalid_argument, "it is a directory"};
    default:
      return {Errc::invalid_argument, "it cannot be read"};
  }
}

}  // namespace

Result<std::string> read_input(const std::string& file, std::size_t max_bytes) {
  const Descriptor descriptor(file);
  if (descriptor.number() < 0) return explain(errno);
  std::string content;
  std::array<char, 16 * 1024> block{};
  while (content.size() <= max_bytes) {
    const ssize_t count = read(descriptor.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return explain(errno);
    if (count == 0) break;
    content.append(block.data(), std::min(static_cast<std::size_t>(count), max_bytes + 1 - content.size()));
  }
  return content;
}

bool is_url(std::string_view text) noexcept {
  return text.starts_with("https://") || text.starts_with("http://");
}

}  // namespace tongs::cli
