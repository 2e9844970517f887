# Shared by the commands in this folder: sourced by them, never run.
#
# TONGS_JOBS            how many compilers and tests run at a time (default: by cores and memory)
# TONGS_SKIP_PACKAGES   1: install nothing; somebody else has put the packages there

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly project
# ccache takes paths inside the project as relative, so that one clone profits from what another compiled.
export CCACHE_BASEDIR=$project CCACHE_NOHASHDIR=1

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  shift
  [[ $# -eq 0 ]] || printf '  %s\n' "$@" >&2
  exit 1
}
if [[ ! -t 1 ]]; then
  say() { printf '==> %s\n' "$*"; }
fi

# The comment at the head of the running script is its manual.
print_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

# Refuses an argument that the running script does not know.
unknown_argument() { die "unknown argument '$1'" "try: scripts/$(basename "$0") --help"; }

# TONGS_JOBS, or one job per core as long as each has 1.5 GB of memory.
count_jobs() {
  if [[ -n ${TONGS_JOBS:-} ]]; then
    [[ $TONGS_JOBS =~ ^[1-9][0-9]*$ ]] || die "TONGS_JOBS must be a number from 1, such as TONGS_JOBS=2"
    printf '%s\n' "$TONGS_JOBS"
    return
  fi
  local cores by_memory
  cores=$(nproc)
  by_memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo)
  [[ ${by_memory:-0} -ge 1 ]] || by_memory=1
  printf '%s\n' $((cores < by_memory ? cores : by_memory))
}
jobs=$(count_jobs)
readonly jobs

# require_space FOLDER GIGABYTES PURPOSE
require_space() {
  local free_kb
  free_kb=$(df --output=avail -k "$1" | tail -n 1)
  ((free_kb >= $2 * 1024 * 1024)) ||
    die "not enough disk space to $3: $((free_kb / 1024)) MB free at $1, $2 GB needed"
}

# Shortens a builder's counted steps (`[7/80] …`) to every tenth part of them; all other lines pass.
thin_out() {
  awk '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), step, "/")
      tenth = int(step[1] * 10 / step[2])
      if (tenth != shown || step[1] == step[2]) { print; fflush() }
      shown = tenth
      next
    }
    { print; fflush() }'
}

# configure_and_build PRESET [TARGET…]: brings build/PRESET up to date.
configure_and_build() {
  local preset=$1
  shift
  [[ -e $project/build/$preset/build.ninja ]] || require_space "$project" 4 "build"
  say "configure (preset $preset)"
  (cd "$project" && cmake --preset "$preset" --log-level=NOTICE)
  say "build (preset $preset, $jobs at a time)"
  local command=(cmake --build --preset "$preset" -j "$jobs")
  [[ $# -eq 0 ]] || command+=(--target "$@")
  if [[ -t 1 ]]; then
    (cd "$project" && "${command[@]}")
  else
    (cd "$project" && "${command[@]}") | thin_out
  fi
}

# install_packages GROUP…: brings in what is missing of these groups of packages.txt.
install_packages() {
  [[ ${TONGS_SKIP_PACKAGES:-} == 1 ]] || "$project/scripts/install-packages" "$@"
}
