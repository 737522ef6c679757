"""Money, as a caller sees it: credits, purchases, cancellations, refunds, statements."""

import contextlib
import csv
import io
import json
import shutil
import sqlite3

from conftest import run
from signer import Caller, code

SECURE_SITE_OV = 6
OV_BY_POINTS = 1013890
STATUS_CODE = "FailedOperation.InvalidCertificateStatusCode"


def order_of(caller, certificate):
    orders = caller.extension("DescribeOrders", CertificateIds=[certificate])
    assert orders["TotalCount"] == 1
    return orders["Orders"][0]


def buy(caller, **more):
    return caller("CreateCertificate", ProductId=SECURE_SITE_OV, DomainNum=1, TimeSpan=1, **more)


def test_an_order_is_paid_cancelled_and_paid_back(service):
    caller = Caller(service)
    assert code(buy(caller)) == "FailedOperation.CannotGetOrder"
    caller.extension("CreditAccount", Kind="discount", Amount=10)
    caller.extension("CreditAccount", Kind="voucher", Amount=1000)
    caller.extension("CreditAccount", Kind="gift_card", Amount=2000)
    entry = caller.extension("CreditAccount", Kind="cash", Amount=1000000, Reference="first")
    assert entry["LedgerEntryId"] == "4"
    before = caller.extension("DescribeAccountBalance")
    assert (before["Cash"], before["GiftCard"], before["Voucher"]) == (1000000, 2000, 1000)

    bought = buy(caller)
    certificate = bought["CertificateIds"][0]
    order = order_of(caller, certificate)
    assert order["DealId"] == bought["DealIds"][0] and order["Status"] == "paid"
    assert order["Discount"] == order["Price"] * 10 // 100
    assert (order["Voucher"], order["GiftCard"]) == (1000, 2000)
    assert order["Price"] == sum(order[part] for part in ("Discount", "Voucher", "GiftCard", "Cash"))
    assert caller("DescribeCertificate", CertificateId=certificate)["Status"] == 5

    quote = caller.extension("DescribeRefundQuote", CertificateId=certificate)
    assert quote["Refundable"] is False and "status 5" in quote["Reason"]
    assert code(caller.extension("RefundCertificateOrder", CertificateId=certificate,
                                 AgreePolicy=True)) == STATUS_CODE
    caller("CancelCertificateOrder", CertificateId=certificate)
    quote = caller.extension("DescribeRefundQuote", CertificateId=certificate)
    assert quote["Refundable"] is True and quote["Cash"] == order["Cash"]
    assert code(caller.extension("RefundCertificateOrder", CertificateId=certificate)) == (
        "MissingParameter")
    assert code(caller.extension("RefundCertificateOrder", CertificateId=certificate,
                                 AgreePolicy=False)) == "InvalidParameterValue"
    refund = caller.extension("RefundCertificateOrder", CertificateId=certificate, AgreePolicy=True)
    assert (refund["Cash"], refund["GiftCard"]) == (order["Cash"], 2000)
    assert caller("DescribeCertificate", CertificateId=certificate)["Status"] == 14
    after = caller.extension("DescribeAccountBalance")
    assert (after["Cash"], after["GiftCard"], after["Voucher"]) == (1000000, 2000, 0)
    assert order_of(caller, certificate)["RefundedCash"] == order["Cash"]
    assert code(caller.extension("RefundCertificateOrder", CertificateId=certificate,
                                 AgreePolicy=True)) == STATUS_CODE

    invoice = caller.extension("DescribeOrderInvoice", CertificateId=certificate)
    assert order["DealId"] in invoice["Content"]
    assert f"{order['Price'] // 100}." in invoice["Content"]
    types = [row["Type"] for row in caller("DescribeCertificateOperateLogs")["OperateLogs"]
             if row["CertId"] == certificate]
    assert types == ["refund", "cancel", "applyVIP"]


