"""An operator's own catalogue: printed, checked, served."""

import pathlib
import subprocess

import pytest
from conftest import PROGRAM, run
from signer import Caller

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = """
currency: "EUR"
product { number: 25 brand: "Ours" level: DV domains: SINGLE sold: true price_cents: 100 points: 1 }
"""


def refused_start(data, *flags):
    """What a service that does not start says; none listens."""
    ended = subprocess.run(
        [PROGRAM, "serve", "--demo", "--data", str(data), "--http", "127.0.0.1:0", "--grpc",
         "127.0.0.1:0", *map(str, flags)],
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert "Ready" not in ended.stdout
    assert ended.returncode == 2
    return ended.stderr


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "ours.txtpb"
    path.write_text(OURS)
    return path


def test_the_built_in_catalogue_is_printed_as_it_is_and_good(tmp_path):
    printed = run("catalogue", "print", check=True).stdout
    assert printed == (ROOT / "data/catalogue.txtpb").read_text()
    path = tmp_path / "printed.txtpb"
    path.write_text(printed)

    checked = run("catalogue", "check", path, check=True)

    assert checked.stdout == (
        f"{path} is good: 85 products, 81 of them sold, 61 packages and 3 points packages; prices "
        "in USD\n")


def test_a_mistake_is_told_with_entry_member_value_and_what_is_allowed(tmp_path, ours):
    ours.write_text(OURS.replace("100", "-100").replace("EUR", "eur"))
    checked = run("catalogue", "check", ours)
    assert checked.returncode == 2
    assert f"{ours}:\n" in checked.stderr
    assert 'currency is "eur"; allowed are three capital letters' in checked.stderr
    assert "product 25: price_cents is -100; allowed are 1 to 1000000000" in checked.stderr
    assert "catalogue.proto" in checked.stderr
    assert checked.stdout == ""
    assert "price_cents is -100" in refused_start(tmp_path / "data", "--catalogue", ours)
    assert not (tmp_path / "data").exists()


def test_a_text_that_is_none_is_told_with_its_line(ours):
    ours.write_text(OURS.replace("DV", "XV"))
    checked = run("catalogue", "check", ours)
    assert checked.returncode == 2
    assert 'line 3, column 46: Unknown enumeration value of "XV"' in checked.stderr
    assert "Allowed are DV, OV, EV." in checked.stderr


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path / "none.txtpb", tmp_path):
        checked = run("catalogue", "check", path)
        assert checked.returncode == 2
        assert f"cannot read the catalogue {path}" in checked.stderr
    assert "cannot read the catalogue" in refused_start(
        tmp_path / "data", "--catalogue", tmp_path / "none.txtpb")
    (tmp_path / "empty.txtpb").write_text("")
    assert 'currency is ""' in run("catalogue", "check", tmp_path / "empty.txtpb").stderr


def test_what_is_sold_is_what_the_catalogue_says(start, tmp_path, ours):
    (tmp_path / "file").write_text(f'catalogue_file: "{ours}"')
    for flags in (("--catalogue", ours), ("--config", tmp_path / "file")):
        service = start(*map(str, flags), name=flags[0][2:])
        caller = Caller(service)
        order = caller.extension("CreateOrder", ProductId=25)
        assert "CertificateId" in order
        row = caller("DescribeCertificate", CertificateId=order["CertificateId"])
        assert row["PackageTypeName"].startswith("Ours DV")
        refused = caller.extension("CreateOrder", ProductId=26)
        assert refused["Error"]["Code"] == "InvalidParameterValue"


def test_a_product_that_stored_certificates_have_must_stay_listed(start, tmp_path, ours):
    service = start()
    assert "CertificateId" in Caller(service).extension("CreateOrder", ProductId=6)
    service.stop()

    said = refused_start(service.data, "--catalogue", ours)

    assert "the catalogue does not list product 6, which stored certificates have" in said
    ours.write_text(OURS + "product { number: 6 level: OV domains: SINGLE }")
    kept = start("--catalogue", str(ours))
    refused = Caller(kept).extension("CreateOrder", ProductId=6)
    assert refused["Error"]["Code"] == "InvalidParameterValue"


def test_help_stands_at_each_command():
    assert "certwright serve --catalogue my.txtpb" in run("catalogue", "--help", check=True).stdout
    assert "Exit code 0" in run("catalogue", "print", "--help", check=True).stdout
    assert "Exit code 0" in run("catalogue", "check", "--help", check=True).stdout
    assert "FILE is required" in run("catalogue", "check").stderr
    assert run("catalogue", "frob").returncode == 2
    assert "--catalogue" in run("serve", "--help", check=True).stdout
