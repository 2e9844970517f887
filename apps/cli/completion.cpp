#include "cli/completion.hpp"

#include <array>
#include <ostream>

#include "cli/exit_status.hpp"

namespace tongs::cli {

namespace {

struct Script {
  std::string_view shell;
  std::string_view text;
};

// Each hands the words to `tongs __complete` and offers the lines that come back, or files if there are none.
constexpr std::array kScripts = {
    Script{"bash", R"(_tongs() {
  local IFS=$'\n'
  COMPREPLY=($(tongs __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tongs tongs
)"},
    Script{"zsh", R"(#compdef tongs
_tongs() {
  local -a found
  found=("${(@f)$(tongs __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -a found; else compset -P '--*='; _files; fi
}
compdef _tongs tongs
)"},
    Script{"fish", R"(function __tongs_complete
  set -l token (commandline -ct)
  set -l words (commandline -opc) $token
  set -l found (tongs __complete $words[2..-1] 2>/dev/null)
  set -l option (string match -r -- '^--[^=]*=' $token; or echo)
  test -n "$found[1]"; or set found $option(__fish_complete_path (string replace -- "$option" '' $token))
  printf '%s\n' $found
end
complete -c tongs -f -a '(__tongs_complete)'
)"},
};

}  // namespace

int run_completion(const std::string& shell, Terminal& terminal) {
  for (const Script& script : kScripts) {
    if (script.shell != shell) continue;
    terminal.out() << script.text;
    return kFine;
  }
  terminal.err() << "tongs: there is completion for bash, zsh and fish\n";
  return kUsage;
}

}  // namespace tongs::cli