def test_points_are_spent_and_go_back_to_their_package(service):
    caller = Caller(service)
    package = caller.extension("GrantPackage", Type="ssl_500", Points=500)["PackageId"]
    bought = caller("CreateCertificateByPackage", ProductPid=OV_BY_POINTS, PackageIds=[package],
                    DomainCount="1", Period=1, CertificateCount=2)
    assert bought["CertificateId"] == bought["CertificateIds"][0]
    order = order_of(caller, bought["CertificateIds"][1])
    assert order["Points"] > 0 and order["PackageId"] == package and order["Price"] == 0
    listed = caller("DescribePackages", PackageId=package)["Packages"][0]
    assert listed["Balance"] == 500 - 2 * order["Points"] and listed["Status"] == "usable"
    caller("CancelCertificateOrder", CertificateId=bought["CertificateId"])
    refund = caller.extension("RefundCertificateOrder", CertificateId=bought["CertificateId"],
                              AgreePolicy=True)
    assert (refund["Points"], refund["PackageId"]) == (order["Points"], package)
    listed = caller("DescribePackages", PackageId=package)["Packages"][0]
    assert listed["Balance"] == 500 - order["Points"]
    assert code(caller.extension("RefundPackage", PackageId=package)) == "FailedOperation"


def test_a_call_that_is_sent_again_buys_once(service):
    caller = Caller(service)
    credit = {"Kind": "cash", "Amount": 500000, "ClientToken": "credit-1"}
    first = caller.extension("CreditAccount", **credit)
    assert caller.extension("CreditAccount", **credit)["LedgerEntryId"] == first["LedgerEntryId"]
    order = {"ProductId": SECURE_SITE_OV, "DomainNum": 1, "TimeSpan": 1, "ClientToken": "buy-1"}
    bought = caller.extension("BuyCertificate", **order)
    again = caller.extension("BuyCertificate", **order)
    assert bought["CertificateIds"] == again["CertificateIds"]
    order["TimeSpan"] = 2
    refused = caller.extension("BuyCertificate", **order)
    assert code(refused) == "InvalidParameterValue"
    assert "ClientToken" in refused["Error"]["Message"]


def test_another_account_sees_and_gets_nothing(service):
    caller = Caller(service)
    uin = caller.extension("CreateAccount", Name="other")["Uin"]
    key = caller.extension("CreateAccessKey", Uin=uin)
    other = Caller(service, key["SecretId"], key["SecretKey"])
    caller.extension("CreditAccount", Kind="cash", Amount=1000000)
    certificate = buy(caller)["CertificateIds"][0]
    caller("CancelCertificateOrder", CertificateId=certificate)
    for action, more in (("DescribeRefundQuote", {}), ("RefundCertificateOrder", {"AgreePolicy": True})):
        assert code(other.extension(action, CertificateId=certificate, **more)) == (
            "FailedOperation.CertificateNotFound")
    assert other.extension("DescribeOrders", CertificateIds=[certificate])["TotalCount"] == 0
    for action, more in (("CreditAccount", {"Kind": "cash", "Amount": 1}),
                         ("GrantPackage", {"Type": "ssl_100", "Points": 1})):
        assert code(other.extension(action, **more)) == "AuthFailure.UnauthorizedOperation"
    for action in ("DescribeAccountBalance", "DescribeStatement", "DescribeOrders"):
        assert code(other.extension(action, Uin=service_uin(caller))) == (
            "AuthFailure.UnauthorizedOperation")
    # An operator may do both for another account.
    caller.extension("CreditAccount", Uin=uin, Kind="cash", Amount=1000000)
    theirs = buy(other)["CertificateIds"][0]
    other("CancelCertificateOrder", CertificateId=theirs)
    assert "Error" not in caller.extension("RefundCertificateOrder", CertificateId=theirs,
                                           AgreePolicy=True)
    assert other.extension("DescribeAccountBalance")["Cash"] == 1000000


