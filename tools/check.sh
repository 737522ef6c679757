#!/usr/bin/env bash
# clang-tidy over our own sources. Beside test.sh, since it takes as long as a build.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'EOF2'
Usage: tools/check.sh [-p BUILD] [-j JOBS] [FILE.cc ...]
Runs clang-tidy-14 with .clang-tidy over every source of ours that the build folder BUILD compiles,
or over the FILEs. BUILD is build/dev if not given, else build/lead. JOBS at a time (2). Generated
sources must be built. Prints progress and each finding. Exit code 0: none; 1: findings; 2: it could not run.
EOF2
}

build=''
jobs=2
while getopts ':p:j:h-:' option; do
  case "$option$OPTARG" in
    p*) build=$OPTARG ;;
    j*) jobs=$OPTARG ;;
    h* | -help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))

fail() { echo "$*" >&2; exit 2; }
tidy=$(command -v clang-tidy-14) || fail "There is no clang-tidy-14: tools/setup.sh check installs it."
for folder in build/dev build/lead; do
  [ -n "$build" ] || [ ! -e "$folder/compile_commands.json" ] || build=$folder
done
[ -e "${build:-build/dev}/compile_commands.json" ] ||
  fail "${build:-build/dev} has no compile_commands.json: run cmake --preset dev, or give -p BUILD."

sources=("$@")
if [ "$#" = 0 ]; then
  compiled=$(grep -o '"file": "[^"]*"' "$build/compile_commands.json")
  mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.cc' | while read -r file; do
    grep -qF "\"$PWD/$file\"" <<<"$compiled" && echo "$file"
  done)
fi

reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
export tidy build reports
export total=${#sources[@]}

check_one() {
  local report=$reports/${1//\//_}
  if "$tidy" -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option "$1" >"$report.running" 2>"$report.errors"; then
    : >"$report.ok"
  else
    # A crash would look like a finding of nothing.
    [ -s "$report.running" ] || cat "$report.errors" >>"$report.running"
    cat "$report.running"
    : >"$report.bad"
  fi
  printf '[%d/%d] %s\n' "$(find "$reports" -name '*.ok' -o -name '*.bad' | wc -l)" "$total" "$1"
}
export -f check_one

printf '%s\0' "${sources[@]}" | nice xargs -0 -n 1 -P "$jobs" bash -c 'check_one "$0"' || true
bad=$(find "$reports" -name '*.bad' | wc -l)
checked=$(find "$reports" -name '*.ok' -o -name '*.bad' | wc -l)
[ "$checked" = "$total" ] || fail "Only $checked of $total files were checked."
echo "$total files checked, findings in $bad"
[ "$bad" = 0 ]
