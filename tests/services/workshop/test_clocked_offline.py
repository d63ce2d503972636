"""Clockings that a tablet without connection kept: they count from when they were, and only if that can be so (Rule W9)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.signing import Signing
from contracts.workshop import agreement
from contracts.workshop.events import WorkStarted, WorkStopped
from contracts.workshop.order import NewLines, WorkOrder
from contracts.workshop.shop_floor import RequestQualityCheck
from tests.services.workshop.shop import Shop, labour, signed

BEGAN = timedelta(hours=2)
"""After the order was dispatched."""


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    """Two labour lines, dispatched at noon; it is four in the afternoon."""
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    shop.desk.pass_time(hours=4)
    return order


@pytest.fixture
def noon(shop: Shop, order: WorkOrder) -> datetime:
    """When the order was dispatched."""
    return shop.desk.clock.now() - timedelta(hours=4)


def broken(call: Any, *args: Any, **given: Any) -> dict[str, list[str]]:
    """The rules that a call breaks, by field."""
    with pytest.raises(Invalid) as refused:
        call(*args, **given)
    return refused.value.details["errors"]


def test_what_a_tablet_kept_counts_from_when_it_was(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    """Minutes, the line's end and the announcements; a queue that is sent in its order is taken in that order."""
    shop.clock_on(order, 1, occurred_at=noon + timedelta(minutes=10))
    shop.clock_off(order, 1, occurred_at=noon + timedelta(minutes=40))
    shop.clock_on(order, 2, occurred_at=noon + timedelta(minutes=40))
    done = shop.clock_off(order, 2, occurred_at=noon + timedelta(minutes=65))
    assert [line.done_at for line in done.lines] == [noon + timedelta(minutes=40), noon + timedelta(minutes=65)]
    assert [one.started_at for one in shop.desk.announced(WorkStarted)] == [noon + timedelta(minutes=m) for m in (10, 40)]
    stopped = shop.desk.announced(WorkStopped)
    assert [(one.stopped_at, one.worked_minutes) for one in stopped] == [
        (noon + timedelta(minutes=40), 30),
        (noon + timedelta(minutes=65), 25),
    ]
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")


def test_who_says_no_time_means_now(shop: Shop, order: WorkOrder) -> None:
    now = shop.desk.clock.now()
    shop.clock_on(order)
    shop.clock_off(order)
    assert [one.started_at for one in shop.desk.announced(WorkStarted)] == [now]
    assert [one.stopped_at for one in shop.desk.announced(WorkStopped)] == [now]


def test_a_tablet_whose_clock_is_a_little_ahead_means_now_and_one_far_ahead_is_wrong(shop: Shop, order: WorkOrder) -> None:
    now = shop.desk.clock.now()
    for step in (shop.clock_on, shop.clock_off):
        assert broken(step, order, occurred_at=now + timedelta(minutes=5, seconds=1)) == {"occurred_at": ["must_not_be_future"]}
        step(order, occurred_at=now + timedelta(minutes=5))
    assert [one.started_at for one in shop.desk.announced(WorkStarted)] == [now]
    assert [one.stopped_at for one in shop.desk.announced(WorkStopped)] == [now]


