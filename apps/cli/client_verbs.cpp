#include "cli/client_verbs.hpp"

#include <string>

#include "cli/verb_options.hpp"

namespace tongs::cli {

namespace {

/// Where the options of a verb go, and what to run once it is chosen.
struct Line {
  ClientOptions& options;
  std::function<int(Terminal&)>& run;
};

CLI::App& add_client_verb(CLI::App& client, Line line, const std::string& name, const std::string& about,
                          int (*run)(const ClientOptions&, Terminal&)) {
  auto& verb = *client.add_subcommand(name, about);
  add_admin(verb, line.options.admin);
  add_format(verb, line.options.format);
  verb.callback(
      [line, run] { line.run = [line, run](Terminal& terminal) { return run(line.options, terminal); }; });
  return verb;
}

void add_client_installation(CLI::App& verb, Line line) {
  verb.add_option("--installation", line.options.installation, "Installation that the client is for")
      ->required()
      ->type_name("ID");
}

void add_client_id(CLI::App& verb, Line line) {
  verb.add_option("client", line.options.client, "Id of the client")->required()->type_name("CLIENT");
}

void add_client_life(CLI::App& verb, Line line) {
  verb.add_option("--expires-in-days", line.options.expires_in_days,
                  "How long the secret is good for (default: until it is replaced)")
      ->type_name("DAYS");
}

void add_client_create(CLI::App& client, Line line) {
  auto& verb = add_client_verb(client, line, "create", "Make a client; prints its secret, this once",
                               run_client_create);
  add_client_installation(verb, line);
  verb.add_option("--name", line.options.name, "What it is, for administrators")->type_name("TEXT");
  add_client_life(verb, line);
  verb.add_option(
          "--allow-from", line.options.allow_from,
          "Where it may call from, such as 192.0.2.0/24, or user:1000 on a Unix socket; once for each "
          "(default: anywhere)")
      ->type_name("NETWORK")
      ->allow_extra_args(false);
  auto* jwks = verb.add_option("--jwks", line.options.jwks,
                               "Its public keys, in place of a secret (private_key_jwt); - is standard input")
                   ->type_name("FILE");
  auto* certificate =
      verb.add_option("--certificate", line.options.certificate,
                      "A name that its certificate has, in place of a secret (tls_client_auth): dns:HOST, "
                      "uri:URI or subject:DN")
          ->type_name("NAME")
          ->excludes(jwks);
  verb.add_flag("--connect", line.options.connect,
                "It signs with its secret, as libraries for Atlassian Connect do")
      ->excludes(jwks)
      ->excludes(certificate);
  verb.footer(
      "Examples:\n"
      "  tongs client create --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5 --name billing\n"
      "  tongs client create --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5 --jwks jwks.json \\\n"
      "    --allow-from 192.0.2.0/24\n"
      "  tongs client create --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5 \\\n"
      "    --certificate dns:backend.example.com");
}

}  // namespace

void add_client_verbs(CLI::App& tongs, ClientOptions& options, std::function<int(Terminal&)>& run) {
  const Line line{options, run};
  auto& client = *tongs.add_subcommand("client", "OAuth clients, which ask a gateway for tokens");
  client.require_subcommand(1);
  client.footer(
      "A client belongs to one installation and gets the tokens of no other. The gateway must be running.\n"
      "Exit status 2 if the call cannot be made as it is written, 3 if the gateway refuses it or cannot be "
      "reached.");
  add_client_create(client, line);
  auto& list = add_client_verb(client, line, "list", "Show the clients of an installation", run_client_list);
  add_client_installation(list, line);
  list.footer("Example:\n  tongs client list --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5");
  auto& rotate = add_client_verb(client, line, "rotate", "Give a client a new secret; prints it, this once",
                                 run_client_rotate);
  add_client_id(rotate, line);
  rotate
      .add_option("--overlap-seconds", line.options.overlap_seconds,
                  "How long the secret of before stays good (default: a day)")
      ->type_name("SECONDS");
  add_client_life(rotate, line);
  rotate.footer("Example:\n  tongs client rotate tc_54pLz-W6XTn70zdIVi2vrg --overlap-seconds 3600");
  auto& erase = add_client_verb(client, line, "delete", "Delete a client: it gets nothing from then on",
                                run_client_delete);
  add_client_id(erase, line);
  erase.footer("Example:\n  tongs client delete tc_54pLz-W6XTn70zdIVi2vrg");
}

}  // namespace tongs::cli
