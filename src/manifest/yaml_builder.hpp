#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "manifest/yaml_tree.hpp"

namespace tongs::manifest::yaml {

/// Makes a Tree from the events of a YAML parser: checks the limits, resolves aliases, finds duplicate keys.
/// After `false` nothing more may be added.
class TreeBuilder {
 public:
  TreeBuilder();

  /// `anchor` is empty if the node has none.
  bool open(Kind kind, const Position& at, std::string_view anchor);
  void close();
  /// `at`: of a value that is left out, where it would stand.
  bool scalar(Kind kind, const Position& at, std::string_view text, std::string_view anchor, bool left_out);
  bool alias(const Position& at, std::string_view name);

  void problem(Problem::Kind kind, const Position& at, std::string message);
  /// The tree, or if it is of no use, one that holds the problems alone.
  Tree finish(bool usable);

 private:
  struct Frame {
    std::uint32_t node;
    std::size_t first_pending;
  };
  /// What a node costs when aliases are followed.
  struct Cost {
    std::uint64_t nodes = 1;
    std::uint64_t bytes = 0;   ///< of text
    std::uint32_t levels = 0;  ///< below this node; an open collection has none yet
    bool open = false;
  };

  bool add(Kind kind, Position at, std::string_view anchor, bool left_out);
  bool afford(const Cost& cost, const Position& at);
  void find_duplicate_keys(const Frame& frame);

  Tree tree_;
  std::vector<Cost> costs_;             ///< one for each record
  std::vector<Frame> frames_;           ///< the collections that are open
  std::vector<std::uint32_t> pending_;  ///< their children so far, outermost first
  std::unordered_map<std::string, std::uint32_t> anchors_;
  std::uint64_t nodes_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace tongs::manifest::yaml
