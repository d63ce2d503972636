"""Estimates and approvals: nothing is done or billed that the customer did not approve (Rules W6 to W8)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Quantity
from contracts.shared import DeclinedLine, PartRequest
from contracts.workshop.events import AdditionalWorkProposed, EstimateIssued, WorkApproved, WorkDeclined
from services.workshop.agreement.approval import approve, approve_under_consent, decline, withdraw
from services.workshop.agreement.estimate import Terms, issue_estimate, propose_additional_work
from services.workshop.order.line import State
from services.workshop.order.status import Status
from tests.unit.workshop.orders import (
    NOON,
    a_work_order,
    an_approved_order,
    an_estimate,
    an_order_that_is,
    brake_pads,
    cny,
    labour,
    next_change,
    prices,
    sublet,
)


def propose(order, *lines, minutes=0):
    estimate = propose_additional_work(order, lines, prices(), Terms(extra_minutes=minutes), NOON)
    next_change(order)
    return estimate.document


def test_an_estimate_splits_labour_parts_and_sublet_and_announces_the_totals():
    order = a_work_order(labour("2.00"), brake_pads("2"), sublet("80.00"))
    estimate = issue_estimate(order, prices(), Terms(promised_at=NOON + timedelta(hours=3)), NOON)
    assert order.announced == [
        EstimateIssued(
            work_order_id=order.id,
            estimate_version=1,
            labour=cny("400.00"),
            parts=cny("200.00"),
            sublet=cny("80.00"),
            total=cny("680.00"),
            promised_at=NOON + timedelta(hours=3),
        )
    ]
    assert estimate.document.total == cny("680.00")
    assert [line.number for line in estimate.document.lines] == [1, 2, 3]


def test_an_estimate_needs_something_undecided():
    with pytest.raises(Refused, match="nothing_to_quote"):
        an_estimate(an_approved_order(labour()))


def test_approving_announces_all_approved_parts_and_no_others():
    order = a_work_order(labour(), brake_pads("2"), brake_pads("1"))
    estimate = an_estimate(order)
    decline(order, [order.lines[2].id], "too dear", signed=False)
    next_change(order)
    assert approve(order, estimate.document, "Li Na", NOON) == [1, 2]
    assert order.announced == [
        WorkApproved(
            work_order_id=order.id,
            approved_by="Li Na",
            parts=[PartRequest(line_id=order.lines[1].id, part_number="PAD-1", quantity=Quantity.of("2"))],
        )
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda order: order.add_lines([labour()]),
        lambda order: order.remove_line(order.lines[0].id),
        an_estimate,
    ],
    ids=["line added", "line removed", "new version"],
)
def test_an_estimate_lapses_when_what_it_shows_changes(change):
    order = a_work_order(labour(), brake_pads())
    estimate = an_estimate(order)
    change(order)
    with pytest.raises(Refused, match="estimate_lapsed"):
        approve(order, estimate.document, "Li Na", NOON)


def test_an_estimate_is_approved_once():
    order = a_work_order(labour())
    estimate = an_estimate(order)
    approve(order, estimate.document, "Li Na", NOON)
    with pytest.raises(Refused, match="estimate_lapsed"):
        approve(order, estimate.document, "Li Na", NOON)


def test_declined_work_keeps_its_reason_and_is_announced():
    order = a_work_order(labour(), brake_pads())
    an_estimate(order)
    decline(order, [order.lines[1].id], "next month", signed=False)
    assert order.announced == [
        WorkDeclined(
            work_order_id=order.id,
            declined=[
                DeclinedLine(
                    line_id=order.lines[1].id,
                    kind="part",
                    description="Brake pads",
                    reason="next month",
                    part_number="PAD-1",
                )
            ],
            not_wanted=[order.lines[1].part_request()],
        )
    ]


def test_a_declined_safety_line_needs_a_signature():
    order = a_work_order(labour(safety=True))
    an_estimate(order)
    with pytest.raises(Refused) as refused:
        decline(order, [order.lines[0].id], "no money", signed=False)
    assert (refused.value.code, refused.value.details) == ("safety_needs_signature", {"line": 1})
    decline(order, [order.lines[0].id], "no money", signed=True)
    assert order.lines[0].state is State.DECLINED


def test_only_what_was_quoted_can_be_declined():
    order = a_work_order(labour())
    with pytest.raises(Refused, match="line_not_quoted"):
        decline(order, [order.lines[0].id], "no", signed=True)
    with pytest.raises(Invalid):
        decline(order, [], "no", signed=True)


def test_additional_work_announces_only_its_own_lines_and_leaves_the_others_alone():
    order = an_order_that_is(Status.IN_PROGRESS)
    extra = sublet("80.00")
    propose_additional_work(order, [extra], prices(), Terms(extra_minutes=30), NOON)
    assert order.announced == [
        AdditionalWorkProposed(work_order_id=order.id, lines=[extra.id], amount=cny("80.00"), extra_minutes=30)
    ]
    assert [line.state for line in order.lines] == [State.APPROVED, State.APPROVED, State.QUOTED]


def test_approved_additional_work_moves_the_promised_time():
    order = an_approved_order(labour(), promised_at=NOON + timedelta(hours=3))
    approve(order, propose(order, sublet(), minutes=45), "Li Na", NOON)
    assert order.promised_at == NOON + timedelta(hours=3, minutes=45)


def test_standing_consent_covers_additional_work_up_to_the_threshold_in_all():
    order = an_approved_order(labour(), consents_to_other_damage=True, call_threshold=cny("100.00"))
    assert approve_under_consent(order, propose(order, sublet("60.00")), NOON) == ("Li Na", [2])
    with pytest.raises(Refused) as refused:
        approve_under_consent(order, propose(next_change(order), sublet("40.01")), NOON)
    assert (refused.value.code, refused.value.details) == (
        "above_call_threshold",
        {"left": {"amount": "40.00", "currency": "CNY"}},
    )


def test_standing_consent_counts_only_what_the_customer_pays():
    """Rule W7: what warranty or an insurer pays is none of the customer's call threshold."""
    order = an_approved_order(labour(), consents_to_other_damage=True, call_threshold=cny("100.00"))
    split = [{"payer": "warranty", "basis_points": 9000}, {"payer": "customer_pay", "basis_points": 1000}]
    claim = propose(
        order, sublet("500.00", payers=[{"payer": "insurer", "basis_points": 10_000}]), sublet("600.00", payers=split)
    )
    assert approve_under_consent(order, claim, NOON) == ("Li Na", [2, 3])
    with pytest.raises(Refused) as refused:
        approve_under_consent(order, propose(next_change(order), sublet("400.10", payers=split)), NOON)
    assert refused.value.details == {"left": {"amount": "40.00", "currency": "CNY"}}


