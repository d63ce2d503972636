"""The main job: a visit from booking to gate pass; billed, deducted and followed up, each once."""

from pathlib import Path
from typing import Any

import pytest

from deploy.local.installation import PASSWORD
from servicelane.client import Client, ProblemError, awaited
from servicelane.dealership import Dealership, open_dealership, open_group
from servicelane.visit import Visit
from tests.deployment import Deployment, Embedded

VIN = "LSVAA49J132047371"
PADS = {
    "name_zh": "前制动片",
    "name_en": "Front brake pads",
    "unit": "set",
    "list_price": {"amount": "420.00", "currency": "CNY"},
    "source": "genuine",
    "abc_class": "A",
    "hazardous": False,
    "successor": None,
}


def opened(base_url: str, dealer: str) -> Dealership:
    """A dealership on a running suite."""
    admin = Client.sign_in(base_url, "admin", PASSWORD)
    open_group(admin)
    return open_dealership(admin, base_url, dealer=dealer, name=dealer, password=PASSWORD)


@pytest.fixture(params=["embedded", "deployment"])
def base_url(request: pytest.FixtureRequest) -> str:
    """Where a running suite answers: embedded, then on real servers."""
    running: Embedded | Deployment = request.getfixturevalue(request.param)
    return running.base_url


def test_a_visit_is_billed_deducted_and_followed_up_once(base_url: str) -> None:
    """Two payers, one declined line, and every effect exactly once."""
    at = opened(base_url, "gz-tianhe")
    visit = Visit(at, vin=VIN, plate="粤A·00001")
    assert list(visit.steps())[-1] == "left through the gate"
    outcome = visit.outcome()
    assert outcome["work_order"]["status"] == "closed"
    assert [(one["payer"], one["total"]["amount"]) for one in sorted(outcome["invoices"], key=lambda one: one["payer"])] == [
        ("customer_pay", "684.20"),  # 0.80 h x 260.00 x 1.15 = 239.20, oil 4.5 x 86.00 = 387.00, filter 58.00
        ("warranty", "778.80"),  # 1.20 h x 260.00 x 1.15 = 358.80, pads 420.00
    ]
    assert outcome["stock"] == {
        "OIL-5W30": {"before": "60.000", "after": "55.500"},
        "FLT-OIL-1": {"before": "20.000", "after": "19.000"},
        "PAD-F-77": {"before": "8.000", "after": "7.000"},
    }
    types = [event["type"] for event in outcome["timeline"]]
    for once in (
        "workshop.work_order.delivered",
        "parts.deduction.deducted",
        "crm.follow_up.scheduled",
        "billing.gate_pass.used",
    ):
        assert types.count(once) == 1
    assert types.count("billing.invoice.issued") == 2
    assert types.index("workshop.work_order.delivered") < types.index("billing.invoice.issued")


def test_a_reversed_delivery_is_credited_undone_and_cancelled_and_the_next_one_counts(base_url: str) -> None:
    """Rule W15: nothing is edited, everything is taken back, and the next delivery is a revision of its own."""
    at = opened(base_url, "cd-gaoxin")
    visit = Visit(at, vin=VIN, plate="川A·00001")
    for done in visit.steps():
        if done == "delivered":
            break
    awaited(visit.billed, "the first delivery to be billed")
    visit.reverse()
    assert (visit.order["status"], visit.order["revision"]) == ("ready", 1)
    visit.deliver()
    account = awaited(visit.billed, "the second delivery to be billed")
    assert {share["revision"] for share in account["shares"] if share["state"] != "reversed"} == {2}
    invoices = at.cashier.get("/invoices", work_order_id=visit.order["id"])["items"]
    assert sorted((one["kind"], one["revision"]) for one in invoices) == [
        ("credit_note", 1),
        ("credit_note", 1),
        ("invoice", 1),
        ("invoice", 1),
        ("invoice", 2),
        ("invoice", 2),
    ]
    assert sum(float(one["total"]["amount"]) for one in invoices) == pytest.approx(684.20 + 778.80)
    awaited(lambda: at.stock("PAD-F-77")["on_hand"] == "7.000", "the pads to have left once")
    follow_ups = [one for one in at.agent.get("/follow-ups")["items"] if one["work_order_id"] == visit.order["id"]]
    assert sorted((one["revision"], one["state"]) for one in follow_ups) == [(1, "cancelled"), (2, "scheduled")]


