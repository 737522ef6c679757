"""Money under kill -9, and one order under 32 clients at once."""

import random
import threading
import urllib.error
from concurrent.futures import ThreadPoolExecutor

from conftest import Service, run
from signer import Caller, code

SECURE_SITE_OV = 6
TRUST_ASIA_DV = 104
DEATHS = 200
CLIENTS = 4
CREDIT = 10_000_000_000_000
STATUS_CODE = "FailedOperation.InvalidCertificateStatusCode"
# A connection that a killed process held ends in one of these.
LOST = (urllib.error.URLError, OSError, ValueError)


class Buyer:
    """Buys, cancels and pays back until the service dies; knows which answers it lost."""

    def __init__(self, number):
        self.number = number
        self.bought = {}  # token: certificate, or None if the answer was lost
        self.asked_back = set()

    def act(self, service, is_over):
        caller = Caller(service)
        try:
            while not is_over.is_set():
                self.step(caller)
        except LOST:
            pass

    def step(self, caller):
        token = f"{self.number}-{len(self.bought)}"
        self.bought[token] = None
        self.bought[token] = self.buy(caller, token)
        if len(self.bought) % 2 == 0:
            self.pay_back(caller, self.bought[token])

    @staticmethod
    def buy(caller, token):
        answer = caller.extension("BuyCertificate", ProductId=SECURE_SITE_OV, DomainNum=1,
                                  TimeSpan=1, ClientToken=token)
        assert "Error" not in answer, answer
        return answer["CertificateIds"][0]

    def pay_back(self, caller, certificate):
        self.asked_back.add(certificate)
        caller("CancelCertificateOrder", CertificateId=certificate)
        caller.extension("RefundCertificateOrder", CertificateId=certificate, AgreePolicy=True)


def test_no_order_and_no_cent_is_lost_in_two_hundred_deaths(tmp_path):
    chance = random.Random(20261130)
    buyers = [Buyer(number) for number in range(CLIENTS)]
    data = tmp_path / "data"
    service = Service(data)
    Caller(service).extension("CreditAccount", Kind="cash", Amount=CREDIT)
    for _ in range(DEATHS):
        is_over = threading.Event()
        threads = [threading.Thread(target=buyer.act, args=(service, is_over)) for buyer in buyers]
        for thread in threads:
            thread.start()
        is_over.wait(chance.uniform(0.002, 0.06))
        service.kill()
        is_over.set()
        for thread in threads:
            thread.join()
        service.close()
        service = Service(data)
    try:
        settle_and_compare(service, buyers)
    finally:
        service.close()
    proved = run("ledger", "verify", "--data", str(data))
    assert proved.returncode == 0, proved.stdout + proved.stderr


def settle_and_compare(service, buyers):
    caller = Caller(service)
    spent = 0
    orders = {}
    for buyer in buyers:
        for token, certificate in buyer.bought.items():
            # Asked again with its token, each purchase is one order: that which was answered.
            again = buyer.buy(caller, token)
            assert certificate in (None, again)
            orders[again] = certificate in buyer.asked_back
    listed, total = {}, 1
    while len(listed) < total:
        page = caller.extension("DescribeOrders", Offset=len(listed), Limit=1000)
        total = page["TotalCount"]
        listed.update((order["CertificateId"], order) for order in page["Orders"])
    assert listed.keys() == orders.keys()
    for certificate, was_asked_back in orders.items():
        order = listed[certificate]
        spent += order["Cash"] - order["RefundedCash"]
        status = caller("DescribeCertificate", CertificateId=certificate)["Status"]
        assert (order["Status"] == "refunded") == (status == 14)
        assert status in ((5, 7, 14) if was_asked_back else (5,))
    assert caller.extension("DescribeAccountBalance")["Cash"] == CREDIT - spent
    assert len(orders) > DEATHS // 2


def at_once(calls):
    """Makes all calls at the same moment, each from a client of its own."""
    barrier = threading.Barrier(len(calls))

    def make(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def test_32_clients_refund_an_order_once(service):
    caller = Caller(service)
    caller.extension("CreditAccount", Kind="cash", Amount=CREDIT)
    before = caller.extension("DescribeAccountBalance")["Cash"]
    bought = caller("CreateCertificate", ProductId=SECURE_SITE_OV, DomainNum=1, TimeSpan=1)
    order = {"CertificateId": bought["CertificateIds"][0]}
    caller("CancelCertificateOrder", **order)
    answers = at_once(
        [lambda: caller.extension("RefundCertificateOrder", AgreePolicy=True, **order)] * 32)
    assert sorted(code(answer) for answer in answers) == [""] + [STATUS_CODE] * 31
    assert caller.extension("DescribeAccountBalance")["Cash"] == before


def test_a_call_repeated_while_it_is_under_way_is_done_once(service):
    caller = Caller(service)
    caller.extension("CreditAccount", Kind="cash", Amount=CREDIT)
    for round_ in range(10):
        before = caller.extension("DescribeAccountBalance")["Cash"]
        answers = at_once([lambda: Buyer.buy(caller, f"same-{round_}")] * 32)
        assert len(set(answers)) == 1
        orders = caller.extension("DescribeOrders", CertificateIds=answers[:1])["Orders"]
        assert before - orders[0]["Cash"] == caller.extension("DescribeAccountBalance")["Cash"]
        credits = at_once([lambda: caller.extension("CreditAccount", Kind="cash", Amount=7,
                                                    ClientToken=f"credit-{round_}")] * 32)
        assert len({answer["LedgerEntryId"] for answer in credits}) == 1
    at_once([lambda: caller.extension("CreditAccount", Kind="cash", Amount=7)] * 32)
    entries = [int(entry["LedgerEntryId"])
               for entry in caller.extension("DescribeStatement", Limit=100)["Entries"]]
    assert entries == list(range(entries[0], entries[-1] - 1, -1))


def test_an_order_is_issued_or_paid_back_and_never_both(service):
    caller = Caller(service)
    caller.extension("CreditAccount", Kind="cash", Amount=CREDIT)
    for round_ in range(12):
        before = caller.extension("DescribeAccountBalance")["Cash"]
        bought = caller("CreateCertificate", ProductId=TRUST_ASIA_DV, DomainNum=1, TimeSpan=1)
        order = {"CertificateId": bought["CertificateIds"][0]}
        caller("CertificateInfoSubmit", CertId=order["CertificateId"], GenCsrType="online",
               CertCommonName=f"race{round_}.test", CompanyType=1, CompanyId="0",
               CsrEncryptAlgo="ECC", CsrKeyParameter="prime256v1", ContactEmail="a@example.com")
        caller("CertificateOrderSubmit", CertId=order["CertificateId"])
        calls = [lambda: caller("CompleteCertificate", **order)] * 10
        calls += [lambda: caller("CancelCertificateOrder", **order)] * 11
        calls += [lambda: caller.extension("RefundCertificateOrder", AgreePolicy=True, **order)] * 11
        at_once(calls)
        caller.extension("RefundCertificateOrder", AgreePolicy=True, **order)
        status = caller("DescribeCertificate", **order)["Status"]
        after = caller.extension("DescribeAccountBalance")["Cash"]
        assert status in (1, 14), status
        assert (after == before) == (status == 14)
    proved = run("ledger", "verify", "--data", str(service.data))
    assert proved.returncode == 0, proved.stdout
