"""Clocking beside the advisor's editing: whose version it raises, and what it announces (Rule W9)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from contracts.workshop.events import WorkStarted, WorkStopped
from contracts.workshop.order import RecordJob
from contracts.workshop.shop_floor import ClockOff, ClockOffColleague, ClockOn, ListClockings, Stretch
from tests.services.workshop.shop import labour, line_id


@pytest.fixture
def order(shop):
    """Two labour lines; zhang is clocked on to the first."""
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    return shop.clock_on(order, 1)


def clockings(shop):
    """The envelopes of what clockings announced."""
    return [one for one in shop.desk.envelopes() if one["type"] in (WorkStarted.type, WorkStopped.type)]


def test_an_advisors_if_match_survives_a_colleagues_clocking_on_and_off(shop, order):
    """They edit the order's jobs and lines; that somebody works on it changes none of them."""
    assert shop.clock_on(order, 2, technician="chen").version == order.version
    assert shop.clock_off(order, 2, technician="chen", done=False).version == order.version
    noted = shop.desk.do(RecordJob(work_order_id=order.id, job=1, cause="Pads worn"), if_match=order.version)
    assert noted.version == order.version + 1


def test_the_order_changes_when_work_begins_and_when_a_line_is_done(shop, order):
    """Those an advisor must not overlook."""
    dispatched = shop.dispatched(shop.approved(labour=[labour()]), technician="chen", bay="B2")
    begun = shop.clock_on(dispatched, 1, technician="chen")
    assert (begun.status, begun.version) == ("in_progress", dispatched.version + 1)
    assert shop.clock_off(order, 1).version == order.version + 1


def test_an_if_match_that_was_sent_is_compared_and_a_stale_one_changes_nothing(shop, order):
    """None is demanded, but whoever names a version means it."""
    with pytest.raises(PreconditionFailed):
        shop.desk.do(ClockOn(work_order_id=order.id, line_id=line_id(order, 2)), actor="chen", if_match=order.version - 1)
    with pytest.raises(PreconditionFailed):
        shop.desk.do(
            ClockOff(work_order_id=order.id, line_id=line_id(order, 1), done=True), actor="zhang", if_match=order.version - 1
        )
    assert shop.now(order) == order
    assert len(clockings(shop)) == 1


def test_a_clocking_has_a_subject_and_a_sequence_of_its_own_within_the_visit(shop, order):
    """Two that run at once are two subjects; the visit holds them together."""
    shop.clock_on(order, 2, technician="chen")
    shop.clock_off(order, 1)
    shop.clock_off(order, 2, technician="chen")
    announced = clockings(shop)
    first, second = announced[0]["subject"], announced[1]["subject"]
    assert [(one["subject"], one["sequence"]) for one in announced] == [(first, 1), (second, 1), (first, 2), (second, 2)]
    assert len({first, second, order.id}) == 3
    assert {one["correlationid"] for one in announced} == {order.visit_id}
    assert {one["data"]["work_order_id"] for one in announced} == {order.id}


def clocked_off(shop, order, **more):
    """The foreman clocks zhang off."""
    given = {"line_id": line_id(order, 1), "technician": "zhang", "done": False, "reason": "went home", **more}
    return shop.desk.do(ClockOffColleague(work_order_id=order.id, **given), actor="foreman")


def test_a_foreman_clocks_off_who_forgot_to(shop, order):
    """Until they really stopped; who did it and why is announced, and the technician is free."""
    began = shop.desk.clock.now()
    shop.desk.pass_time(hours=9)
    clocked_off(shop, order, stopped_at=began + timedelta(minutes=30))
    [stopped] = shop.desk.announced(WorkStopped)
    assert (stopped.technician, stopped.stopped_by, stopped.reason, stopped.worked_minutes) == (
        "zhang",
        "foreman",
        "went home",
        30,
    )
    assert shop.clock_on(order, 2).status == "in_progress"


@pytest.mark.parametrize("minutes", [-1, 61])
def test_nobody_stopped_before_they_began_or_in_the_future(shop, order, minutes):
    began = shop.desk.clock.now()
    shop.desk.pass_time(hours=1)
    with pytest.raises(Invalid) as refused:
        clocked_off(shop, order, stopped_at=began + timedelta(minutes=minutes))
    assert list(refused.value.details["errors"]) == ["stopped_at"]


def test_only_who_is_clocked_on_is_clocked_off(shop, order):
    with pytest.raises(Refused, match="not_clocked_on"):
        clocked_off(shop, order, technician="chen")
    assert clocked_off(shop, order, done=True).lines[0].done_at == shop.desk.clock.now()


def test_an_orders_clockings_say_who_worked_on_which_line_from_when_to_when(shop, order):
    """Also who ended it for somebody, and why; of what runs there are no minutes yet."""
    began = shop.desk.clock.now()
    shop.desk.pass_time(minutes=31)
    shop.clock_on(order, 2, technician="chen")
    clocked_off(shop, order, stopped_at=began + timedelta(minutes=30))
    first, second = shop.desk.ask(ListClockings(work_order_id=order.id)).items
    assert first == Stretch(
        line_id=line_id(order, 1),
        line_number=1,
        technician="zhang",
        technician_name="zhang",
        started_at=began,
        stopped_at=began + timedelta(minutes=30),
        minutes=30,
        stopped_by="foreman",
        reason="went home",
    )
    assert (second.line_number, second.technician, second.started_at) == (2, "chen", began + timedelta(minutes=31))
    assert (second.stopped_at, second.minutes, second.stopped_by) == (None, None, None)
    with pytest.raises(NotFound):
        shop.desk.ask(ListClockings(work_order_id=order.id), dealer="bj-chaoyang")
