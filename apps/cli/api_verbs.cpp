// `tongs api` and its options. No other part of it knows CLI11.
#include "cli/api_verbs.hpp"

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/api_products.hpp"
#include "cli/exit_status.hpp"
#include "cli/verb_options.hpp"
#include "common/number.hpp"

namespace tongs::cli {

namespace {

constexpr const char* kExitStatus =
    "Exit status: 0 the answer is printed, 2 usage, 3 the product refused, or our own failure or the "
    "network.";

/// The words behind `api` that are no options: the product, and the operation.
std::vector<std::string> named(const std::vector<std::string>& words) {
  if (words.empty() || words.front() != "api") return {};
  std::vector<std::string> names;
  for (std::size_t i = 1; i < words.size() && !words[i].starts_with('-') && names.size() < 2; ++i) {
    names.push_back(words[i]);
  }
  return names;
}

std::optional<Operation> operation_named(const std::vector<std::string>& words) {
  const auto names = named(words);
  const ApiProduct* product = names.size() < 2 ? nullptr : find_product(names.front());
  return product == nullptr ? std::nullopt : product->operations().find(names.back());
}

std::string help_of(const OperationParameter& parameter) {
  constexpr std::size_t most = 12;
  std::string help = parameter.list ? "May be given more than once" : "";
  for (std::size_t i = 0; i < parameter.values.size() && i < most; ++i) {
    help += (i == 0 ? (help.empty() ? "" : "; ") : ", ") + std::string(parameter.values[i]);
  }
  if (parameter.values.size() > most) help += ", …";
  return help;
}

const char* type_name(const OperationParameter& parameter) {
  switch (parameter.type) {
    case OperationParameter::Type::integer:
      return "NUMBER";
    case OperationParameter::Type::number:
      return "DECIMAL";
    case OperationParameter::Type::boolean:
      return "true|false";
    case OperationParameter::Type::string:
      break;
  }
  return parameter.pairs ? "NAME=VALUE" : "TEXT";
}

void add_parameter(CLI::App& verb, const OperationParameter& parameter, ApiOptions& options) {
  const std::string name = option_of(parameter);
  auto& option = *verb.add_option("--" + name, options.values[name], help_of(parameter));
  option.type_name(type_name(parameter))->required(parameter.required)->allow_extra_args(false);
  if (!parameter.list && !parameter.pairs)
    option.multi_option_policy(CLI::MultiOptionPolicy::Throw)->expected(1);
  if (parameter.type == OperationParameter::Type::integer) {
    option.check([](const std::string& word) {
      return parse_whole(word) ? std::string() : std::string("use a whole number");
    });
  } else if (parameter.type == OperationParameter::Type::boolean) {
    option.check([](const std::string& word) {
      return word == "true" || word == "false" ? std::string() : std::string("use one of true|false");
    });
  }
}

void add_body(CLI::App& verb, const Operation& operation, ApiOptions& options) {
  if (operation.body == BodyKind::files) {
    verb.add_option("--file", options.files, "File to upload; may be given more than once")
        ->type_name("FILE")
        ->required()
        ->allow_extra_args(false);
    if (operation.body_fields.empty()) return;
    std::string fields;
    for (const auto field : operation.body_fields)
      fields += (fields.empty() ? "" : ", ") + std::string(field);
    verb.add_option("--form", options.form, "A field beside it: " + fields)
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
  } else if (operation.body != BodyKind::none) {
    const bool bytes = operation.body == BodyKind::bytes;
    verb.add_option("--body", options.body,
                    bytes ? "What to send; - is standard input" : "JSON to send; - is standard input")
        ->type_name("FILE")
        ->required(operation.body_required);
    if (bytes) {
      verb.add_option("--content-type", options.content_type, "Such as image/png")
          ->required()
          ->type_name("TYPE");
    }
  }
}

void add_common(CLI::App& verb, ApiOptions& options) {
  verb.add_option("--query", options.query, "Another parameter of the query; may be given more than once")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  verb.add_option("--as", options.as,
                  "In whose name: app, user (with --invocation) or an account id (default: app)")
      ->type_name("app|user|ACCOUNT");
  verb.add_option("--installation", options.installation, "Installation to act for")->type_name("ID");
  verb.add_option("--invocation", options.invocation, "Invocation whose user --as user means")
      ->type_name("ID");
  verb.add_option("--proxy-url", options.proxy_url, "Egress of the gateway (default: http://127.0.0.1:7072)")
      ->envname("FORGE_EGRESS_PROXY_URL")
      ->type_name("URL");
  auto& direct = *verb.add_option("--api-base-url", options.api_base_url,
                                  "The API itself instead, with the access token in TONGS_API_TOKEN");
  direct.type_name("URL");
  verb.add_option("--token-url", options.token_url,
                  "OAuth token endpoint that gives the token instead, to the client of TONGS_CLIENT_ID and "
                  "TONGS_CLIENT_SECRET")
      ->type_name("URL")
      ->needs(&direct);
  verb.add_option("--record", options.record, "List to add this call to, for 'tongs manifest check --calls'")
      ->type_name("FILE");
  for (const auto* of_egress : {"--installation", "--invocation"})
    direct.excludes(verb.get_option(of_egress));
  add_format(verb, options.format);
}

std::string description_of(const Operation& operation) {
  std::string text(operation.method);
  text.append(" ").append(operation.path);
  if (operation.deprecated) text += " (deprecated)";
  if (operation.experimental) text += " (experimental)";
  return text;
}

void add_operation(CLI::App& product, const Operation& operation, ApiOptions& options,
                   std::function<int(Terminal&)>& run) {
  auto& verb = *product.add_subcommand(std::string(operation.name), description_of(operation));
  for (const OperationParameter& parameter : operation.parameters) add_parameter(verb, parameter, options);
  add_body(verb, operation, options);
  if (operation.paging)
    verb.add_flag("--all", options.all, "Every page, item by item; progress on standard error");
  if (operation.downloads)
    verb.add_option("--output", options.output, "File to write (default: standard output)")
        ->type_name("FILE");
  add_common(verb, options);
  verb.footer(scopes_of(operation) + "\n" + kExitStatus);
  options.product = product.get_name();
  options.operation = operation;
  verb.callback([&options, &run] {
    if (options.installation.empty() && options.api_base_url.empty())
      throw CLI::RequiredError("--installation (or --api-base-url)");
    run = [&options](Terminal& terminal) { return run_api(options, terminal); };
  });
}

void list(const ApiProduct& product, Terminal& terminal) {
  const OperationTable& table = product.operations();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Operation operation = table[i];
    terminal.out() << product.name << ' ' << operation.name << '\t' << description_of(operation) << '\n';
  }
}

/// `--list`, which asks for no operation.
void add_list(CLI::App& verb, const ApiProduct* product, std::function<int(Terminal&)>& run) {
  verb.add_flag_callback(
      "--list",
      [product, &run] {
        run = [product](Terminal& terminal) {
          for (const ApiProduct& each : api_products()) {
            if (product == nullptr || product == &each) list(each, terminal);
          }
          return kFine;
        };
      },
      "Print the operations, and end");
  verb.callback([&verb, &run] {
    if (!run && verb.get_subcommands().empty()) throw CLI::RequiredError("an operation (or --list)");
  });
}

}  // namespace

