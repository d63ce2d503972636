"""Clocking beside the advisor's editing: whose version it raises, and what it announces (Rule W9)."""

import pytest

from chassis.wire.errors import PreconditionFailed
from contracts.workshop.events import WorkStarted, WorkStopped
from contracts.workshop.order import RecordJob
from contracts.workshop.shop_floor import ClockOff, ClockOn
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
