#include "cli/manifest_verbs.hpp"

#include <string>

#include "cli/manifest_lsp.hpp"
#include "cli/verb_options.hpp"

namespace tongs::cli {

namespace {

struct Line {
  ManifestVerbs& options;
  std::function<int(Terminal&)>& run;
};

void add_check(CLI::App& manifest, Line line) {
  auto& options = line.options.check;
  auto& verb =
      *manifest.add_subcommand("check", "What Forge will say about remotes, endpoints and permissions");
  verb.add_option("files", options.files, "Manifests, or folders with them; - is standard input")
      ->required()
      ->type_name("FILE");
  add_choice<ReportFormat>(verb, "--format", options.format,
                           {{"human", ReportFormat::human},
                            {"json", ReportFormat::json},
                            {"sarif", ReportFormat::sarif},
                            {"github", ReportFormat::github}},
                           "How to report (default: human)");
  verb.add_option("--rule", options.selection.only, "Only these rules")
      ->type_name("RULE[:KEY]")
      ->allow_extra_args(false);
  verb.add_option("--ignore", options.selection.ignored, "Not these rules")
      ->type_name("RULE[:KEY]")
      ->allow_extra_args(false);
  verb.add_option("--calls", options.calls,
                  "Also compare the scopes with these calls: a list, a C++ file, or a folder")
      ->type_name("FILE|DIR")
      ->allow_extra_args(false);
  verb.footer(
      "RULE is the id of a rule or a code of the official tool; with :KEY only for what stands in the "
      "remote, "
      "endpoint or other module of that key. A comment '# tongs-ignore RULE' does the same for its line, or "
      "for the next one if it stands alone. In a folder every manifest.yml counts, however deep.\n"
      "Exit status 1 if there is a finding of severity error, a call lacks a scope, or a line of a list "
      "names no call.\n\nExamples:\n"
      "  tongs manifest check manifest.yml\n"
      "  tongs manifest check . --format sarif --ignore remote-unused:logs\n"
      "  git show HEAD~1:manifest.yml | tongs manifest check --format json -");
  verb.callback([line] {
    line.run = [line](Terminal& terminal) { return run_manifest_check(line.options.check, terminal); };
  });
}

void add_explain(CLI::App& manifest, Line line) {
  auto& options = line.options.explain;
  auto& verb = *manifest.add_subcommand("explain", "What a rule says, with a good and a bad example");
  auto* rule = verb.add_option("rule", options.rule, "Rule, such as remote-key-length")->type_name("RULE");
  auto* list = verb.add_flag("--list", options.list, "Name all rules");
  auto* page = verb.add_flag("--page", options.page, "Print docs/rules.md");
  rule->excludes(list)->excludes(page);
  list->excludes(page);
  verb.footer("Examples:\n  tongs manifest explain remote-key-length\n  tongs manifest explain --list");
  verb.callback([line] {
    if (const auto& chosen = line.options.explain; chosen.rule.empty() && !chosen.list && !chosen.page)
      throw CLI::RequiredError("a rule");
    line.run = [line](Terminal& terminal) { return run_manifest_explain(line.options.explain, terminal); };
  });
}

void add_fix(CLI::App& manifest, Line line) {
  auto& options = line.options.fix;
  auto& verb = *manifest.add_subcommand("fix", "Mend what can be mended safely, and nothing else");
  verb.add_option("files", options.files, "Manifests")->required()->type_name("FILE");
  verb.add_flag("--dry-run", options.dry_run, "Print the changes as a diff instead of making them");
  add_choice<std::optional<bool>>(verb, "--in-scope-eud", options.in_scope_eud,
                                  {{"true", true}, {"false", false}},
                                  "What remotes that store data and do not say so are to say");
  verb.add_option("--operations", options.operations,
                  "What remotes without operations are for, such as compute,fetch")
      ->delimiter(',')
      ->type_name("NAME,…")
      ->check(CLI::IsMember({"storage", "compute", "fetch", "other"}))
      ->allow_extra_args(false);
  verb.footer(
      "Misspelt properties, operations, regions and references get the name that was meant, if one is near "
      "and "
      "the mended manifest has fewer findings. What a remote is for and stores only its owner knows: that is "
      "added by option. Comments and formatting stay.\nExit status 1 with --dry-run if something would "
      "change."
      "\n\nExamples:\n"
      "  tongs manifest fix --dry-run manifest.yml\n"
      "  tongs manifest fix manifest.yml --operations compute --in-scope-eud false");
  verb.callback([line] {
    line.run = [line](Terminal& terminal) { return run_manifest_fix(line.options.fix, terminal); };
  });
}

void add_residency(CLI::App& manifest, Line line) {
  auto& verb =
      *manifest.add_subcommand("residency", "Whether the app can be PINNED, and what stands in its way");
  verb.add_option("file", line.options.residency.file, "Manifest; - is standard input")
      ->required()
      ->type_name("FILE");
  add_format(verb, line.options.residency.format);
  verb.footer(
      "Exit status 1 if the app is not eligible.\n\nExample:\n  tongs manifest residency manifest.yml");
  verb.callback([line] {
    line.run = [line](Terminal& terminal) {
      return run_manifest_residency(line.options.residency, terminal);
    };
  });
}

void add_diff(CLI::App& manifest, Line line) {
  auto& options = line.options.diff;
  auto& verb =
      *manifest.add_subcommand("diff", "Whether an upgrade is major or minor, today and as announced");
  verb.add_option("before", options.before, "Manifest of the version that is out; - is standard input")
      ->required();
  verb.add_option("after", options.after, "Manifest of the version to come; - is standard input");
  verb.add_option("--git", options.revision, "Compare with this revision of the one manifest that is named")
      ->type_name("REV");
  add_format(verb, options.format);
  add_choice<std::optional<manifest::Impact>>(
      verb, "--fail-on", options.fail_on,
      {{"minor", manifest::Impact::minor}, {"major", manifest::Impact::major}},
      "Exit status 1 if a deploy today has this impact or a greater one");
  verb.footer(
      "Examples:\n"
      "  tongs manifest diff released.yml manifest.yml\n"
      "  tongs manifest diff --git main manifest.yml --fail-on major");
  verb.callback([line] {
    auto& chosen = line.options.diff;
    if (chosen.revision.empty() == chosen.after.empty()) {
      throw CLI::ValidationError(chosen.after.empty() ? "name two manifests, or one with --git"
                                                      : "with --git, name one manifest");
    }
    line.run = [line](Terminal& terminal) { return run_manifest_diff(line.options.diff, terminal); };
  });
}

void add_lsp(CLI::App& manifest, Line line) {
  auto& verb = *manifest.add_subcommand("lsp", "A language server on standard input and output, for editors");
  verb.add_flag("--stdio", line.options.stdio, "What editors pass along; it is always so");
  verb.footer("docs/guide/manifest.md says how to use it in VS Code and elsewhere.");
  verb.callback([line] { line.run = [](Terminal& terminal) { return run_manifest_lsp(terminal); }; });
}

}  // namespace

void add_manifest_verbs(CLI::App& tongs, ManifestVerbs& options, std::function<int(Terminal&)>& run) {
  const Line line{options, run};
  auto& manifest = *tongs.add_subcommand("manifest", "What a manifest means to Forge");
  manifest.require_subcommand(1);
  add_check(manifest, line);
  add_explain(manifest, line);
  add_fix(manifest, line);
  add_residency(manifest, line);
  add_diff(manifest, line);
  add_lsp(manifest, line);
}

}  // namespace tongs::cli