void add_api_verbs(CLI::App& tongs, const std::vector<std::string>& words, ApiOptions& options,
                   std::function<int(Terminal&)>& run) {
  options.proxy_url = "http://127.0.0.1:7072";
  auto& api = *tongs.add_subcommand("api", "Call an operation of a product");
  api.footer(
      "Example:\n  tongs api jira get-issue --issue-id-or-key TEST-1 --installation "
      "0a3a7799-53ae-4a5b-9e7e-03338980abb5\n\n" +
      std::string(kExitStatus));
  add_list(api, nullptr, run);
  const auto names = named(words);
  for (const ApiProduct& each : api_products()) {
    auto& product = *api.add_subcommand(std::string(each.name), std::string(each.summary));
    add_list(product, &each, run);
    product.footer("'tongs api " + std::string(each.name) + " --list' names the " +
                   std::to_string(each.operations().size()) + " operations; each has a --help.");
    if (names.size() < 2 || names.front() != each.name) continue;
    if (const auto operation = each.operations().find(names.back())) {
      if (operation->name == names.back()) add_operation(product, *operation, options, run);
    }
  }
}

std::vector<std::string> option_values(const std::vector<std::string>& words) {
  const auto operation = operation_named(words);
  if (!operation) return {};
  const std::string& option = words.back();
  if (option == "--as") return {"app", "user"};
  for (const OperationParameter& parameter : operation->parameters) {
    if (option != "--" + option_of(parameter)) continue;
    if (parameter.type == OperationParameter::Type::boolean) return {"true", "false"};
    return {parameter.values.begin(), parameter.values.end()};
  }
  return {};
}

std::optional<std::string> option_for(const std::vector<std::string>& words, std::string_view word) {
  const auto operation = operation_named(words);
  if (!operation) return std::nullopt;
  for (const OperationParameter& parameter : operation->parameters) {
    if (word == "--" + std::string(parameter.name)) return "--" + option_of(parameter);
  }
  return std::nullopt;
}

std::string namesake_of(const std::vector<std::string>& words, std::string_view option) {
  const auto operation = operation_named(words);
  return operation ? namesake_of(*operation, option) : "";
}

std::optional<std::string> operation_elsewhere(const std::vector<std::string>& words, std::string_view word) {
  const auto names = named(words);
  if (names.size() < 2 || names.back() != word) return std::nullopt;
  const auto in = [&](const ApiProduct& product) -> std::optional<std::string> {
    const auto operation = product.operations().find(word);
    if (!operation) return std::nullopt;
    return "tongs api " + std::string(product.name) + ' ' + std::string(operation->name);
  };
  const ApiProduct* named_one = find_product(names.front());
  auto found = named_one == nullptr ? std::nullopt : in(*named_one);
  for (const ApiProduct& product : api_products()) {
    if (!found) found = in(product);
  }
  return found;
}

std::vector<std::string> operation_names(const std::vector<std::string>& words) {
  const auto names = named(words);
  const ApiProduct* product = names.empty() ? nullptr : find_product(names.front());
  std::vector<std::string> all;
  if (product == nullptr) return all;
  const OperationTable& table = product->operations();
  for (std::size_t i = 0; i < table.size(); ++i) all.emplace_back(table.name(i));
  return all;
}

}  // namespace tongs::cli
