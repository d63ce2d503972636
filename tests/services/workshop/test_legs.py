"""Rule B14: cars are fetched and brought, no more at once than are driven; a leg follows its appointment."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import eventlet
import pytest

from chassis.wire.errors import Invalid, NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.booking.events import (
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.workshop import leg, leg_events, leg_settings
from tests.services.booking.test_capacity import nobody_first
from tests.services.history import ANYBODY, Reading, grow
from tests.services.workshop.legs import DAY, at


def free(desk, day=DAY):
    return [one.free for one in desk.ask(leg.GetLegPlan(from_day=datetime.fromisoformat(day).date())).windows]


def test_an_interval_takes_no_more_legs_than_there_are_and_other_intervals_are_beside_it(desk, fleet):
    first, second = fleet.appointment(), fleet.appointment()
    one = fleet.plans(first)
    assert free(desk) == [0, 1, 1]
    with pytest.raises(Refused) as refused:
        fleet.plans(second)
    assert (refused.value.code, refused.value.details["field"]) == ("leg_interval_full", "begins_at")
    with pytest.raises(Refused, match="leg_interval_full"):
        desk.do(leg.ReplanLeg(leg_id=fleet.plans(second, "10:00").id, begins_at=at("08:00")))
    desk.do(leg.CancelLeg(leg_id=one.id, reason="comes herself"))
    assert free(desk) == [1, 0, 1]


def test_an_overlap_counts_whatever_the_intervals_are_called_by_now(desk, fleet):
    """Capacity is about stretches of time: what was planned in the old intervals is driven all the same."""
    fleet.plans(fleet.appointment())
    fleet.drives(legs=1, times=[("09:30", "11:00"), ("14:00", "16:00")])
    with pytest.raises(Refused, match="leg_interval_full"):
        fleet.plans(fleet.appointment(), "09:30")


def test_however_many_ask_at_once_none_is_planned_beyond_what_is_driven(desk, fleet):
    fleet.drives(legs=3)
    wanted = [fleet.asks(fleet.appointment()) for _ in range(12)]

    def plan(index):
        try:
            return desk.do(wanted[index]).leg_state
        except Refused as refusal:
            return refusal.code

    with nobody_first(desk, "legs"):
        outcomes = Counter(eventlet.GreenPool(12).imap(plan, range(12)))
    assert outcomes == {"planned": 3, "leg_interval_full": 9}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"begins": "08:30"}, "no_leg_interval"),
        ({"begins": "14:00"}, "leg_beside_appointment"),
        ({"direction": "return"}, "leg_beside_appointment"),
        ({"driver": "zhang"}, "not_a_driver"),
    ],
)
def test_what_cannot_be_driven_is_refused_by_name(fleet, changes, code):
    with pytest.raises(Refused, match=code):
        fleet.plans(fleet.appointment(), **changes)


def test_what_makes_no_sense_is_refused_by_field(desk, fleet):
    facts = fleet.appointment()
    for wrong, rule in (
        (fleet.asks(facts, work_order_id=new_id()), "appointment_or_order"),
        (fleet.asks(facts, appointment_id=None, work_order_id=fleet.shop.open().id), "pick_up_needs_appointment"),
        (fleet.asks(facts, begins_at=at("08:00", "2026-03-02")), "must_be_future"),
        (fleet.asks(facts, begins_at=at("08:00", "2099-03-02")), "too_far_ahead"),
        (
            leg_settings.SetLegSettings(
                intervals=[leg_settings.LegInterval(weekday="monday", begins="10:00", ends="09:00", legs=1)]
            ),
            "must_be_after",
        ),
    ):
        with pytest.raises(Invalid, match=rule):
            desk.do(wrong)
    with pytest.raises(NotYetKnown):
        fleet.plans(replace(facts, appointment_id=new_id()))
    with pytest.raises(NotYetKnown):
        fleet.plans(facts, driver="nobody")


def test_a_car_has_one_leg_of_each_direction_until_that_came_to_nothing(desk, fleet):
    fleet.drives(legs=9)
    facts = fleet.appointment()
    one = fleet.plans(facts)
    with pytest.raises(Refused, match="leg_exists"):
        fleet.plans(facts, "10:00")
    fleet.starts(one)
    failed = desk.do(leg.FailLeg(leg_id=one.id, reason="nobody there"), actor="zhou")
    assert (failed.leg_state, failed.ended_because, failed.ended_by) == ("failed", "nobody there", "zhou")
    assert fleet.plans(facts, "10:00").leg_state == "planned"


def test_a_moved_appointment_takes_its_leg_along_to_the_last_window_before_it(desk, fleet):
    facts = fleet.appointment()
    one = fleet.plans(facts)
    later, said = fleet.moved(facts, at("16:00", "2026-03-04"))
    fleet.hear(AppointmentRescheduled(appointment=later, **said))
    assert (fleet.now(one).begins_at, fleet.now(one).question) == (at("14:00", "2026-03-04"), None)
    assert [fact.previous_begins_at for fact in desk.announced(leg_events.LegReplanned)] == [at("08:00")]
    fleet.hear(AppointmentRescheduled(appointment=later, **said))
    assert len(desk.announced(leg_events.LegReplanned)) == 1, "it followed once"


def test_where_none_has_room_somebody_is_asked_and_the_old_window_is_free(desk, fleet):
    facts = fleet.appointment()
    one = fleet.plans(facts)
    sunday, said = fleet.moved(facts, at("11:00", "2026-03-08"))
    fleet.hear(AppointmentRescheduled(appointment=sunday, **said))
    assert (fleet.now(one).question, free(desk)) == ("appointment_moved", [1, 1, 1])
    assert [asked.id for asked in desk.ask(leg.GetLegPlan()).questions] == [one.id]
    with pytest.raises(Refused, match="leg_in_question"):
        fleet.starts(one)
    desk.clock.set(at("12:30"))
    desk.fire_timers()
    assert desk.announced(leg_events.LegLate) == [], "it has no time to keep"
    friday = desk.do(leg.ReplanLeg(leg_id=one.id, begins_at=at("14:00", "2026-03-06")))
    assert friday.question is None


def test_a_cancelled_appointment_takes_its_leg_with_it_unless_somebody_drives_already(desk, fleet):
    fleet.drives(legs=2)
    planned, driven = fleet.appointment(), fleet.appointment()
    one, other = fleet.plans(planned), fleet.plans(driven)
    fleet.starts(other)
    for facts in (planned, driven):
        fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="sold"))
    assert (fleet.now(one).leg_state, fleet.now(other).leg_state) == ("cancelled", "under_way")
    assert fleet.now(other).question == "appointment_off"
    assert desk.do(leg.CancelLeg(leg_id=other.id, reason="turned round")).question is None


def test_a_return_waits_for_a_customer_who_missed_the_appointment(desk, fleet):
    facts = fleet.appointment()
    one = fleet.plans(facts, "14:00", direction="return")
    fleet.hear(AppointmentMissed(appointment=replace(facts, status="no_show")))
    assert fleet.now(one).question == "appointment_off"


def test_a_car_that_was_fetched_is_brought_back_though_its_appointment_was_cancelled(desk, fleet):
    """Its keys are with the driver: whatever becomes of the appointment, the customer gets it back."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="sold"))
    with pytest.raises(Refused, match="appointment_not_open"):
        fleet.plans(facts)
    back = fleet.plans(facts, "10:00", direction="return")
    assert fleet.fetches(back).leg_state == "done"


def test_the_return_of_a_fetched_car_is_asked_about_when_its_appointment_is_off(desk, fleet):
    facts = fleet.appointment()
    back = fleet.plans(facts, "14:00", direction="return")
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="sold"))
    assert (fleet.now(back).leg_state, fleet.now(back).question) == ("planned", "appointment_off")
    earlier = desk.do(leg.ReplanLeg(leg_id=back.id, begins_at=at("10:00")))
    assert earlier.question is None
    assert fleet.starts(back).leg_state == "under_way"


@pytest.mark.new_database
def test_a_day_costs_the_same_however_many_legs_there_were(desk, fleet):
    one = fleet.plans(fleet.appointment())
    long_ago = at("08:00", "2024-03-04")
    grow(
        desk,
        "leg",
        2_000,
        state="'done'",
        appointment_id=ANYBODY,
        begins_at=long_ago,
        ends_at=long_ago + timedelta(hours=2),
    )
    day = at("08:00").date()
    for query in (leg.GetLegPlan(from_day=day), leg.ListLegs(appointment_id=one.appointment_id), leg.GetLeg(leg_id=one.id)):
        assert Reading(desk, query).rows < 20
    assert Reading(desk, leg.GetMyLegs(day=day), actor="zhou").rows < 20