def test_a_core_charge_is_billed_with_its_part_and_credited_when_the_old_part_comes_back(base_url: str) -> None:
    """Rule P1: from the estimate to the credit note, through a reversal, and every amount exactly once."""
    at = opened(base_url, "hz-xihu")
    with_core_charge(at)
    visit = Visit(at, vin=VIN, plate="浙A·00001")
    for done in visit.steps():
        if done == "delivered":
            break
    awaited(visit.billed, "the delivery to be billed")
    [core] = [line for line in visit.order["lines"] if line["kind"] == "core_charge"]
    [owing] = at.advisor.get("/open-core-charges")["items"]
    assert (owing["number"], owing["line_id"], owing["amount"]["amount"]) == (visit.order["number"], core["core_of"], "50.00")
    return_old_part(at, visit, "0.4")
    visit.reverse()
    visit.deliver()
    awaited(visit.billed, "the second delivery to be billed")
    visit.pay()
    visit.leave()
    return_old_part(at, visit, "0.6")
    invoices = at.cashier.get("/invoices", work_order_id=visit.order["id"])["items"]
    billed = [(one["kind"], one["revision"], one["total"]["amount"]) for one in invoices if one["payer"] == "warranty"]
    assert sorted(billed) == [
        ("core_credit", 1, "-20.00"),
        ("core_credit", 2, "-30.00"),
        ("credit_note", 1, "-808.80"),
        ("invoice", 1, "828.80"),  # 778.80, and the core charge of 50.00 with the pads
        ("invoice", 2, "808.80"),
    ]
    assert at.advisor.get("/open-core-charges")["items"] == []


def with_core_charge(at: Dealership) -> None:
    """The brake pads of a visit have a core charge of 50.00."""
    pads = at.stock("PAD-F-77")
    at.clerk.put(f"/parts/{pads['id']}", {**PADS, "core_charge": {"amount": "50.00", "currency": "CNY"}}, of=pads)


def return_old_part(at: Dealership, visit: Visit, quantity: str) -> None:
    """So much of the old pads comes back after the delivery, and is credited."""
    [core] = [line for line in visit.order["lines"] if line["kind"] == "core_charge"]
    before = _credited(at, visit)
    at.clerk.post(f"{visit.path}/lines/{core['core_of']}/receive-old-part", {"quantity": quantity})
    awaited(lambda: _credited(at, visit) == before + 1, "the core charge to be credited")


def _credited(at: Dealership, visit: Visit) -> int:
    invoices = at.cashier.get("/invoices", work_order_id=visit.order["id"])["items"]
    return sum(one["kind"] == "core_credit" for one in invoices)


def test_one_dealer_never_sees_the_other(base_url: str) -> None:
    """Another dealer's object answers exactly like an absent one."""
    here, there = opened(base_url, "nj-xuanwu"), opened(base_url, "wh-jiangan")
    customer = here.agent.post("/customers", {"name": "刘洋", "phone": "+86 138 0000 0001", "preferred_channel": "phone"})
    problems = []
    for ask in (
        lambda: there.agent.get(f"/customers/{customer['id']}"),
        lambda: there.agent.get("/customers/0190c6a0-0000-7000-8000-000000000000"),
    ):
        with pytest.raises(ProblemError) as refused:
            ask()
        problems.append({name: refused.value.problem.get(name) for name in ("status", "type", "title")})
    assert problems[0] == problems[1]
    assert problems[0]["status"] == 404
    assert there.agent.get("/customers")["items"] == []


def test_kill_9_of_the_embedded_suite_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """What was delivered before the kill is billed, deducted and followed up after the restart."""
    running = Embedded(tmp_path)
    try:
        at = opened(running.base_url, "xa-yanta")
        visit = Visit(at, vin=VIN, plate="陕A·00001")
        for done in visit.steps():
            if done == "checked":
                break
        visit.deliver()
        running.process.kill()
        running.start()
        _again(visit, running.base_url)
        visit.pay()
        visit.leave()
        outcome: dict[str, Any] = visit.outcome()
        proved = running.command("reconcile", "--all")
    finally:
        running.stop()
    assert proved.returncode == 0, proved.stdout
    assert len(outcome["invoices"]) == 2
    assert outcome["stock"]["PAD-F-77"] == {"before": "8.000", "after": "7.000"}


def _again(visit: Visit, base_url: str) -> None:
    visit._at = Dealership.sign_in(base_url, visit._at.dealer, PASSWORD)
