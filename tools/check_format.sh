#!/usr/bin/env bash
# Fails when a C++ file is not formatted as .clang-format says; --fix formats them.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run -Werror)
[ "${1:-}" = --fix ] && mode=(-i)
find core storage adapters server bench clients tests \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 clang-format-14 "${mode[@]}"
