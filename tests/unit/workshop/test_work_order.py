"""The order itself: its jobs and its lines (Rule W4)."""

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from contracts.workshop.events import WorkOrderOpened
from services.workshop.order.status import Status
from services.workshop.order.work_order import MOST_LINES
from tests.unit.workshop.orders import NOON, a_work_order, an_approved_order, brake_pads, labour, sublet

NOT_LOOKED_AT = dict.fromkeys(("reproduced", "coverage", "customer_told_at"))


def test_opening_announces_the_order_and_makes_its_complaint_the_first_job():
    order = a_work_order()
    assert order.status is Status.OPEN
    assert order.jobs == [{"number": 1, "complaint": "Brakes squeal", "cause": None, "correction": None, **NOT_LOOKED_AT}]
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
    assert order.jobs == [
        {"number": 1, "complaint": "Brakes squeal", "cause": "Pads worn to 2 mm", "correction": "Replaced", **NOT_LOOKED_AT}
    ]


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
