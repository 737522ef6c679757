"""Companies and managers over the wire: made and reviewed by the extension, read by the API."""

import json

import pytest
from signer import Caller, code

EXTENSION = "2026-12-01"
PERSON = {
    "ManagerFirstName": "Private-First",
    "ManagerLastName": "Private-Last",
    "ManagerMail": "private.person@example.com",
    "ManagerPhone": "+86 13912345678",
    "ContactMail": "private.contact@example.com",
}


class Console(Caller):
    """Calls the extension as the documented API is called."""

    def __call__(self, action, **members):
        return self.raw(action, json.dumps(members).encode(), version=EXTENSION)


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


@pytest.fixture(scope="module")
def console(service):
    return Console(service)


@pytest.fixture(scope="module")
def manager(console):
    company = console("CreateCompany", CompanyName="Example Ltd", CompanyCountry="CN",
                      CompanyProvince="Guangdong", CompanyCity="Shenzhen",
                      CompanyAddress="1 Example Road", CompanyPhone="0755 1234")["CompanyId"]
    return console("CreateManager", CompanyId=company, **PERSON)["ManagerId"]


def test_a_manager_passes_review_and_gets_a_domain(caller, console, manager):
    company = caller("DescribeCompanies")["Companies"][0]["CompanyId"]
    assert caller("DescribeManagerDetail", ManagerId=manager)["Status"] == "audit"
    assert code(console("CreateManagerDomain", ManagerId=manager, Domain="a.example.com")) == (
        "FailedOperation.IllegalManagerStatus")

    assert console("ReviewManager", ManagerId=manager, Decision="approve")["Status"] == "CAaudit"
    assert console("ReviewManager", ManagerId=manager, Decision="approve")["Status"] == "ok"
    assert console("CreateManagerDomain", ManagerId=manager,
                   Domain="a.example.com")["Domain"] == "a.example.com"

    listed = caller("DescribeManagers", CompanyId=company, SearchKey="Private-Last|||")
    assert listed["TotalCount"] == 1
    assert listed["Managers"][0]["DomainCount"] == 1
    detail = caller("DescribeManagerDetail", ManagerId=manager)
    assert detail["ManagerMail"] == PERSON["ManagerMail"]
    assert [(one["Type"], one["Status"]) for one in detail["StatusInfo"]] == [
        ("ov", "completed"), ("ev", "completed")]
    assert code(caller("SubmitAuditManager", ManagerId=manager)) == (
        "FailedOperation.IllegalManagerStatus")


def test_the_log_knows_nothing_of_a_person(service, caller, console, manager):
    for phone in ("not-a-private-phone", ""):
        assert code(console("CreateManager", CompanyId=1, **{**PERSON, "ManagerPhone": phone}))
    caller("DescribeManagers", CompanyId=1, ManagerMail=PERSON["ManagerMail"])
    caller("DescribeManagerDetail", ManagerId=manager)

    log = service.log_text().lower()

    assert "describemanagerdetail" in log
    assert "private" not in log
    assert "13912345678" not in log


def test_only_operators_review(service, console, manager):
    uin = console("CreateAccount", Name="a customer")["Uin"]
    key = console("CreateAccessKey", Uin=uin)
    customer = Console(service, key["SecretId"], key["SecretKey"])

    assert code(customer("ReviewManager", ManagerId=manager, Decision="refuse")) == (
        "AuthFailure.UnauthorizedOperation")
    assert code(Caller(service, key["SecretId"], key["SecretKey"])(
        "DescribeManagerDetail", ManagerId=manager)) == "ResourceNotFound.Manager"
