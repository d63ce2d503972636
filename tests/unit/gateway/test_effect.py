"""What a delivery must have caused, and what is found wrong with it (Rules W13, W15)."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from chassis.wire.values import Money
from contracts.billing.invoice import DeliveryInvoice
from contracts.crm.follow_up import DeliveryFollowUp
from contracts.gateway.suite import Effect, Fault, ReconciliationFinding
from contracts.parts.deduction import DeliveryDeduction
from contracts.workshop.handing_over import DeliveryEntry
from gateway.suite.effect import DeliveryProof, Effects
from tests.contracts.text_codes import FINDINGS

ORDER, INVOICE, OTHER = (f"0190a0a0-0000-7000-8000-{number:012x}" for number in (1, 2, 3))
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def invoice(payer="customer_pay", *, id=INVOICE, amount="684.20"):  # noqa: A002  # the trade calls it id
    """An invoice of the delivery."""
    return DeliveryInvoice(id=id, kind="invoice", work_order_id=ORDER, revision=1, payer=payer, total=Money.of(amount, "CNY"))


def credit_note(of=INVOICE, *, amount="-684.20"):
    """What takes an invoice back."""
    return DeliveryInvoice(
        id=OTHER,
        kind="credit_note",
        work_order_id=ORDER,
        revision=1,
        payer="customer_pay",
        credits=of,
        total=Money.of(amount, "CNY"),
    )


def deduction(*, undone=False):
    """The parts that left stock."""
    return DeliveryDeduction(work_order_id=ORDER, revision=1, undone=undone)


def follow_up(*, cancelled=False):
    """The planned call."""
    return DeliveryFollowUp(work_order_id=ORDER, revision=1, cancelled=cancelled)


IN_ORDER = {"invoices": (invoice(),), "deductions": (deduction(),), "follow_ups": (follow_up(),)}


def findings(*, payers=("customer_pay",), is_reversed=False, language="en", **books) -> list[ReconciliationFinding]:
    """What is wrong with a delivery whose effects are in order, but for what is said otherwise."""
    entry = DeliveryEntry(work_order_id=ORDER, revision=1, payers=list(payers), reversed=is_reversed, announced_at=NOON)
    effects = Effects(**{name: list(rows) for name, rows in {**IN_ORDER, **books}.items()})
    return list(DeliveryProof("sh-pudong", entry, effects, language).findings())


def faults(**books) -> list[tuple[str, str]]:
    """The same, as pairs."""
    return [(one.effect, one.fault) for one in findings(**books)]


def test_a_delivery_with_each_effect_once_is_in_order() -> None:
    """One invoice per payer; none for an order without lines, that nobody pays."""
    assert faults() == []
    assert faults(payers=("customer_pay", "warranty"), invoices=(invoice(), invoice("warranty", id=OTHER))) == []
    assert faults(payers=(), invoices=()) == []


@pytest.mark.parametrize(
    ("books", "wrong"),
    [
        ({"invoices": ()}, ("invoice", "missing")),
        ({"invoices": (invoice(), invoice(id=OTHER))}, ("invoice", "double")),
        ({"payers": ()}, ("invoice", "unexpected")),
        ({"deductions": ()}, ("deduction", "missing")),
        ({"deductions": (deduction(), deduction())}, ("deduction", "double")),
        ({"follow_ups": ()}, ("follow_up", "missing")),
        ({"follow_ups": (follow_up(), follow_up())}, ("follow_up", "double")),
    ],
)
def test_an_effect_that_is_missing_or_double_is_found(books: dict, wrong: tuple[str, str]) -> None:
    """Each on its own, and nothing else with it."""
    assert faults(**books) == [wrong]


TAKEN_BACK = {
    "is_reversed": True,
    "invoices": (invoice(), credit_note()),
    "deductions": (deduction(undone=True),),
    "follow_ups": (follow_up(cancelled=True),),
}


@pytest.mark.parametrize(
    ("books", "wrong"),
    [
        ({}, []),
        ({"invoices": (invoice(),)}, [("credit_note", "missing")]),
        ({"invoices": (invoice(), credit_note(), credit_note())}, [("credit_note", "double")]),
        ({"invoices": (invoice(), credit_note(amount="-1.00"))}, [("credit_note", "unequal")]),
        ({"deductions": (deduction(),)}, [("deduction", "not_taken_back")]),
        ({"follow_ups": (follow_up(),)}, [("follow_up", "not_taken_back")]),
    ],
)
def test_a_reversed_delivery_is_taken_back_in_full(books: dict, wrong: list[tuple[str, str]]) -> None:
    """Credited, undone, cancelled; its effects are still due once each."""
    assert faults(**{**TAKEN_BACK, **books}) == wrong


def test_what_lacks_everything_is_told_once_per_effect() -> None:
    """A reversal adds nothing to what was never there."""
    assert faults(invoices=(), deductions=(), follow_ups=(), is_reversed=True) == [
        ("invoice", "missing"),
        ("deduction", "missing"),
        ("follow_up", "missing"),
    ]


def test_a_finding_says_which_delivery_and_what_in_the_callers_language() -> None:
    """In English in the words of the command."""
    [found] = findings(payers=("customer_pay", "warranty"))
    assert (found.dealer, found.work_order_id, found.revision, found.payer) == ("sh-pudong", ORDER, 1, "warranty")
    assert found.what == f"work order {ORDER} revision 1 has 0 times: invoice of warranty"
    [found] = findings(payers=("customer_pay", "warranty"), language="zh")
    assert found.what == f"任务委托书 {ORDER} 第 1 次交车：缺少付款方 保修 的发票"


def test_every_effect_and_every_fault_has_words() -> None:
    """A kind without a sentence could not be reported."""
    assert {effect for effect, _ in FINDINGS} == set(get_args(Effect))
    assert {fault for _, fault in FINDINGS} == set(get_args(Fault))
