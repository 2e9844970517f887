#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/json.hpp>

#include "cli/lsp_document.hpp"

namespace tongs::cli::lsp {

/// The server without its pipes: a message of the editor in, messages to it out. Pure.
class Server {
 public:
  /// `message`: JSON-RPC 2.0, without its header. What cannot be understood is answered with an error or, if
  /// nothing is to be answered, passed over.
  std::vector<std::string> handle(std::string_view message);
  /// Has the editor said `exit`?
  bool ended() const noexcept { return ended_; }
  /// Had it said `shutdown` before, as it should?
  bool ended_well() const noexcept { return shut_down_; }

 private:
  std::string answer(std::string_view method, JsonView parameters);
  std::vector<std::string> note(std::string_view method, JsonView parameters);
  const Document* document(JsonView parameters) const;
  std::vector<std::string> publish(const std::string& uri) const;

  std::map<std::string, Document> documents_;
  bool shut_down_ = false;
  bool ended_ = false;
};

}  // namespace tongs::cli::lsp
