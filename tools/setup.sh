#!/usr/bin/env bash
# Installs what is missing on a Debian 12. Quick when nothing is.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'EOF'
Usage: tools/setup.sh build|test|check
Installs the missing Debian packages of tools/packages.txt (build: for the program; test: for its
tests too; check: for tools/check.sh alone) and makes the Python environment build/venv (not for
check). Needs root, or sudo, only to install.
EOF
}

case "${1:-}" in
  build | test | check) level=$1 ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

wanted=$(awk -v level="$level" '
  /^#/ || /^$/ { next }
  /^\[/ { section = substr($0, 2, length($0) - 2); next }
  section == level || (section == "build" && level == "test") { print }' tools/packages.txt)
missing=()
while read -r package command; do
  [ -n "$command" ] && command -v "$command" >/dev/null && continue
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done <<<"$wanted"
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing ${#missing[@]} packages: ${missing[*]}"
  as_root=(env)
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "Installing packages needs root. As root, run: tools/setup.sh $level" >&2
      exit 1
    }
    as_root=(sudo env)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
fi

[ "$level" != check ] || exit 0
requirements=examples/requirements.txt
[ "$level" = build ] || requirements=tests/end_to_end/requirements.txt
stamp=build/venv/.${level}-$(sha256sum "$requirements" | cut -c1-16)
if [ ! -e "$stamp" ]; then
  echo "Installing the Python packages of $requirements into build/venv"
  mkdir -p build
  [ -x build/venv/bin/python ] || /usr/bin/python3 -m venv build/venv
  build/venv/bin/pip install --quiet --disable-pip-version-check -r "$requirements"
  touch "$stamp"
fi
