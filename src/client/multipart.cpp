#include "client/multipart.hpp"

#include <algorithm>
#include <cstdint>

#include "http/ascii.hpp"

namespace tongs::detail {

namespace {

bool has_control(std::string_view text) noexcept { return std::ranges::any_of(text, detail::is_control); }

/// As browsers write names (RFC 7578 2, WHATWG): a quote must not end them.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("%22") : std::string(1, c);
  return out + '"';
}

std::string free_boundary(const std::vector<FilePart>& files,
                          const std::vector<std::pair<const char*, std::optional<std::string>>>& fields) {
  for (std::uint64_t number = 0;; ++number) {
    std::string boundary = "----tongs-part-" + std::to_string(number);
    const bool taken = std::any_of(files.begin(), files.end(),
                                   [&](const FilePart& file) {
                                     return (*file.content).find(boundary) != std::string::npos;
                                   }) ||
                       std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
                         return field.second && field.second->find(boundary) != std::string::npos;
                       });
    if (!taken) return boundary;
  }
}

}  // namespace

Result<Multipart> multipart(const char* name, const std::vector<FilePart>& files,
                            const std::vector<std::pair<const char*, std::optional<std::string>>>& fields) {
  const std::string boundary = free_boundary(files, fields);
  Multipart made{"multipart/form-data; boundary=" + boundary, {}};
  const auto open_part = [&](const char* field) {
    made.body += "--" + boundary + "\r\ncontent-disposition: form-data; name=" + quoted(field);
  };
  for (const FilePart& file : files) {
    if (has_control(*file.name) || has_control(file.content_type)) {
      return Error(Errc::invalid_argument, "the name or the type of a file has a control character");
    }
    open_part(name);
    made.body += "; filename=" + quoted(*file.name) + "\r\ncontent-type: " + file.content_type + "\r\n\r\n";
    made.body.append(*file.content).append("\r\n");
  }
  for (const auto& [field, value] : fields) {
    if (!value) continue;
    open_part(field);
    made.body.append("\r\n\r\n").append(*value).append("\r\n");
  }
  made.body += "--" + boundary + "--\r\n";
  return made;
}

}  // namespace tongs::detail
