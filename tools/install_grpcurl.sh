#!/usr/bin/env bash
# Builds grpcurl into build/bin, for the tests and for trying things out. Needs Go.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x build/bin/grpcurl ] && exit 0
command -v go >/dev/null || {
  echo "install_grpcurl: needs Go; install it with: apt-get install golang-go" >&2
  exit 1
}
mkdir -p build/bin
# The newest that Debian 12's Go 1.19 builds.
GOBIN="$PWD/build/bin" go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.8.7
