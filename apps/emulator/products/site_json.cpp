#include "emulator/products/site_json.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/json/value_from.hpp>

#include <tongs/ids.hpp>

#include "common/number.hpp"
#include "emulator/base/random.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

namespace {

/// Reads one site; keeps what members refer to each other by.
class SiteReader {
 public:
  SiteReader(Members& members, PlatformTime now) : members_(members), now_(now) {}

  Site read() {
    site_.name = members_.required_text("name");
    site_.cloud_id = members_.text("cloudId").value_or(uuid_of("site " + site_.name));
    site_.url = members_.text("url").value_or("https://" + site_.name + ".atlassian.net");
    site_.region = members_.text("region").value_or("");
    if (!is_site_name(site_.name))
      members_.refuse("name", "must be lower-case letters and digits, with - between them");
    if (!CloudId::parse(site_.cloud_id)) members_.refuse("cloudId", "must be a UUID");
    if (!tongs::detail::parse_url(site_.url)) members_.refuse("url", "must be an absolute http or https URL");
    site_.last_id = members_.integer("lastId", 0, 1LL << 52).value_or(site_.last_id);
    members_.objects("users", [this](Members& user) { read_user(user); });
    members_.objects("projects", [this](Members& project) { read_project(project); });
    members_.objects("labels", [this](Members& label) { read_label(label); });
    members_.objects("spaces", [this](Members& space) { read_space(space); });
    return std::move(site_);
  }

 private:
  void read_user(Members& members) {
    User user;
    user.account_id = members.required_text("accountId");
    user.name = members.text("name").value_or("User " + std::to_string(site_.users.size() + 1));
    user.email = members.text("email").value_or("");
    const auto kind = parse_user_kind(members.text("kind").value_or("active"));
    if (!kind) members.refuse("kind", "must be active, inactive, service, customer, unlicensed or app");
    user.kind = kind.value_or(UserKind::active);
    if (!user.account_id.empty() && !AccountId::parse(user.account_id)) {
      members.refuse("accountId", "must be an account id: letters, digits and -_.:~@+");
    }
    if (site_.find_user(user.account_id) != nullptr) members.refuse("accountId", "stands twice");
    site_.users.push_back(std::move(user));
  }

  /// An account that the site must know; empty if none is named.
  std::string account(Members& members, std::string_view name) {
    std::string id = members.text(name).value_or("");
    if (!id.empty() && site_.find_user(id) == nullptr) members.refuse(name, "is no user of this site");
    return id;
  }

  /// Given, or the next of the site; never twice.
  std::string id(Members& members) {
    std::string given = members.text("id").value_or("");
    if (given.empty()) {
      given = site_.next_id();
    } else {
      const auto number = parse_whole(given);
      if (!number || *number < 0) members.refuse("id", "must be a string of digits");
      site_.last_id = std::max(site_.last_id, number.value_or(0));
    }
    if (!ids_.insert(given).second) members.refuse("id", "stands twice");
    return given;
  }

  std::vector<std::string> accounts(Members& members, std::string_view name) {
    std::vector<std::string> all = members.texts(name);
    for (const auto& one : all) {
      if (site_.find_user(one) == nullptr) members.refuse(name, "names somebody who is no user of this site");
    }
    return all;
  }

  Visibility visibility(Members& members) {
    std::vector<std::string> all = accounts(members, "visibleTo");
    if (members.any("visibleTo") == nullptr) return std::nullopt;
    return all;
  }

  PlatformTime time(Members& members, std::string_view name) {
    const auto text = members.text(name);
    if (!text) return now_;
    const auto time = parse_iso_time(*text);
    if (!time) members.refuse(name, "must be a time such as 2026-08-22T10:00:00.000Z");
    return time.value_or(now_);
  }

  /// Plain text, or a document in Atlassian Document Format.
  static json::value document(Members& members, std::string_view name) {
    const json::value* value = members.any(name);
    if (value == nullptr || value->is_null()) return nullptr;
    if (value->is_string()) return document_of(value->get_string());
    if (!value->is_object()) members.refuse(name, "must be a text or an Atlassian Document");
    return *value;
  }

  void read_project(Members& members) {
    Project project;
    project.id = id(members);
    project.key = members.required_text("key");
    project.name = members.text("name").value_or(project.key);
    project.lead = account(members, "lead");
    project.visible_to = visibility(members);
    if (site_.find_project(project.key) != nullptr) members.refuse("key", "stands twice");
    site_.projects.push_back(project);
    members.objects("issues", [&](Members& issue) { read_issue(issue, project); });
  }

