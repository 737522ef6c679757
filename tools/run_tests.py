#!/usr/bin/env python3
"""Runs the Catch2 programs of build/dev, the end-to-end tests and the official clients; the last line
counts them all."""

import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
NO_TEST_CHOSEN = 5  # of pytest


def counts(report):
    """(passed, failed, skipped) of a JUnit report; a missing one is one failure."""
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return 0, 1, 0
    failed = sum(any(case.find(tag) is not None for tag in ("failure", "error")) for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def run_catch(program):
    """Counts test cases, whatever sections they have."""
    report = REPORTS / f"{program.name}.xml"
    print(f"-- {program.name}", flush=True)
    run = subprocess.run([program, "-r", "xml", "-o", report], cwd=ROOT, check=False)
    try:
        tree = ElementTree.parse(report)
    except (OSError, ElementTree.ParseError):
        print(f"{program.name} left no report and exit code {run.returncode}")
        return 0, 1, 0
    passed = failed = 0
    for case in tree.iter("TestCase"):
        result = case.find("OverallResult")
        if result is not None and result.get("success") == "true":
            passed += 1
        else:
            failed += 1
            print(f"FAILED: {program.name}: {case.get('name')}")
    if run.returncode != 0:
        subprocess.run([program], cwd=ROOT, check=False)
        failed = max(failed, 1)
    return passed, failed, 0


def run_pytest(folder, arguments):
    report = REPORTS / f"{folder}.xml"
    print(f"-- {folder}", flush=True)
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "--junitxml", report,
                          f"tests/{folder}", *arguments], cwd=ROOT, check=False)
    if run.returncode == NO_TEST_CHOSEN and arguments:
        return 0, 0, 0
    return counts(report)


def main():
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.glob("*.xml"):
        old.unlink()
    programs = sorted((ROOT / "build/dev/tests").glob("*/*_tests"))
    results = [run_catch(program) for program in programs]
    results += [run_pytest(folder, sys.argv[1:]) for folder in ("end_to_end", "clients")]
    passed, failed, skipped = (sum(column) for column in zip(*results))
    if not programs:
        failed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
