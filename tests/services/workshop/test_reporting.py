"""Rule W19: customers are told how it goes when that is due."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from contracts.workshop import agreement
from contracts.workshop.attendance import RecordAbsence
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.certificate import SetTeamSettings
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from contracts.workshop.progress import ListDueReports
from contracts.workshop.promise import (
    ExplainMiss,
    NoteWaiting,
)
from contracts.workshop.promise_events import ProgressReported
from tests.services.workshop.shop import Shop, labour, signed
from tests.services.workshop.test_order_file import leaves
from tests.services.workshop.test_promise import at, put_and_approve
from tests.services.workshop.test_telling import due, figures, missed, promise_of, revise, tell


def test_a_report_is_due_when_work_begins_and_when_the_car_is_ready(shop: Shop) -> None:
    """Rule W19. One call tells all that is due of the order."""
    order = shop.dispatched(put_and_approve(shop))
    assert due(shop) == []
    shop.clock_on(order)
    [one] = due(shop)
    assert (one.work_order_id, one.report_kinds, one.due_at, one.missed) == (order.id, ["started"], at("12:30"), False)
    assert (one.order_number, one.advisor, one.promised_at) == (order.number, "wang", at("14:30"))
    assert (due(shop, advisor="wang"), due(shop, advisor="li")) == ([one], [])
    assert shop.desk.ask(ListDueReports(), dealer="bj-chaoyang").items == []
    promise = tell(shop, order, note="the pads are off")
    assert due(shop) == []
    [report] = promise.reports
    assert (report.told_how, report.told_by, report.told_at, report.note) == ("wechat", "wang", at("12:00"), "the pads are off")
    [told] = shop.desk.announced(ProgressReported)
    assert (told.report_kinds, told.told_by) == (["started"], "wang")
    shop.desk.pass_time(hours=1)
    shop.clock_off(order, done=False)
    shop.clock_on(order)
    assert due(shop) == [], "work begins once"
    shop.clock_off(order, done=False)
    ready = shop.ready(order)
    assert [one.report_kinds for one in due(shop)] == [["ready"]]
    shop.deliver(ready)
    assert (due(shop), missed(shop)) == ([], [])
    with pytest.raises(Refused, match="not_in_this_status"):
        tell(shop, order)


def unpromised(shop: Shop) -> WorkOrder:
    """The order of a customer whom nobody could name a time: who could do the work is not there."""
    away = {"from_at": at("08:00"), "until_at": at("08:00", days=90), "absence_kind": "sick"}
    for technician in ("zhang", "chen"):
        shop.desk.do(RecordAbsence(technician=technician, **away))
    order = put_and_approve(shop)
    assert order.promised_at is None
    return order


def test_that_work_began_and_that_the_car_is_ready_is_told_whether_or_not_a_time_was_promised(shop: Shop) -> None:
    """Rule W19: at start of work, change of estimate, ready."""
    order = shop.clock_on(shop.dispatched(unpromised(shop)))
    [one] = due(shop)
    assert (one.report_kinds, one.due_at, one.promised_at, one.at_risk) == (["started"], at("12:30"), None, False)
    tell(shop, order)
    shop.desk.do(agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")]))
    assert [one.report_kinds for one in due(shop)] == [["estimate_changed"]]
    shop.desk.pass_time(minutes=30)
    assert [(one.work_order_id, one.report_kind) for one in missed(shop)] == [(order.id, "estimate_changed")]
    tell(shop, order)
    assert [one.report_kinds for one in shop.desk.announced(ProgressReported)] == [["started"], ["estimate_changed"]]
    lines = [line.line_id for line in shop.now(order).lines if line.state == "quoted"]
    declined = agreement.DeclineLines(work_order_id=order.id, line_ids=lines, reason="later", decision=signed())
    shop.clock_off(shop.desk.do(declined), done=False)
    order = shop.ready(order)
    assert [one.report_kinds for one in due(shop)] == [["ready"]]
    assert (promise_of(shop, order).missed, figures(shop).promised) == (False, 0), (
        "what was not promised is neither kept nor missed"
    )
    assert shop.deliver(order).status == "delivered"


def test_who_waits_is_told_whether_or_not_a_time_was_promised(shop: Shop) -> None:
    """Rule W19; a time that is told later is the first promise, and they go on waiting."""
    order = unpromised(shop)
    promise = shop.desk.do(NoteWaiting(work_order_id=order.id, waits=True))
    assert (promise.waits, promise.promised_at, promise.first_promised_at, promise.revisions) == (True, None, None, [])
    assert [(one.report_kinds, one.due_at) for one in due(shop)] == [(["waiting"], at("12:30"))]
    promise = revise(shop, order, at("17:00"))
    assert (promise.first_promised_at, promise.baseline_at, promise.waits) == (at("17:00"), at("17:00"), True)
    assert [(one.moved_by, one.previous_at, one.told_late) for one in promise.revisions] == [("revised", None, False)]
    shop.desk.pass_time(minutes=30)
    assert [one.report_kind for one in missed(shop)] == ["waiting"]


def test_who_waits_and_was_told_twice_of_one_minute_is_told_again(shop: Shop) -> None:
    """Rule W19: two colleagues write down what they told the customer at twelve."""
    order = put_and_approve(shop)
    shop.desk.do(NoteWaiting(work_order_id=order.id, waits=True))
    shop.desk.pass_time(minutes=5)
    for how in ("phone", "in_person"):
        tell(shop, order, told_how=how, told_at=at("12:00"))
    assert [(one.report_kinds, one.due_at) for one in due(shop)] == [(["waiting"], at("12:30"))]


def test_what_nobody_tells_in_time_escalates_once(shop: Shop) -> None:
    order = shop.clock_on(shop.dispatched(put_and_approve(shop)))
    shop.desk.pass_time(minutes=29)
    assert missed(shop) == []
    shop.desk.pass_time(minutes=1)
    [told] = missed(shop)
    assert (told.work_order_id, told.report_kind, told.due_at) == (order.id, "started", at("12:30"))
    [matter] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "missed_report"]
    assert (matter.count, matter.items[0].detail, matter.items[0].severity) == (1, "started", "severe")
    assert [one.missed for one in due(shop)] == [True]
    shop.desk.pass_time(minutes=5)
    assert len(missed(shop)) == 1
    reports = tell(shop, order).reports
    assert [one.escalated_at for one in reports if one.report_kind == "started"] == [at("12:30")]
    [matter] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "missed_report"]
    assert matter.count == 0


def test_that_the_estimate_changed_is_told_unless_the_customer_decides(shop: Shop) -> None:
    order = put_and_approve(shop)
    more = agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")])
    version = shop.desk.do(more).estimate_version
    assert [one.report_kinds for one in due(shop)] == [["estimate_changed"]]
    decided = agreement.ApproveAdditionalWork(work_order_id=order.id, estimate_version=version, decision=signed())
    shop.desk.do(decided)
    assert due(shop) == []
    lines = [line.line_id for line in shop.desk.do(more).lines if line.state == "quoted"]
    assert [one.report_kinds for one in due(shop)] == [["estimate_changed"]]
    shop.desk.do(
        agreement.DeclineLines(work_order_id=order.id, line_ids=lines, reason="later", decision=signed()),
    )
    assert due(shop) == []


def test_what_is_done_under_the_standing_consent_is_still_to_be_told(shop: Shop) -> None:
    order = put_and_approve(shop, consents_to_other_damage=True)
    more = agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")])
    version = shop.desk.do(more).estimate_version
    shop.desk.do(agreement.ApproveAdditionalWork(work_order_id=order.id, estimate_version=version))
    assert [one.report_kinds for one in due(shop)] == [["estimate_changed"]]


def test_a_delay_is_told_and_telling_another_time_tells_it(shop: Shop) -> None:
    order = put_and_approve(shop)
    shop.desk.pass_time(minutes=35)
    shop.desk.fire_timers()
    [one] = due(shop)
    assert (one.report_kinds, one.at_risk, one.expected_at) == (["delayed"], True, at("14:35"))
    promise = revise(shop, order, at("17:00"))
    assert (due(shop), promise.at_risk_at) == ([], None)
    assert [one.told_how for one in promise.reports] == ["phone"]


def test_a_delay_that_shows_late_escalates_while_the_customer_can_still_be_told_before_the_time_passes(shop: Shop) -> None:
    """Rule W18: half of what is left is the advisor's, never more than the usual time; what has passed is told within that."""
    order = shop.clock_on(shop.dispatched(put_and_approve(shop)))
    tell(shop, order)
    shop.desk.pass_time(minutes=140)
    shop.clock_off(order, done=False)
    shop.desk.fire_timers()
    [one] = due(shop)
    assert (one.report_kinds, one.promised_at, one.due_at) == (["delayed"], at("14:30"), at("14:25"))
    shop.desk.pass_time(minutes=5)
    assert [(one.report_kind, one.due_at) for one in missed(shop)] == [("delayed", at("14:25"))]


