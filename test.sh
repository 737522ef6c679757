#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. The last line counts them.
set -euo pipefail
cd "$(dirname "$0")"

if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
  cat <<'EOF'
Usage: ./test.sh [PYTEST ARGUMENTS ...]
Builds the presets dev (unit and integration tests) and release (the program under the end-to-end
tests and the official clients) and runs them all. Ends in "N passed, N failed"; exit code 0 if nothing failed.
EOF
  exit 0
fi

step() { printf '\n== %s\n' "$1"; }
build() {
  cmake --preset "$1" >"build/configure-$1.log" 2>&1 || { cat "build/configure-$1.log"; exit 1; }
  cmake --build --preset "$1" || { echo "The $1 build failed."; exit 1; }
}

step "Packages"
tools/setup.sh test
tools/install_grpcurl.sh || echo "grpcurl could not be installed and fails its tests"
step "Official clients"
tests/clients/fetch.sh || echo "What could not be installed fails its tests"
step "Generated clients"
clients/build.sh || echo "What could not be built fails its tests"
step "Format and house rules"
tools/check_format.sh
python3 tools/tidy.py
step "Build: dev"
build dev
step "Build: release"
build release
step "Tests"
exec build/venv/bin/python tools/run_tests.py "$@"