  void read_issue(Members& members, const Project& project) {
    Issue issue;
    issue.id = id(members);
    const auto of_project = std::count_if(site_.issues.begin(), site_.issues.end(),
                                          [&](const Issue& other) { return other.project == project.key; });
    issue.key = members.text("key").value_or(project.key + '-' + std::to_string(of_project + 1));
    issue.project = project.key;
    issue.type = members.text("type").value_or(issue.type);
    issue.summary = members.required_text("summary");
    issue.description = document(members, "description");
    issue.status = members.text("status").value_or(issue.status);
    issue.assignee = account(members, "assignee");
    issue.reporter = account(members, "reporter");
    issue.labels = members.texts("labels");
    issue.created = time(members, "created");
    issue.updated = time(members, "updated");
    issue.visible_to = visibility(members);
    members.objects("comments", [&](Members& comment) {
      issue.comments.push_back(
          {id(comment), account(comment, "author"), document(comment, "body"), time(comment, "created")});
    });
    members.objects("worklogs", [&](Members& worklog) { read_worklog(worklog, issue); });
    issue.watchers = accounts(members, "watchers");
    issue.voters = accounts(members, "voters");
    if (!issue.key.starts_with(project.key + '-'))
      members.refuse("key", "must start with the project's key and -");
    if (site_.find_issue(issue.key) != nullptr) members.refuse("key", "stands twice");
    site_.issues.push_back(std::move(issue));
  }

  void read_worklog(Members& members, Issue& issue) {
    Worklog worklog;
    worklog.id = id(members);
    worklog.author = account(members, "author");
    worklog.comment = document(members, "comment");
    const auto spent = members.integer("timeSpentSeconds", 1, 1LL << 40);
    if (!spent) members.refuse("timeSpentSeconds", "is required");
    worklog.spent = std::chrono::seconds(spent.value_or(1));
    worklog.created = time(members, "created");
    worklog.started = time(members, "started");
    worklog.updated = time(members, "updated");
    issue.worklogs.push_back(std::move(worklog));
  }

  void read_label(Members& members) {
    Label label;
    label.id = id(members);
    label.prefix = members.text("prefix").value_or(label.prefix);
    label.name = members.required_text("name");
    if (!label.name.empty() && !is_label_name(label.name)) members.refuse("name", "is no name of a label");
    if (!is_label_name(label.prefix)) members.refuse("prefix", "is no prefix of a label");
    const bool twice = std::any_of(site_.labels.begin(), site_.labels.end(), [&](const Label& other) {
      return other.prefix == label.prefix && other.name == label.name;
    });
    if (twice) members.refuse("name", "stands twice");
    site_.labels.push_back(std::move(label));
  }

  /// Each is `name` or `prefix:name`.
  std::vector<std::string> labels_of_page(Members& members) {
    std::vector<std::string> labels;
    for (const std::string& text : members.texts("labels")) {
      const std::size_t colon = text.find(':');
      const bool plain = colon == std::string::npos;
      const std::string name = plain ? text : text.substr(colon + 1);
      const std::string prefix = plain ? "global" : text.substr(0, colon);
      if (!is_label_name(prefix) || !is_label_name(name))
        members.refuse("labels", "must hold names of labels");
      labels.push_back(site_.ensure_label(prefix, name).id);
      ids_.insert(labels.back());
    }
    return labels;
  }

  void read_space(Members& members) {
    Space space;
    space.id = id(members);
    space.key = members.required_text("key");
    space.name = members.text("name").value_or(space.key);
    site_.spaces.push_back(space);
    members.objects("pages", [&](Members& page) { read_page(page, space); });
  }

  void read_page(Members& members, const Space& space) {
    Page page;
    page.id = id(members);
    page.space = space.id;
    page.title = members.required_text("title");
    page.body = members.text("body").value_or("");
    page.author = account(members, "author");
    page.created = time(members, "created");
    page.updated = time(members, "updated");
    page.version = members.integer("version", 1, 1'000'000).value_or(1);
    page.visible_to = visibility(members);
    page.labels = labels_of_page(members);
    members.objects("comments", [&](Members& comment) { read_footer_comment(comment, page); });
    site_.pages.push_back(std::move(page));
  }

  void read_footer_comment(Members& members, Page& page) {
    FooterComment comment;
    comment.id = id(members);
    comment.parent = members.text("parent").value_or("");
    comment.author = account(members, "author");
    comment.body = members.text("body").value_or("");
    comment.created = time(members, "created");
    comment.updated = time(members, "updated");
    comment.version = members.integer("version", 1, 1'000'000).value_or(1);
    const bool stands_before =
        std::any_of(page.comments.begin(), page.comments.end(),
                    [&](const FooterComment& other) { return other.id == comment.parent; });
    if (!comment.parent.empty() && !stands_before)
      members.refuse("parent", "must be the id of a comment that stands before it");
    page.comments.push_back(std::move(comment));
  }