def test_a_limited_key_of_an_operator_reaches_its_own_account_alone(service):
    caller = Caller(service)
    uin = caller.extension("CreateAccount", Name="victim")["Uin"]
    key = caller.extension("CreateAccessKey", Uin=uin)
    victim = Caller(service, key["SecretId"], key["SecretKey"])
    caller.extension("CreditAccount", Uin=uin, Kind="cash", Amount=1000000)
    theirs = buy(victim)["CertificateIds"][0]
    victim("CancelCertificateOrder", CertificateId=theirs)
    policy = {"version": "2.0", "statement": [{
        "effect": "allow", "action": ["ssl:*"], "resource": [f"qcs::ssl::uin/{service_uin(caller)}:*"]}]}
    limited = caller.extension("CreateAccessKey", SubAccountUin="7", Policy=json.dumps(policy))
    sub_user = Caller(service, limited["SecretId"], limited["SecretKey"])
    for action, more in (("DescribeRefundQuote", {}), ("RefundCertificateOrder", {"AgreePolicy": True})):
        assert code(sub_user.extension(action, CertificateId=theirs, **more)) == (
            "FailedOperation.CertificateNotFound")
    for action, more in (("DescribeOrders", {}), ("DescribeStatement", {}),
                         ("DescribeAccountBalance", {}),
                         ("DescribeOrderInvoice", {"CertificateId": theirs})):
        assert code(sub_user.extension(action, Uin=uin, **more)) == (
            "AuthFailure.UnauthorizedOperation")
    assert victim.extension("DescribeOrders")["Orders"][0]["Status"] == "paid"


def service_uin(caller):
    return caller.extension("DescribeAccounts")["Accounts"][0]["Uin"]


def test_the_books_are_listed_exported_and_proved(service):
    caller = Caller(service)
    caller.extension("CreditAccount", Kind="cash", Amount=7, Reference='quoted, "so"')
    statement = caller.extension("DescribeStatement", Limit=1)
    newest = statement["Entries"][0]
    assert newest["Kind"] == "credit" and newest["Reference"] == 'quoted, "so"'
    assert sum(line["Amount"] for line in newest["Postings"]) == 0
    assert int(newest["LedgerEntryId"]) == statement["TotalCount"]

    proved = run("ledger", "verify", "--data", str(service.data))
    assert proved.returncode == 0 and "whole" in proved.stdout, proved.stderr
    exported = run("ledger", "export", "--data", str(service.data))
    rows = [row for row in csv.DictReader(io.StringIO(exported.stdout))
            if row["Uin"] == service_uin(caller)]
    assert rows[-1]["Reference"] == 'quoted, "so"' and rows[-1]["Amount"] == "7"
    assert sum(int(row["Amount"]) for row in rows if row["Amount"]) == 0
    missing = run("ledger", "verify", "--data", str(service.data), "--account", "1")
    assert missing.returncode == 1 and "account list" in missing.stderr


def test_ends_may_be_written_as_rfc_3339(service):
    caller = Caller(service)
    package = caller.extension("GrantPackage", Type="ssl_100", ExpireTime="2030-01-01T00:00:00Z")
    shown = caller("DescribePackages", PackageId=package["PackageId"])["Packages"]
    assert [one["ExpireTime"] for one in shown] == ["2030-01-01 08:00:00"]
    voucher = caller.extension("CreditAccount", Kind="voucher", Amount=3,
                               ExpireTime="2030-01-01T00:00:00.75+08:00")
    entry = next(one for one in caller.extension("DescribeStatement", Limit=100)["Entries"]
                 if one["LedgerEntryId"] == voucher["LedgerEntryId"])
    second = entry["Time"].replace(" ", "T") + ".5+08:00"
    both = caller.extension("DescribeStatement", StartTime=second, EndTime=second, Limit=100)
    assert entry in both["Entries"]
    assert {one["Time"] for one in both["Entries"]} == {entry["Time"]}