def test_what_was_kept_for_more_than_a_day_is_not_taken(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    shop.desk.pass_time(hours=20, seconds=1)
    rules = {"occurred_at": ['must_be_recent {"hours": 24}']}
    assert broken(shop.clock_on, order, occurred_at=noon) == rules
    shop.clock_on(order, occurred_at=noon + timedelta(seconds=1))
    shop.desk.pass_time(hours=1)
    assert broken(shop.clock_off, order, occurred_at=noon + timedelta(minutes=1)) == rules


def test_nobody_begins_before_the_order_was_dispatched(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    """People and tablets tell the minute; and who gives the order to others later is the one who counts."""
    since = 'must_not_predate {"since": "2026-03-02T12:00+08:00"}'
    assert broken(shop.clock_on, order, occurred_at=noon - timedelta(seconds=1)) == {"occurred_at": [since]}
    shop.dispatched(order, technician="chen")
    later = 'must_not_predate {"since": "2026-03-02T16:00+08:00"}'
    assert broken(shop.clock_on, order, occurred_at=noon + BEGAN) == {"occurred_at": [later]}


def test_nobody_begins_before_the_customer_approved_the_line(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    """Rule W8: the call at three counts from three, whenever it was written down."""
    more = NewLines(labour=[labour("OIL")])
    proposed = shop.desk.do(
        agreement.ProposeAdditionalWork(work_order_id=order.id, labour=more.labour, extra_minutes=0), actor="foreman"
    )
    shop.desk.pass_time(hours=1)
    called = Signing(means="phone", name="Li Na", given_at=noon + timedelta(hours=4, minutes=30))
    order = shop.desk.do(
        agreement.ApproveAdditionalWork(work_order_id=order.id, estimate_version=proposed.estimate_version, decision=called)
    )
    since = 'must_not_predate {"since": "2026-03-02T16:30+08:00"}'
    assert broken(shop.clock_on, order, 3, occurred_at=noon + timedelta(hours=4, minutes=29)) == {"occurred_at": [since]}
    assert shop.clock_on(order, 3, occurred_at=noon + timedelta(hours=4, minutes=30)).status == "in_progress"


def test_nobody_works_on_two_lines_at_one_time(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    """Not on another order either; from the minute they stopped there they may."""
    other = shop.dispatched(shop.approved(labour=[labour()]), technician="chen", bay="B2")
    shop.clock_on(order, 1, occurred_at=noon + BEGAN)
    with pytest.raises(Refused, match="technician_clocked_on"):
        shop.clock_on(other, occurred_at=noon + BEGAN + timedelta(minutes=10))
    shop.clock_off(order, 1, occurred_at=noon + timedelta(hours=3))
    other = shop.dispatched(other, technician="zhang", bay="B2")
    for minutes in (-1, 30):
        overlapping = noon + BEGAN + timedelta(minutes=minutes)
        rule = f'overlaps_other_work {{"work_order": "{order.number}", "until": "2026-03-02T15:00+08:00"}}'
        assert broken(shop.clock_on, order, 2, occurred_at=overlapping) == {"occurred_at": [rule]}
    assert shop.clock_on(order, 2, technician="chen", occurred_at=noon + BEGAN).status == "in_progress"
    assert shop.clock_on(order, 2, occurred_at=noon + timedelta(hours=3)).status == "in_progress"


def test_nobody_stops_before_they_began(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    shop.clock_on(order, occurred_at=noon + BEGAN)
    before = noon + BEGAN - timedelta(seconds=1)
    assert broken(shop.clock_off, order, occurred_at=before) == {"occurred_at": ["before_clocking_on"]}
    shop.clock_off(order, occurred_at=noon + BEGAN)


def test_a_refused_time_leaves_no_trace(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    broken(shop.clock_on, order, occurred_at=noon - timedelta(hours=1))
    assert shop.now(order) == order
    assert shop.desk.announced(WorkStarted) == []
    assert shop.clock_on(order).status == "in_progress"


def test_a_line_ends_when_the_last_of_them_stopped(shop: Shop, order: WorkOrder, noon: datetime) -> None:
    """The tablet of the one who finished it tells of it after the colleague's."""
    shop.clock_on(order, 1, occurred_at=noon + timedelta(minutes=1))
    shop.clock_on(order, 1, technician="chen", occurred_at=noon + timedelta(minutes=1))
    shop.clock_off(order, 1, technician="chen", done=False, occurred_at=noon + timedelta(minutes=50))
    done = shop.clock_off(order, 1, occurred_at=noon + timedelta(minutes=20))
    assert done.lines[0].done_at == noon + timedelta(minutes=50)


def test_a_signature_counts_from_when_it_is_given(shop: Shop) -> None:
    """The order is dispatched before a further line is approved: each has its own earliest moment."""
    order = shop.dispatched(shop.approved(labour=[labour()]))
    shop.desk.pass_time(hours=1)
    proposed = shop.desk.do(agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")], extra_minutes=0))
    order = shop.desk.do(
        agreement.ApproveAdditionalWork(work_order_id=order.id, estimate_version=proposed.estimate_version, decision=signed())
    )
    early = shop.desk.clock.now() - timedelta(minutes=30)
    assert list(broken(shop.clock_on, order, 2, occurred_at=early)) == ["occurred_at"]
    assert shop.clock_on(order, 1, occurred_at=early).status == "in_progress"
