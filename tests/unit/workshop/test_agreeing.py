"""Lines, estimates, approvals: nothing is done or billed that the customer did not approve (Rules W4 to W8)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.shared import DeclinedLine, PartRequest
from contracts.workshop.events import AdditionalWorkProposed, EstimateIssued, WorkApproved, WorkDeclined, WorkOrderOpened
from services.workshop.domain.estimates import Terms
from services.workshop.domain.lines import State
from services.workshop.domain.quoting import MOST_LINES
from services.workshop.domain.status import Status
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
    estimate = order.propose_additional_work(lines, prices(), Terms(extra_minutes=minutes), NOON)
    next_change(order)
    return estimate.content


def test_opening_announces_the_order_and_makes_its_complaint_the_first_job():
    order = a_work_order()
    assert order.status is Status.OPEN
    assert order.jobs == [{"number": 1, "complaint": "Brakes squeal", "cause": None, "correction": None}]
    fresh = type(order).open(
        number="RO-1",
        visit_id=new_id(),
        complaint="x",
        advisor="wang",
        at=NOON,
        currency="CNY",
        tax_mode="inclusive",
        customer=order.describe().customer,
        vehicle=order.describe().vehicle,
    )
    assert [type(fact) for fact in fresh.announced] == [WorkOrderOpened]


def test_a_job_takes_cause_and_correction_and_keeps_what_is_left_out():
    order = a_work_order()
    order.record_job(1, complaint=None, cause="Pads worn to 2 mm", correction=None)
    order.record_job(1, complaint=None, cause=None, correction="Replaced")
    assert order.jobs == [{"number": 1, "complaint": "Brakes squeal", "cause": "Pads worn to 2 mm", "correction": "Replaced"}]


def test_the_number_after_the_last_opens_a_further_job_which_needs_a_complaint():
    order = a_work_order()
    order.record_job(2, complaint="Wipers smear", cause=None, correction=None)
    assert [job["complaint"] for job in order.jobs] == ["Brakes squeal", "Wipers smear"]
    with pytest.raises(Invalid):
        order.record_job(3, complaint=None, cause="?", correction=None)
    with pytest.raises(Refused, match="job_unknown"):
        order.record_job(5, complaint="x", cause=None, correction=None)


def test_a_line_belongs_to_a_job_of_the_order():
    with pytest.raises(Refused, match="job_unknown"):
        a_work_order(labour(job=2))


def test_lines_keep_their_numbers_when_one_goes():
    order = a_work_order(labour(), brake_pads())
    order.remove_line(order.lines[0].id)
    order.add_lines([sublet()])
    assert [line.number for line in order.lines] == [2, 3]


def test_an_order_has_a_limit_of_lines():
    order = a_work_order(*(labour() for _ in range(MOST_LINES)))
    with pytest.raises(Refused, match="too_many_lines"):
        order.add_lines([labour()])


def test_adding_nothing_is_invalid():
    with pytest.raises(Invalid):
        a_work_order().add_lines([])


def test_an_estimate_splits_labour_parts_and_sublet_and_announces_the_totals():
    order = a_work_order(labour("2.00"), brake_pads("2"), sublet("80.00"))
    estimate = order.issue_estimate(prices(), Terms(promised_at=NOON + timedelta(hours=3)), NOON)
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
    assert estimate.content.total == cny("680.00")
    assert [line.number for line in estimate.content.lines] == [1, 2, 3]


def test_an_estimate_needs_something_undecided():
    with pytest.raises(Refused, match="nothing_to_quote"):
        an_estimate(an_approved_order(labour()))


def test_approving_announces_all_approved_parts_and_no_others():
    order = a_work_order(labour(), brake_pads("2"), brake_pads("1"))
    estimate = an_estimate(order)
    order.decline([order.lines[2].id], "too dear", signed=False)
    next_change(order)
    assert order.approve(estimate.content, "Li Na") == [1, 2]
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
        order.approve(estimate.content, "Li Na")


def test_an_estimate_is_approved_once():
    order = a_work_order(labour())
    estimate = an_estimate(order)
    order.approve(estimate.content, "Li Na")
    with pytest.raises(Refused, match="estimate_lapsed"):
        order.approve(estimate.content, "Li Na")


def test_after_an_approval_more_work_is_additional_work():
    with pytest.raises(Refused, match="already_approved"):
        an_approved_order(labour()).add_lines([labour()])


def test_a_line_the_customer_decided_on_cannot_be_removed():
    order = an_approved_order(labour())
    with pytest.raises(Refused, match="line_decided"):
        order.remove_line(order.lines[0].id)


def test_a_line_of_another_order_is_not_found():
    with pytest.raises(NotFound):
        a_work_order(labour()).remove_line(new_id())


def test_declined_work_keeps_its_reason_and_is_announced():
    order = a_work_order(labour(), brake_pads())
    an_estimate(order)
    order.decline([order.lines[1].id], "next month", signed=False)
    assert order.announced == [
        WorkDeclined(
            work_order_id=order.id,
            declined=[
                DeclinedLine(line_id=order.lines[1].id, kind="part", description="Brake pads", reason="next month", safety=False)
            ],
        )
    ]


def test_a_declined_safety_line_needs_a_signature():
    order = a_work_order(labour(safety=True))
    an_estimate(order)
    with pytest.raises(Refused) as refused:
        order.decline([order.lines[0].id], "no money", signed=False)
    assert (refused.value.code, refused.value.details) == ("safety_needs_signature", {"line": 1})
    order.decline([order.lines[0].id], "no money", signed=True)
    assert order.lines[0].state is State.DECLINED


def test_only_what_was_quoted_can_be_declined():
    order = a_work_order(labour())
    with pytest.raises(Refused, match="line_not_quoted"):
        order.decline([order.lines[0].id], "no", signed=True)
    with pytest.raises(Invalid):
        order.decline([], "no", signed=True)


def test_additional_work_announces_only_its_own_lines_and_leaves_the_others_alone():
    order = an_order_that_is(Status.IN_PROGRESS)
    extra = sublet("80.00")
    order.propose_additional_work([extra], prices(), Terms(extra_minutes=30), NOON)
    assert order.announced == [
        AdditionalWorkProposed(work_order_id=order.id, lines=[extra.id], amount=cny("80.00"), extra_minutes=30)
    ]
    assert [line.state for line in order.lines] == [State.APPROVED, State.APPROVED, State.QUOTED]


def test_approved_additional_work_moves_the_promised_time():
    order = an_approved_order(labour(), promised_at=NOON + timedelta(hours=3))
    order.approve(propose(order, sublet(), minutes=45), "Li Na")
    assert order.promised_at == NOON + timedelta(hours=3, minutes=45)


def test_standing_consent_covers_additional_work_up_to_the_threshold_in_all():
    order = an_approved_order(labour(), consents_to_other_damage=True, call_threshold=cny("100.00"))
    assert order.approve_under_consent(propose(order, sublet("60.00"))) == ("Li Na", [2])
    with pytest.raises(Refused) as refused:
        order.approve_under_consent(propose(next_change(order), sublet("40.01")))
    assert (refused.value.code, refused.value.details) == ("above_call_threshold", {"left": "40.00 CNY"})


def test_without_standing_consent_the_customer_is_asked():
    order = an_approved_order(labour(), call_threshold=cny("100.00"))
    with pytest.raises(Refused, match="no_standing_consent"):
        order.approve_under_consent(propose(order, sublet("1.00")))