def test_who_waits_is_told_every_half_hour_until_the_car_is_ready(shop: Shop) -> None:
    """Who booked said so; of others it is noted."""
    appointment = shop.appointment(waiting=True)
    shop.arrive(appointment)
    booked = shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)
    order = shop.approved(booked, labour=[labour()])
    assert promise_of(shop, order).waits
    [one] = due(shop)
    assert (one.report_kinds, one.due_at) == (["waiting"], at("12:30"))
    shop.desk.pass_time(minutes=20)
    tell(shop, order)
    assert [one.due_at for one in due(shop)] == [at("12:50")]
    shop.desk.pass_time(minutes=30)
    assert [one.report_kind for one in missed(shop)] == ["waiting"]
    assert shop.desk.do(NoteWaiting(work_order_id=order.id, waits=False)).waits is False
    assert due(shop) == []
    shop.desk.do(SetTeamSettings(report_minutes=10))
    shop.desk.do(NoteWaiting(work_order_id=order.id, waits=True))
    assert [one.due_at for one in due(shop)] == [shop.desk.clock.now() + timedelta(minutes=10)]
    shop.ready(order)
    assert [one.report_kinds for one in due(shop)] == [["ready"]]
    tell(shop, order)
    assert due(shop) == []


@pytest.mark.parametrize("over", ["void", "ready", "delivered", "closed"])
def test_nobody_waits_for_a_car_that_is_ready_or_gone(shop: Shop, over: str) -> None:
    """Rule W19: it is refused by name, and nothing more is told by the clock."""
    order = put_and_approve(shop)
    if over == "void":
        shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="customer left"))
    else:
        order = shop.ready(order)
    if over in ("delivered", "closed"):
        order = shop.deliver(order)
    if over == "closed":
        assert leaves(shop, order).status == "closed"
    for waits in (True, False):
        with pytest.raises(Refused, match="not_in_this_status"):
            shop.desk.do(NoteWaiting(work_order_id=order.id, waits=waits))


def test_the_customer_may_be_told_without_its_being_due(shop: Shop) -> None:
    order = put_and_approve(shop)
    [report] = tell(shop, order, told_how="in_person", told_at=at("12:00")).reports
    assert (report.report_kind, report.told_how, report.ended_at) == ("asked", "in_person", at("12:00"))
    assert missed(shop) == []
    [report] = tell(shop, shop.open()).reports
    assert report.report_kind == "asked", "also before anything was promised"
    with pytest.raises(Refused, match="nothing_promised"):
        shop.desk.do(ExplainMiss(work_order_id=shop.open().id, miss_cause="parts"))