def test_without_standing_consent_the_customer_is_asked():
    order = an_approved_order(labour(), call_threshold=cny("100.00"))
    with pytest.raises(Refused, match="no_standing_consent"):
        approve_under_consent(order, propose(order, sublet("1.00")), NOON)


def test_what_is_withdrawn_no_longer_uses_up_the_standing_consent():
    """Rule W7: the customer is not called for 100.00 in all; what they do not pay does not count."""
    order = an_approved_order(labour(), consents_to_other_damage=True, call_threshold=cny("100.00"))
    approve_under_consent(order, propose(order, sublet("60.00")), NOON)
    extra = propose(next_change(order), sublet("100.00"))
    with pytest.raises(Refused, match="above_call_threshold"):
        approve_under_consent(order, extra, NOON)
    withdraw(order, [order.lines[1].id], "not now", "Li Na", set())
    assert approve_under_consent(next_change(order), extra, NOON) == ("Li Na", [3])
    with pytest.raises(Refused) as refused:
        approve_under_consent(order, propose(next_change(order), sublet("0.01")), NOON)
    assert refused.value.details == {"left": {"amount": "0.00", "currency": "CNY"}}


def test_declined_work_that_is_done_after_all_is_declined_no_longer():
    """Rule W8: on whichever line it comes back; other declined work stays declined."""
    order = a_work_order(labour(), brake_pads("2"), sublet())
    first = an_estimate(order)
    decline(order, [order.lines[1].id, order.lines[2].id], "next month", signed=False)
    approve(next_change(order), first.document, "Li Na", NOON)
    order.status = Status.DISPATCHED
    again = propose(next_change(order), brake_pads("2"))
    assert [line.number for line in order.declined] == [2, 3]
    approve(order, again, "Li Na", NOON)
    assert [line.number for line in order.declined] == [3]
    assert [line.state for line in order.describe().lines] == ["approved", "taken_up", "declined", "approved"]
