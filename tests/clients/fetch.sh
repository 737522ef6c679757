#!/usr/bin/env bash
# Installs the official clients, as released and at the pinned versions, into build/clients. Quick
# when they are there.
set -uo pipefail
cd "$(dirname "$0")/../.."

all="python python-intl tccli node node-intl go java"
if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
  cat <<EOF
Usage: tests/clients/fetch.sh [CLIENT ...]
CLIENT is one of: $all (default: all).
What each installs is pinned in tests/clients/CLIENT. Exit code 1 if one could not be installed; why
is then in build/clients/CLIENT.log. A service is not needed, nor root.
EOF
  exit 0
fi

python_environment() { # NAME: an environment of its own, since all bring a package of the same name
  /usr/bin/python3 -m venv --clear "build/clients/$1" &&
    "build/clients/$1/bin/pip" install --quiet --disable-pip-version-check --no-compile --no-deps \
      -r "tests/clients/$1/requirements.txt"
}

node_modules() { # NAME
  cp "tests/clients/$1/"package*.json "build/clients/$1/" &&
    npm ci --prefix "build/clients/$1" --no-audit --no-fund --ignore-scripts
}

go_programs() { # NAME
  local to="$PWD/build/clients/$1"
  (cd "tests/clients/$1" && export GOFLAGS="${GOFLAGS:-} -mod=readonly" &&
    go build -o "$to/driver" . && go build -o "$to/terraform" ./terraform)
}

java_classes() { # NAME
  local sums="$PWD/tests/clients/$1/jars.sha256"
  mvn --quiet --batch-mode --file "tests/clients/$1/pom.xml" \
    -DoutputDirectory="$PWD/build/clients/$1/lib" dependency:copy-dependencies &&
    (cd "build/clients/$1/lib" && sha256sum --check --quiet "$sums") &&
    javac -encoding UTF-8 -cp "build/clients/$1/lib/*" -d "build/clients/$1" "tests/clients/$1/"*.java
}

install() { # NAME
  case "$1" in
    python | python-intl | tccli) python_environment "$1" ;;
    node | node-intl) node_modules "$1" ;;
    go) go_programs "$1" ;;
    java) java_classes "$1" ;;
    *) echo "no such client: $1; there are: $all" >&2; return 2 ;;
  esac
}

fetch() { # NAME
  local folder="build/clients/$1" log="build/clients/$1.log" stamp
  local sources="tests/clients/$1 tests/clients/fetch.sh"
  stamp="$folder/.installed-$(find $sources -type f -not -name '*.pyc' | sort | xargs cat | sha256sum | cut -c1-16)"
  [ -e "$stamp" ] && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  if install "$1" >"$log" 2>&1; then
    touch "$stamp"
    return 0
  fi
  rm -rf "$folder"
  {
    echo "The client '$1' could not be installed into $folder."
    echo "If its package registry does not answer from here, set the proxy or mirror that its own tool"
    echo "reads (pip, npm, go or mvn), then run again: tests/clients/fetch.sh $1"
    echo "The tool's last words (all of them: $log):"
    tail -n 5 "$log" | sed 's/^/  /'
  } >&2
  return 1
}

failed=0
pids=()
for client in ${*:-$all}; do
  fetch "$client" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
exit "$failed"