  Members& members_;
  PlatformTime now_;
  Site site_;
  std::set<std::string> ids_;
};

void write_visibility(json::object& out, const Visibility& visibility) {
  if (visibility) out["visibleTo"] = json::value_from(*visibility);
}

void write_account(json::object& out, std::string_view name, const std::string& account) {
  if (!account.empty()) out[name] = account;
}

json::object to_json(const Issue& issue) {
  json::object out{{"id", issue.id},
                   {"key", issue.key},
                   {"type", issue.type},
                   {"summary", issue.summary},
                   {"status", issue.status},
                   {"labels", json::value_from(issue.labels)},
                   {"created", iso_time(issue.created)},
                   {"updated", iso_time(issue.updated)},
                   {"description", issue.description}};
  write_account(out, "assignee", issue.assignee);
  write_account(out, "reporter", issue.reporter);
  write_visibility(out, issue.visible_to);
  json::array comments;
  for (const auto& comment : issue.comments) {
    json::object entry{{"id", comment.id}, {"body", comment.body}, {"created", iso_time(comment.created)}};
    write_account(entry, "author", comment.author);
    comments.push_back(std::move(entry));
  }
  out["comments"] = std::move(comments);
  json::array worklogs;
  for (const auto& worklog : issue.worklogs) {
    json::object entry{{"id", worklog.id},
                       {"comment", worklog.comment},
                       {"timeSpentSeconds", worklog.spent.count()},
                       {"started", iso_time(worklog.started)},
                       {"created", iso_time(worklog.created)},
                       {"updated", iso_time(worklog.updated)}};
    write_account(entry, "author", worklog.author);
    worklogs.push_back(std::move(entry));
  }
  out["worklogs"] = std::move(worklogs);
  out["watchers"] = json::value_from(issue.watchers);
  out["voters"] = json::value_from(issue.voters);
  return out;
}

json::object to_json(const Site& site, const Project& project) {
  json::object out{{"id", project.id}, {"key", project.key}, {"name", project.name}};
  write_account(out, "lead", project.lead);
  write_visibility(out, project.visible_to);
  json::array issues;
  for (const auto& issue : site.issues) {
    if (issue.project == project.key) issues.push_back(to_json(issue));
  }
  out["issues"] = std::move(issues);
  return out;
}

json::object to_json(const Site& site, const Page& page) {
  json::object out{{"id", page.id},
                   {"title", page.title},
                   {"body", page.body},
                   {"created", iso_time(page.created)},
                   {"updated", iso_time(page.updated)},
                   {"version", page.version}};
  write_account(out, "author", page.author);
  write_visibility(out, page.visible_to);
  json::array labels, comments;
  for (const auto& id : page.labels) {
    const Label& label = *site.find_label(id);
    labels.emplace_back(label.prefix + ':' + label.name);
  }
  for (const auto& comment : page.comments) {
    json::object entry{{"id", comment.id},
                       {"body", comment.body},
                       {"created", iso_time(comment.created)},
                       {"updated", iso_time(comment.updated)},
                       {"version", comment.version}};
    if (!comment.parent.empty()) entry["parent"] = comment.parent;
    write_account(entry, "author", comment.author);
    comments.push_back(std::move(entry));
  }
  out["labels"] = std::move(labels);
  out["comments"] = std::move(comments);
  return out;
}

json::object to_json(const Site& site, const Space& space) {
  json::object out{{"id", space.id}, {"key", space.key}, {"name", space.name}};
  json::array pages;
  for (const auto& page : site.pages) {
    if (page.space == space.id) pages.push_back(to_json(site, page));
  }
  out["pages"] = std::move(pages);
  return out;
}

}  // namespace

Site read_site(Members& members, PlatformTime now) { return SiteReader(members, now).read(); }

json::object to_json(const Site& site) {
  json::array users, projects, labels, spaces;
  for (const auto& user : site.users) {
    users.push_back(json::object{{"accountId", user.account_id},
                                 {"name", user.name},
                                 {"email", user.email},
                                 {"kind", to_string(user.kind)}});
  }
  for (const auto& project : site.projects) projects.push_back(to_json(site, project));
  for (const auto& label : site.labels)
    labels.push_back(json::object{{"id", label.id}, {"prefix", label.prefix}, {"name", label.name}});
  for (const auto& space : site.spaces) spaces.push_back(to_json(site, space));
  return {{"name", site.name},
          {"cloudId", site.cloud_id},
          {"url", site.url},
          {"region", site.region},
          {"lastId", site.last_id},
          {"users", std::move(users)},
          {"projects", std::move(projects)},
          {"labels", std::move(labels)},
          {"spaces", std::move(spaces)}};
}

}  // namespace tongs::emulator
