#!/usr/bin/env bash
# From a fresh Debian 12 to verified certificates: installs, builds, serves, runs the batch script.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'EOF'
Usage: ./demo.sh [--keep] [DOMAIN ...]
Installs what is missing, builds the Release program, starts the service on loopback with its data in
demo/data, and runs examples/batch_apply.py for the domains (default: examples/domains.txt). The
verified bundles are left in demo/bundles. Run it again at once: it is quick then.
  --keep   leave the service running, and print how to stop it
EOF
}

keep=
domains=()
for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    --keep) keep=1 ;;
    -*) usage >&2; exit 2 ;;
    *) domains+=("$argument") ;;
  esac
done
[ "${#domains[@]}" -gt 0 ] || domains=(--file examples/domains.txt)

tools/setup.sh build
echo "Building build/release/certwright"
cmake --preset release >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
cmake --build --preset release

mkdir -p demo
program=build/release/certwright
"$program" serve --demo --data demo/data --http 127.0.0.1:0 --grpc 127.0.0.1:0 \
  >demo/serve.out 2>demo/serve.log &
service=$!
stop() { kill -TERM "$service" 2>/dev/null && wait "$service" || true; }
trap stop EXIT
until grep -q '^Ready$' demo/serve.out; do
  kill -0 "$service" 2>/dev/null || { cat demo/serve.out demo/serve.log; exit 1; }
  sleep 0.1
done

build/venv/bin/python examples/batch_apply.py --endpoint-env demo/data/endpoint.env \
  --roots demo/data/ca-roots.pem --output demo/bundles "${domains[@]}"

cat <<EOF

What to try next:
  ls demo/bundles/*                      one folder a domain: nginx, Apache, IIS, Tomcat, roots
  ./demo.sh --keep my.test               serve on, and apply for a name of yours
  $program call DescribeCertificates '{"Limit":3}' --endpoint-env demo/data/endpoint.env
  cat demo/serve.out                     the lines that point the Python SDK, tccli and grpcurl here
EOF
if [ -n "$keep" ]; then
  trap - EXIT
  echo "The service runs on (process $service). Stop it with: kill $service"
else
  echo "(The service was stopped; start it again with: $program serve --demo --data demo/data)"
fi
