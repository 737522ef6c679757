"""The page about the documented actions, docs/conformance.md: it may promise no more than is so."""

from conftest import ROOT, run

PAGE = ROOT / "docs" / "conformance.md"
LIMITS = ROOT / "docs" / "conformance-limits.md"


def conformance(service, *arguments):
    return run("conformance", "--endpoint-env", service.data / "endpoint.env", *arguments)


def test_nothing_that_the_page_says_has_dropped(service):
    checked = conformance(service, "--check", PAGE)
    assert checked.returncode == 0, checked.stderr
    assert LIMITS.read_text() in PAGE.read_text()


def test_the_page_is_the_same_each_time(service, tmp_path):
    pages = []
    for name in ("first.md", "second.md"):
        written = conformance(service, "--write", tmp_path / name, "--limits", LIMITS)
        assert written.returncode == 0, written.stderr
        pages.append((tmp_path / name).read_text())
    assert pages[0] == pages[1]


def test_what_dropped_is_told(service, tmp_path):
    page = tmp_path / "page.md"
    assert conformance(service, "--write", page, "--limits", LIMITS).returncode == 0
    text = page.read_text()
    unseen = next(line for line in text.splitlines() if line.startswith("- DescribeCertificates: "))
    page.write_text(text.replace(unseen + "\n", "").replace("| DescribeCSR |", "| Describe |"))

    checked = conformance(service, "--check", page)

    assert checked.returncode == 1
    assert "DescribeCertificates does not show a member any more: " in checked.stderr
    assert "Describe is no action of the API any more." in checked.stderr
    assert "certwright conformance --write" in checked.stderr


def test_wrong_usage_and_a_silent_service_are_told(service, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Something else\n")
    assert conformance(service, "--check", page).returncode == 2
    assert conformance(service, "--check", tmp_path / "absent.md").returncode == 2
    assert conformance(service, "--write", tmp_path / "x.md").returncode == 2  # no limits there
    silent = conformance(service, "--http", "127.0.0.1:1")
    assert (silent.returncode, "certwright serve --demo" in silent.stderr) == (3, True)
