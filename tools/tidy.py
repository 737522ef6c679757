#!/usr/bin/env python3
"""The house rules that a compiler does not see. The build runs this: a forbidden include, a wall
clock where none belongs, or a document that names a missing file fails it, by file and line.
Prints the largest files, and judges none."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# folder: (our folders it may include, libraries it may include besides std and absl). The longest
# folder that holds a file decides.
GENERATED = ("ssl/v20191205/", "ssl/v20261201/", "tag/v20180813/", "config/", "google/rpc/",
             "ssl_descriptor_set.h")
LAYERS = {
    "core": (("core/",), ()),
    "core/policy.cc": (("core/",), ("simdjson.h",)),
    "core/crypto": (("core/",), ("openssl/", "nettle/", "gmp.h", "zip.h")),
    "storage": (("core/", "storage/", "schema_files.h"), ("sqlite3.h", "libpq-fe.h")),
    "adapters": (("core/", "adapters/"), ("curl/", "dlfcn.h", "ares.h", "libpsl.h", "unbound.h", "simdjson.h")),
    "server": (("core/", "server/") + GENERATED, ("google/protobuf/", "simdjson.h")),
    "server/transport": (
        ("core/", "server/", "grpc/") + GENERATED,
        ("google/protobuf/", "grpc/", "grpcpp/", "boost/", "openssl/"),
    ),
    # The composition root: it alone sees every concrete class.
    "server/commands": (
        ("core/", "storage/", "adapters/", "server/") + GENERATED,
        ("google/protobuf/", "CLI/"),
    ),
    "server/service.cc": (
        ("core/", "storage/", "adapters/", "server/") + GENERATED, ("google/protobuf/",)),
    "server/main.cc": (("core/", "server/"), ("google/protobuf/",)),
    "server/log.cc": (("core/", "server/"), ("spdlog/",)),
}
SYSTEM = ("arpa/", "sys/", "netinet/", "fcntl.h", "unistd.h", "poll.h", "absl/")
# Where time and chance come from outside, on purpose.
CLOCK_MAY_STAND_IN = ("server/system.cc", "server/pipeline.cc", "server/transport/", "bench/",
                      "adapters/deadline.h")
BANNED = re.compile(
    r"absl::Now\(|absl::SleepFor|std::this_thread::sleep|\busleep\(|\bnanosleep\(|"
    r"\bsystem_clock\b|\bsteady_clock\b|\bstd::rand\b|\bsrand\(|\brandom_device\b"
)
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')
TODO = re.compile(r"\bTODO\b(?!\(#\d+\):)")
LINK = re.compile(r"\]\(([^)#:\s]+)\)")


def tracked(suffixes):
    """Our files with these endings: git's list, or the folder's where git cannot tell."""
    listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True, check=False, cwd=ROOT)
    if listing.returncode == 0:
        paths = listing.stdout.splitlines()
    else:
        paths = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
        paths = [path for path in paths if not path.startswith(("build", "demo", "."))]
    return [path for path in paths if path.endswith(suffixes) and (ROOT / path).is_file()]


def layer_of(path):
    fitting = [name for name in LAYERS if path == name or path.startswith(name + "/")]
    return LAYERS[max(fitting, key=len)] if fitting else None


def include_fault(path, include, rules):
    ours, libraries = rules
    is_std = "/" not in include and "." not in include
    if is_std or include.startswith(SYSTEM) or include.startswith(libraries):
        return ""
    if include.startswith(ours):
        is_composed = path.startswith(("server/commands/", "server/service"))
        if include.startswith("server/transport/") and not (
                path.startswith("server/transport/") or is_composed):
            return "only the composition root may see a transport"
        return ""
    return "not in this folder's row of the table in tools/tidy.py"


def check_source(path, faults):
    rules = layer_of(path)
    lines = (ROOT / path).read_text().splitlines()
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        found = INCLUDE.match(line)
        if found and rules:
            fault = include_fault(path, found.group(1), rules)
            if fault:
                faults.append(f"{where}: include of {found.group(1)}: {fault}")
        if BANNED.search(line) and not path.startswith(CLOCK_MAY_STAND_IN):
            faults.append(f"{where}: wall clock, sleep or unseeded chance: {line.strip()}")
        if TODO.search(line):
            faults.append(f"{where}: a TODO names an issue: TODO(#12): …")
    return len(lines)


def check_document(path, faults):
    folder = (ROOT / path).parent
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        for target in LINK.findall(line):
            if not (folder / target).exists():
                faults.append(f"{path}:{number}: link to {target}, which is not there")


def main():
    if len(sys.argv) > 1:
        print(__doc__)
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    faults, sizes = [], []
    for path in tracked((".cc", ".h")):
        sizes.append((check_source(path, faults), path))
    for path in tracked((".md",)):
        check_document(path, faults)
    for fault in faults:
        print(fault)
    largest = ", ".join(f"{path} {lines}" for lines, path in sorted(sizes, reverse=True)[:5])
    print(f"tidy: {len(sizes)} files, {sum(lines for lines, _ in sizes)} lines; largest: {largest}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
