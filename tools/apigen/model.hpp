#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// One API as its catalog and the hand table tell it, with the names that it has in C++. Who serves the API
// instead of calling it needs the same.
namespace apigen {

/// What a value is, as far as C++ tells values apart.
struct Type {
  enum class Kind : std::uint8_t { any, string, integer, number, boolean, object, list, map };
  Kind kind = Kind::any;
  std::string schema = {};                        ///< object: key of a Schema
  std::shared_ptr<const Type> element = nullptr;  ///< list and map
  std::vector<std::string> values = {};           ///< string: those that are known
};

struct Member {
  std::string wire;  ///< name in the JSON
  std::string name;  ///< in C++
  Type type;
  bool required = false;
  bool read_only = false;
  bool write_only = false;
};

/// An object type.
struct Schema {
  std::string key;   ///< in the catalog, or made of where it stands
  std::string name;  ///< in C++
  std::vector<Member> members = {};
  bool in_answers = false;
  bool in_bodies = false;
  bool shared = false;  ///< equal to the one of the API that this API shares with
};

struct Parameter {
  enum class In : std::uint8_t { path, query, header };
  std::string wire;
  std::string name;
  In in = In::query;
  Type type = {};
  bool required = false;
  bool joined = false;  ///< a list is sent with commas
  bool pairs = false;   ///< its elements are pairs of the query themselves
};

struct Body {
  enum class Kind : std::uint8_t { none, typed, json, patch, files, bytes };
  Kind kind = Kind::none;
  bool required = true;
  std::string schema = {};               ///< typed
  std::vector<std::string> fields = {};  ///< files: those beside the file
};

struct Answer {
  enum class Kind : std::uint8_t { nothing, any, object, list, reply, download };
  Kind kind = Kind::nothing;
  std::string schema = {};  ///< object, list
};

struct Paging {
  std::string kind;  ///< enumerator of tongs::PageKind
  std::string items;
  std::string parameter = {};
  std::string next = {};
  bool in_body = false;
  bool one_page = false;
  std::string item_schema = {};  ///< empty: no object, or an unknown one
};

using Scopes = std::vector<std::vector<std::string>>;

struct Operation {
  std::string id;
  std::string name;     ///< of the function
  std::string request;  ///< of the struct
  std::string method;
  std::string path;
  std::vector<Parameter> parameters = {};
  Body body = {};
  Answer answer = {};
  std::optional<Paging> paging = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< always the same
  Scopes classic = {};
  Scopes granular = {};
  bool deprecated = false;
  std::string gone_on = {};  ///< deprecated: the date that was announced
  bool experimental = false;
  bool idempotent = false;
};

struct Tag {
  std::string title;
  std::string file;  ///< of the header, without `.hpp`
  std::vector<std::size_t> operations = {};
};

/// A member of a member, worth an accessor of its own.
struct Shortcut {
  std::string name;
  std::vector<std::string> path;
};

struct Api {
  std::string catalog;  ///< file name without `.json`
  std::string space;    ///< namespace below tongs, such as `jira::v3`
  std::string folder;   ///< of its headers below tongs/, such as `jira/v3`
  std::string product;  ///< enumerator of tongs::Product
  std::string shares;   ///< folder of the API whose types it uses where they are equal; empty: none
  std::vector<Tag> tags = {};
  std::vector<Operation> operations = {};
  std::map<std::string, Schema> schemas = {};                   ///< by key
  std::map<std::string, std::vector<Shortcut>> shortcuts = {};  ///< by name of a schema in C++
};

}  // namespace apigen