def test_what_is_wrong_is_refused_and_leaves_no_entry(service):
    caller = Caller(service)
    count = caller.extension("DescribeStatement")["TotalCount"]
    for members, field in (({"Kind": "cash", "Amount": 0}, "Amount"),
                           ({"Kind": "cash", "Amount": 2**63 - 1}, "Amount"),
                           ({"Kind": "discount", "Amount": 101}, "Amount"),
                           ({"Kind": "gold", "Amount": 1}, "Kind"),
                           ({"Kind": "voucher", "Amount": 1, "ExpireTime": "2020-01-01 00:00:00"},
                            "ExpireTime"),
                           ({"Kind": "voucher", "Amount": 1, "ExpireTime": "soon"}, "ExpireTime"),
                           ({"Kind": "voucher", "Amount": 1, "ExpireTime": "infinite-future"},
                            "ExpireTime"),
                           ({"Kind": "voucher", "Amount": 1,
                             "ExpireTime": "2020-01-01T00:00:00+08:00"}, "ExpireTime"),
                           ({"Kind": "cash", "Amount": 1, "ClientToken": "a b"}, "ClientToken"),
                           ({"Kind": "cash", "Amount": 1, "ClientToken": ""}, "ClientToken")):
        refused = caller.extension("CreditAccount", **members)
        assert code(refused) == "InvalidParameterValue" and field in refused["Error"]["Message"]
    for members in ({"Type": "ssl_1", "Points": 1}, {"Type": "ssl_100", "Points": 0}):
        assert code(caller.extension("GrantPackage", **members)) == "InvalidParameterValue"
    assert code(caller("CreateCertificate", ProductId=1, DomainNum=1, TimeSpan=1)) == (
        "InvalidParameterValue")
    assert caller.extension("DescribeStatement")["TotalCount"] == count


TAMPERING = [
    "UPDATE purchase SET product = 9", "UPDATE purchase SET years = 3",
    "UPDATE purchase SET currency = 'XXX'", "UPDATE purchase SET created = created + 1",
    "UPDATE purchase SET refunded = refunded + 1 WHERE refunded IS NOT NULL",
    "UPDATE purchase SET price = price + 100, discount = discount + 100",
    "UPDATE purchase SET package = 9", "UPDATE payment_grant SET reference = 'other'",
    "UPDATE payment_grant SET created = created + 1", "DELETE FROM account",
    "DELETE FROM purchase WHERE refunded IS NULL"]


def test_the_check_of_the_books_finds_what_was_changed_behind_them(start, tmp_path):
    service = start()
    caller = Caller(service)
    caller.extension("CreditAccount", Kind="cash", Amount=1_000_000)
    caller.extension("CreditAccount", Kind="voucher", Amount=100, Reference="a gift")
    for _ in range(2):
        bought = caller("CreateCertificate", ProductId=6, DomainNum=1, TimeSpan=1)
    order = {"CertificateId": bought["CertificateIds"][0]}
    caller("CancelCertificateOrder", **order)
    assert "Error" not in caller.extension("RefundCertificateOrder", AgreePolicy=True, **order)
    service.close()
    assert run("ledger", "verify", "--data", str(service.data)).returncode == 0
    for number, sql in enumerate(TAMPERING):
        copy = tmp_path / str(number)
        shutil.copytree(service.data, copy)
        with contextlib.closing(sqlite3.connect(copy / "certwright.db")) as database:
            assert database.execute(sql).rowcount > 0, sql
            database.commit()
        verified = run("ledger", "verify", "--data", str(copy))
        assert verified.returncode == 1 and "BROKEN" in verified.stdout, sql


def test_an_operator_is_made_on_the_command_line(start):
    service = start(demo=False)
    uin = run("account", "create", "--operator", "--data", service.data,
              "--name", "boss").stdout.split()[1]
    assert "(operator)" in run("account", "list", "--data", service.data).stdout
    printed = run("key", "create", "--data", service.data, "--account", uin).stdout
    key = dict(line.split("=", 1) for line in printed.splitlines())
    caller = Caller(service, key["TENCENTCLOUD_SECRET_ID"], key["TENCENTCLOUD_SECRET_KEY"])
    assert "Error" not in caller.extension("CreditAccount", Kind="cash", Amount=100)
    run("account", "operator", uin, "off", "--data", service.data, check=True)
    refused = caller.extension("CreditAccount", Kind="cash", Amount=100)
    assert code(refused) == "AuthFailure.UnauthorizedOperation"
    unknown = run("account", "operator", "1", "on", "--data", service.data)
    assert unknown.returncode == 1 and "account list" in unknown.stderr
