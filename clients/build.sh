#!/usr/bin/env bash
# Generates the gRPC clients from proto/ and builds their examples, below build/grpc. Nothing that is
# generated stays in the source tree. Quick when it is there and nothing has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

all="python node go java"
if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
  cat <<EOF
Usage: clients/build.sh [LANGUAGE ...]
LANGUAGE is one of: $all (default: all), or cpp, which takes minutes on its own and is a part of the
build of the presets dev and asan. Needs the packages of tools/packages.txt (tools/setup.sh test);
go and node also fetch what their lock files pin.
EOF
  exit 0
fi

api() { (cd proto && ls ssl/*/*.proto tag/*/*.proto); }

build_python() { # Below a package certwright, since Python has an ssl of its own.
  mkdir -p "$to/proto"
  for file in $(api); do
    mkdir -p "$to/proto/certwright/$(dirname "$file")"
    sed 's#^import "ssl/#import "certwright/ssl/#' "proto/$file" >"$to/proto/certwright/$file"
  done
  protoc -I "$to/proto" --python_out="$to" --grpc_out="$to" \
    --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
    $(cd "$to/proto" && ls certwright/*/*/*.proto)
  cp clients/python/*.py "$to"
}

build_node() { # Nothing to generate: the protos are read when the program starts.
  cp -r clients/node/. "$to"
  mkdir -p "$to/proto"
  cp -r proto/ssl proto/tag "$to/proto"
  npm ci --prefix "$to" --no-audit --no-fund --ignore-scripts
}

build_go() {
  cp -r clients/go/. "$to"
  GOBIN="$to/bin" go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.28.1
  GOBIN="$to/bin" go install google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.2.0
  local module=certwright.internal/client options=()
  for file in $(api); do
    local folder="$(dirname "$file")" # ssl/v20191205 is the package sslv20191205
    local package="$module/$folder;${folder/\//}"
    options+=("--go_opt=M$file=$package" "--go-grpc_opt=M$file=$package")
  done
  PATH="$to/bin:$PATH" protoc -I proto --go_out="$to" --go-grpc_out="$to" \
    --go_opt="module=$module" --go-grpc_opt="module=$module" "${options[@]}" $(api)
  (cd "$to" && GOFLAGS="${GOFLAGS:-} -mod=readonly" go build -o bin ./example ./vector)
}

# The jars that a client needs, by Debian's names.
java_class_path() {
  local jar path=
  for jar in grpc-{api,context,core,netty,protobuf,protobuf-lite,stub} protobuf guava perfmark-api \
    geronimo-annotation-1.3-spec opencensus-api \
    netty-{buffer,codec,codec-http,codec-http2,codec-socks,common,handler,handler-proxy,resolver,transport}; do
    if [ ! -e "/usr/share/java/$jar.jar" ]; then
      echo "There is no /usr/share/java/$jar.jar; tools/setup.sh test installs it." >&2
      return 1
    fi
    path="$path:/usr/share/java/$jar.jar"
  done
  echo "${path#:}"
}

build_java() {
  mkdir -p "$to/generated" "$to/classes"
  protoc -I proto --java_out="$to/generated" --grpc-java_out="$to/generated" \
    --plugin=protoc-gen-grpc-java="$(command -v grpc_java_plugin)" $(api)
  java_class_path >"$to/class-path"
  javac -nowarn -proc:none -encoding UTF-8 -cp "$(cat "$to/class-path")" -d "$to/classes" \
    $(find "$to/generated" -name '*.java') clients/java/*.java
}

build_cpp() {
  cmake -S clients/cpp -B "$to" -G Ninja -DCMAKE_BUILD_TYPE=Release
  cmake --build "$to"
}

for language in ${*:-$all}; do
  case "$language" in
    python | node | go | java | cpp) ;;
    *) echo "no such language: $language; there are: $all cpp" >&2; exit 2 ;;
  esac
  to="$PWD/build/grpc/$language"
  log="build/grpc/$language.log"
  sources=$(find proto/ssl proto/tag "clients/$language" clients/build.sh -type f | sort | xargs cat | sha256sum | cut -c1-16)
  [ -e "$to/.built-$sources" ] && continue
  [ "$language" = cpp ] || rm -rf "$to"
  mkdir -p "$to"
  "build_$language" >"$log" 2>&1 & # apart from the `if`, within which bash forgets set -e
  if ! wait "$!"; then
    echo "The $language client could not be built. The last words (all of them: $log):" >&2
    tail -n 8 "$log" | sed 's/^/  /' >&2
    exit 1
  fi
  touch "$to/.built-$sources"
done
