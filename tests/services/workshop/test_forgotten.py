"""Rule W9: a forgotten clock-off ends with the shift, is told of until somebody corrects it, and frees who forgot."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from contracts.workshop.attendance import FormTeam, PlanShifts, RecordAbsence, Shift
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.events import WorkStopped
from contracts.workshop.order import WorkOrder
from contracts.workshop.shop_floor import ListClockings, Stretch
from contracts.workshop.working_time import CorrectClockOff, ForgottenClockOff, ListForgottenClockOffs
from tests.services.desk import NOON
from tests.services.history import Reading, grow
from tests.services.workshop.shop import Shop, labour

FIVE = NOON + timedelta(hours=5)
"""17:00 at the dealer, of the same Monday."""


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    """Two labour lines; zhang works from eight to five, and is clocked on to the first line since noon."""
    shifts = [Shift(weekday="monday", begins="08:00", ends="17:00")]
    shop.desk.employ("boss", "workshop_manager")
    shop.desk.do(FormTeam(team_name="早班", leader="boss", members=["zhang"], shifts=shifts))
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    return shop.clock_on(order)


def at(shop: Shop, moment: datetime) -> None:
    """It becomes that time, and what is due has happened."""
    shop.desk.pass_time(seconds=(moment - shop.desk.clock.now()).total_seconds())
    shop.desk.fire_timers()


def stretch(shop: Shop, order: WorkOrder) -> Stretch:
    return shop.desk.ask(ListClockings(work_order_id=order.id)).items[0]


def forgotten(shop: Shop) -> list[ForgottenClockOff]:
    return shop.desk.ask(ListForgottenClockOffs()).items


def corrected(shop: Shop, one: ForgottenClockOff, stopped_at: datetime, **more: Any) -> ForgottenClockOff:
    asked = CorrectClockOff(clocking_id=one.id, stopped_at=stopped_at, reason="他三点就走了")
    return shop.desk.do(asked, actor="boss", **more)


def test_the_end_of_the_shift_ends_what_nobody_ended_once_and_says_so(shop: Shop, order: WorkOrder) -> None:
    """At the end of the shift, however late it is looked at; the technician is free, the order as it was."""
    at(shop, FIVE - timedelta(seconds=1))
    assert (stretch(shop, order).stopped_at, forgotten(shop)) == (None, [])
    at(shop, FIVE + timedelta(minutes=7))
    assert (stretch(shop, order).stopped_at, stretch(shop, order).stopped_by) == (FIVE, None)
    [one] = forgotten(shop)
    assert (one.technician, one.number, one.line_number, one.minutes) == ("zhang", order.number, 1, 300)
    shop.desk.pass_time(hours=-3)
    shop.desk.fire_timers()
    [told] = shop.desk.announced(WorkStopped)
    assert (told.forgotten, told.done, told.stopped_at, told.worked_minutes) == (True, False, FIVE, 300)
    assert shop.now(order).version == order.version
    assert shop.clock_on(order, 2).status == "in_progress"


def test_who_clocked_off_forgot_nothing(shop: Shop, order: WorkOrder) -> None:
    shop.desk.pass_time(hours=1)
    shop.clock_off(order)
    shop.desk.pass_time(hours=5)
    assert [one.subject for one in shop.desk.executor.due_timers(100) if one.name == "end_forgotten_clocking"] == []
    assert (forgotten(shop), len(shop.desk.announced(WorkStopped))) == ([], 1)


def test_a_foreman_says_when_it_really_was_and_it_is_told_of_no_longer(shop: Shop, order: WorkOrder) -> None:
    at(shop, FIVE)
    [group] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "forgotten_clock_off"]
    assert [(one.staff, one.order_number, one.since) for one in group.items] == [("zhang", order.number, FIVE)]
    answer = corrected(shop, forgotten(shop)[0], NOON + timedelta(hours=3))
    assert (answer.minutes, answer.stopped_by, answer.reason) == (180, "boss", "他三点就走了")
    assert (stretch(shop, order).minutes, forgotten(shop)) == (180, [])
    assert [(one.forgotten, one.worked_minutes) for one in shop.desk.announced(WorkStopped)] == [(True, 300), (False, 180)]
    [group] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "forgotten_clock_off"]
    assert group.count == 0
    corrected(shop, answer, NOON + timedelta(hours=2))
    assert stretch(shop, order).minutes == 120


def test_a_correction_that_cannot_be_names_its_field(shop: Shop, order: WorkOrder) -> None:
    """Before the beginning, in the future, more than a day later, while they were on something else; what nobody forgot."""
    at(shop, FIVE)
    [one] = forgotten(shop)
    shop.desk.pass_time(hours=1)
    shop.clock_on(order, 2)
    shop.desk.pass_time(hours=26)
    wrong = {
        "before_clocking_on": NOON - timedelta(minutes=1),
        "must_not_be_future": shop.desk.clock.now() + timedelta(minutes=1),
        "longer_than_hours": NOON + timedelta(hours=25),
        "overlaps_later_work": FIVE + timedelta(hours=2),
    }
    for rule, moment in wrong.items():
        with pytest.raises(Invalid) as refused:
            corrected(shop, one, moment)
        [told] = refused.value.details["errors"]["stopped_at"]
        assert told.partition(" ")[0] == rule
    with pytest.raises(NotFound):
        corrected(shop, one, FIVE, dealer="bj-chaoyang")
    assert corrected(shop, one, FIVE + timedelta(hours=1)).minutes == 360


def test_what_was_not_forgotten_is_not_corrected(shop: Shop, order: WorkOrder) -> None:
    shop.desk.pass_time(hours=1)
    shop.clock_off(order)
    subject = next(one["subject"] for one in shop.desk.envelopes() if one["type"] == WorkStopped.type)
    with pytest.raises(Refused, match="clock_off_not_forgotten"):
        shop.desk.do(CorrectClockOff(clocking_id=subject, stopped_at=NOON, reason="x"), actor="boss")


def test_a_tablet_that_tells_afterwards_forgot_nothing(shop: Shop, order: WorkOrder) -> None:
    """The time it tells counts, and the line may be done; without a time there is nothing to clock off."""
    at(shop, FIVE)
    with pytest.raises(Refused, match="not_clocked_on"):
        shop.clock_off(order)
    done = shop.clock_off(order, occurred_at=FIVE - timedelta(minutes=30))
    assert (done.lines[0].done_at, forgotten(shop)) == (FIVE - timedelta(minutes=30), [])
    assert stretch(shop, order).minutes == 270


def test_who_is_on_another_line_of_the_order_stays_there_when_a_tablet_tells_of_the_first(shop: Shop, order: WorkOrder) -> None:
    at(shop, FIVE)
    shop.clock_on(order, 2)
    shop.clock_off(order, occurred_at=FIVE - timedelta(minutes=30))
    with pytest.raises(Refused, match="technician_clocked_on"):
        shop.clock_on(order, 2)


def test_a_shift_that_is_moved_moves_its_end(shop: Shop, order: WorkOrder) -> None:
    """Also for who is at work: a later end waits, an absence ends it when it begins."""
    late = [Shift(weekday="monday", begins="08:00", ends="18:00")]
    shop.desk.do(PlanShifts(technician="zhang", shifts=late))
    at(shop, FIVE)
    assert forgotten(shop) == []
    gone = {"from_at": FIVE + timedelta(minutes=10), "until_at": FIVE + timedelta(hours=3)}
    shop.desk.do(RecordAbsence(technician="zhang", absence_kind="sick", **gone))
    at(shop, FIVE + timedelta(minutes=11))
    assert [one.stopped_at for one in forgotten(shop)] == [FIVE + timedelta(minutes=10)]


def test_without_a_shift_work_ends_when_the_shop_closes(shop: Shop, order: WorkOrder) -> None:
    """Eight in the evening, unless the calendar says otherwise (Rule B2); at midnight for who began shortly before."""
    other = shop.clock_on(shop.dispatched(shop.approved(labour=[labour()]), technician="chen", bay="B2"), technician="chen")
    at(shop, NOON + timedelta(hours=8))
    assert [(one.technician, one.stopped_at) for one in forgotten(shop)] == [("zhang", FIVE), ("chen", shop.desk.clock.now())]
    shop.desk.pass_time(minutes=-30)
    shop.clock_on(other, technician="chen")
    at(shop, NOON + timedelta(hours=12))
    assert [one.stopped_at for one in forgotten(shop)][2:] == [NOON + timedelta(hours=12)]
    shop.opens("08:00", "09:30")
    shop.desk.pass_time(hours=8)
    shop.clock_on(other, technician="chen")
    at(shop, NOON + timedelta(hours=21, minutes=30))
    assert [one.stopped_at for one in forgotten(shop)][3:] == [NOON + timedelta(hours=21, minutes=30)]


@pytest.mark.new_database
def test_what_was_corrected_costs_the_list_nothing(shop: Shop, order: WorkOrder) -> None:
    at(shop, FIVE)
    few = Reading(shop.desk, ListForgottenClockOffs())
    grow(shop.desk, "clocking", 3000, ended_by="'boss'", off_at="one.off_at - n * interval '1 hour'")
    many = Reading(shop.desk, ListForgottenClockOffs())
    assert (len(many.answer.items), many.statements, many.rows) == (1, few.statements, few.rows)


def test_if_match_names_the_clocking_and_not_its_order(shop: Shop, order: WorkOrder) -> None:
    """The order is locked first, and is not what the command addresses."""
    at(shop, FIVE)
    [one] = forgotten(shop)
    assert one.version != shop.now(order).version
    stopped_at = NOON + timedelta(hours=3)
    assert corrected(shop, one, stopped_at, if_match=one.version).stopped_at == stopped_at
    with pytest.raises(PreconditionFailed):
        corrected(shop, one, stopped_at, if_match=one.version)
