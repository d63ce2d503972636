"""Rules B14 and W24: what a leg may be planned for, who ends it, and what goes back with it."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.booking.calendar import OpeningHours
from contracts.booking.calendar_events import CalendarSet
from contracts.booking.events import AppointmentRescheduled
from contracts.workshop import leg
from contracts.workshop.custody import GetCustody
from tests.services.workshop.legs import WEEK, Fleet, at
from tests.services.workshop.test_leg_questions import asked, opened


def returning(fleet: Fleet, **sheet: Any) -> tuple[Any, Any]:
    """An order that was fetched and delivered, and its return under way."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    fleet.records(one, **sheet)
    fleet.signs(one)
    order = fleet.delivers(opened(fleet, facts))
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.starts(back)
    return order, back


def test_a_pick_up_ends_before_its_appointment(fleet: Fleet) -> None:
    """Rule B14: a car that is fetched until 10 is not here at 9."""
    facts = fleet.appointment(at("09:00"))
    with pytest.raises(Refused, match="leg_beside_appointment"):
        fleet.plans(facts)
    late = fleet.appointment(at("10:00"))
    assert fleet.plans(late).ends_at == late.starts_at


def test_also_when_it_moves_along(desk: Any, fleet: Fleet) -> None:
    facts = fleet.appointment(at("14:30"))
    one = fleet.plans(facts, "10:00")
    later, more = fleet.moved(facts, at("15:00"))
    fleet.hear(AppointmentRescheduled(appointment=later, **more))
    assert fleet.now(one).begins_at == at("10:00"), "the window of 14:00 ends at 16:00"
    early, more = fleet.moved(facts, at("09:30"))
    fleet.hear(AppointmentRescheduled(appointment=early, **more))
    assert asked(desk) == ["appointment_moved"]


def test_no_paper_goes_back_that_nobody_received(fleet: Fleet) -> None:
    """Rule W24: papers like keys, with an order and without."""
    _, back = returning(fleet, registration=False)
    with pytest.raises(Invalid) as refused:
        fleet.records(back, registration=True, service_book=True)
    told = refused.value.details["errors"]
    assert told == {"registration": ["was_not_received"], "service_book": ["was_not_received"]}
    assert fleet.records(back, registration=False).sheet


def test_nor_of_a_car_that_is_brought_back_as_it_is(fleet: Fleet) -> None:
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    later, more = fleet.moved(facts, facts.starts_at + timedelta(days=10))
    fleet.hear(AppointmentRescheduled(appointment=later, **more))
    back = fleet.plans(facts, "14:00", direction="return")
    fleet.starts(back)
    for _ in range(2):
        assert fleet.records(back).sheet, "what was received, as often as it is recorded"
    with pytest.raises(Invalid) as refused:
        fleet.records(back, service_book=True)
    assert refused.value.details["errors"] == {"service_book": ["was_not_received"]}


def test_another_driver_does_not_end_a_drive_as_failed_but_desk_and_manager_do(desk: Any, fleet: Fleet) -> None:
    """Rule B14: who sets out drives the leg."""
    fleet.drives(legs=9)
    desk.employ("boss", "service_manager")
    for actor in ("zhou", "boss", "wang"):
        one = fleet.plans(fleet.appointment())
        fleet.starts(one)
        with pytest.raises(Refused) as refused:
            desk.do(leg.FailLeg(leg_id=one.id, reason="nobody there"), actor="wu")
        assert (refused.value.code, refused.value.details["name"]) == ("leg_of_another", "zhou")
        assert desk.do(leg.FailLeg(leg_id=one.id, reason="nobody there"), actor=actor).leg_state == "failed"


def test_who_takes_a_drive_over_is_told_that_the_sheet_is_the_others(desk: Any, fleet: Fleet) -> None:
    """Rule B14: it names who wrote it, and not who drives."""
    one = fleet.plans(fleet.appointment())
    fleet.starts(one)
    fleet.records(one)
    desk.do(leg.ReplanLeg(leg_id=one.id, driver="wu"))
    with pytest.raises(Refused) as refused:
        fleet.signs(one, actor="wu")
    assert (refused.value.code, refused.value.details["name"]) == ("sheet_of_another", "zhou")
    fleet.records(one, actor="wu")
    assert fleet.signs(one, actor="wu").leg_state == "done"


def test_a_leg_on_a_closed_day_is_refused_with_the_closure(desk: Any, fleet: Fleet) -> None:
    """Rule B14: the day stands in the refusal as a problem document can say it."""
    facts, day = fleet.appointment(), at("08:00").date()
    hours = [OpeningHours(weekday=one, opens="08:00", closes="18:00") for one in WEEK]
    desk.hear(CalendarSet(calendar_id=new_id(), opening=hours, closed_on=[day]))
    with pytest.raises(Refused) as refused:
        fleet.plans(facts)
    assert (refused.value.code, refused.value.details) == ("leg_day_closed", {"field": "begins_at", "day": day.isoformat()})
    desk.hear(CalendarSet(calendar_id=new_id(), opening=hours, closed_on=[]), sequence=2)
    with pytest.raises(Refused, match="no_leg_interval"):
        fleet.plans(facts, "07:00")


def test_a_delivery_that_is_reversed_while_its_return_is_under_way_is_asked_about_and_gives_nothing_away(
    desk: Any, fleet: Fleet
) -> None:
    """Rules B14 and W24: it leaves once the work is accepted - again."""
    order, back = returning(fleet)
    assert asked(desk) == []
    fleet.records(back)
    reversed_order = fleet.shop.reverse(order)
    assert asked(desk) == ["order_reopened"]
    for act in (fleet.records, fleet.signs):
        with pytest.raises(Refused, match="car_not_delivered"):
            act(back)
    kept = desk.ask(GetCustody(work_order_id=order.id))
    assert {one.holder for one in kept.held if one.thing != "folder"} == {"zhou"}
    fleet.shop.deliver(reversed_order)
    assert asked(desk) == []
    assert fleet.signs(back).leg_state == "done"
