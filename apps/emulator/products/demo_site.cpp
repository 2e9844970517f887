#include <boost/json/parse.hpp>

#include "emulator/products/site_json.hpp"

namespace tongs::emulator {

namespace {

/// The same form as a seed file, so that it is an example of one as well.
constexpr std::string_view kDemo = R"({
  "users": [
    {"accountId": "557058:11111111-2222-4333-8444-555555555555", "name": "Ada Admin", "email": "ada@example.com"},
    {"accountId": "655362:312d3308-8954-42b0-aa38-771a10c88656", "name": "Uma User", "email": "uma@example.com"},
    {"accountId": "712020:0a1b2c3d-4e5f-4061-8273-849506172839", "name": "Carl Customer", "kind": "customer"},
    {"accountId": "712020:99887766-5544-4332-8110-ffeeddccbbaa", "name": "Sync Service", "kind": "service"}
  ],
  "projects": [
    {"key": "PROJ", "name": "Demo project", "lead": "557058:11111111-2222-4333-8444-555555555555", "issues": [
      {"summary": "First light", "description": "One invocation through the whole of Tongs.",
       "status": "In Progress", "labels": ["demo"],
       "reporter": "557058:11111111-2222-4333-8444-555555555555",
       "assignee": "655362:312d3308-8954-42b0-aa38-771a10c88656",
       "comments": [{"author": "557058:11111111-2222-4333-8444-555555555555", "body": "Looks hot."}],
       "worklogs": [{"author": "655362:312d3308-8954-42b0-aa38-771a10c88656", "timeSpentSeconds": 5400,
                     "comment": "Lit the fire."}],
       "watchers": ["557058:11111111-2222-4333-8444-555555555555"],
       "voters": ["655362:312d3308-8954-42b0-aa38-771a10c88656"]},
      {"summary": "Hold what comes hot out of the Forge", "description": "Keep it at arm's length.",
       "reporter": "655362:312d3308-8954-42b0-aa38-771a10c88656"},
      {"type": "Bug", "summary": "Sparks on the floor", "status": "Done", "labels": ["safety"],
       "reporter": "655362:312d3308-8954-42b0-aa38-771a10c88656",
       "assignee": "557058:11111111-2222-4333-8444-555555555555"}
    ]},
    {"key": "SECRET", "name": "Private project", "lead": "557058:11111111-2222-4333-8444-555555555555",
     "visibleTo": ["557058:11111111-2222-4333-8444-555555555555"], "issues": [
      {"summary": "Only Ada sees this", "reporter": "557058:11111111-2222-4333-8444-555555555555"}
    ]}
  ],
  "spaces": [
    {"key": "DOCS", "name": "Handbook", "pages": [
      {"title": "How to hold a token", "body": "<p>By the handle, never by the hot end.</p>",
       "author": "557058:11111111-2222-4333-8444-555555555555", "labels": ["safety"],
       "comments": [{"author": "655362:312d3308-8954-42b0-aa38-771a10c88656",
                     "body": "<p>With both hands?</p>"}]},
      {"title": "Shift plan", "body": "<p>Ada opens, Uma closes.</p>",
       "author": "655362:312d3308-8954-42b0-aa38-771a10c88656"}
    ]}
  ]
})";

}  // namespace

Site demo_site(std::string_view name, PlatformTime now) {
  json::object described = json::parse(kDemo).as_object();
  described["name"] = name;
  Problem none;
  Members members(described, "", none);
  return read_site(members, now);
}

}  // namespace tongs::emulator
