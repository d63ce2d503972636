"""Rule B11: what comes in out of hours is requested, and answered within minutes of opening; a late answer is a task."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    ConfirmAppointment,
    GetAppointment,
    RescheduleAppointment,
)
from contracts.booking.attention import FindBookingConcerns
from contracts.booking.events import AppointmentMissed
from contracts.booking.task import ListBookingTasks


def asked(desk, front, at, channel="email", **more):
    desk.clock.set(at)
    return front.books(channel=channel, **more)


def tasks(desk, **how):
    desk.fire_timers()
    return desk.ask(ListBookingTasks(**how)).items


@pytest.mark.parametrize("channel", ["email", "night_drop", "web", "hotline"])
def test_what_nobody_took_in_by_word_is_requested(desk, front, wall, channel):
    one = asked(desk, front, wall("2026-03-06T22:00"), channel)
    assert (one.status, one.answer_by, one.answered_at) == ("requested", wall("2026-03-09T09:00"), None)


@pytest.mark.parametrize("channel", ["phone", "walk_in", "roadside"])
def test_what_somebody_spoke_about_is_confirmed_and_needs_no_answer(desk, front, wall, channel):
    one = asked(desk, front, wall("2026-03-06T22:00"), channel)
    assert (one.status, one.answer_by) == ("confirmed", None)


def test_an_answer_is_due_half_an_hour_after_opening_or_after_it_was_asked_for_by_day(desk, front, wall):
    """Sunday is closed, and so is a day that the calendar names; how long, is the dealer's setting."""
    at_night = asked(desk, front, wall("2026-03-05T23:50"), starts_at=wall("2026-03-10T09:00"))
    by_day = asked(desk, front, wall("2026-03-06T17:20"), starts_at=wall("2026-03-10T09:00"))
    assert (at_night.answer_by, by_day.answer_by) == (wall("2026-03-06T09:00"), wall("2026-03-06T17:50"))
    front.opens(places=9, answer_minutes=10)
    early = asked(desk, front, wall("2026-03-09T08:29"), starts_at=wall("2026-03-10T09:00"))
    assert early.answer_by == wall("2026-03-09T08:40")


def test_a_request_without_an_answer_is_a_task_once_and_the_answer_settles_it(desk, front, wall):
    front.opens(places=9)
    later = {"starts_at": wall("2026-03-10T09:00")}
    late, other, answered = (asked(desk, front, wall("2026-03-08T23:00"), **later) for _ in range(3))
    desk.clock.set(wall("2026-03-09T08:45"))
    assert desk.do(ConfirmAppointment(appointment_id=answered.id)).answered_at == desk.clock.now()
    desk.clock.set(wall("2026-03-09T09:00") - timedelta(seconds=1))
    assert tasks(desk) == []
    desk.clock.set(wall("2026-03-09T09:00"))
    found = {one.appointment_id: one for one in tasks(desk, state="open")}
    assert set(found) == {late.id, other.id}
    task = found[late.id]
    assert (task.kind, task.phone, task.answer_by, task.arrived_at) == (
        "request_unanswered",
        "13800000001",
        wall("2026-03-09T09:00"),
        None,
    )
    [group] = [one for one in desk.ask(FindBookingConcerns()).groups if one.items]
    assert (group.kind, group.count, {one.appointment_id for one in group.items}) == ("request_unanswered", 2, set(found))
    desk.do(RescheduleAppointment(appointment_id=late.id, starts_at=wall("2026-03-11T09:00"), reason="full"))
    desk.do(CancelAppointment(appointment_id=other.id, reason="no parts"))
    assert tasks(desk, state="open") == []
    assert [one.resolved_at for one in tasks(desk, state="resolved")] == [desk.clock.now()] * 2
    assert desk.ask(GetAppointment(appointment_id=late.id)).answered_at == desk.clock.now()
    desk.pass_time(days=30)
    assert tasks(desk, state="open") == []


@pytest.mark.parametrize("answer", ["moved", "cancelled", "came"])
def test_who_never_had_an_answer_did_not_miss_the_time_and_the_task_stays_until_they_have_one(desk, front, wall, answer):
    """Rules B5, B8 and B15: the dealer is at fault. Nor is a time confirmed that has passed: that would be missed at once."""
    one = asked(desk, front, wall("2026-03-09T08:00"), "web", starts_at=wall("2026-03-09T09:00"))
    desk.clock.set(wall("2026-03-09T09:40"))
    for _ in range(2):
        [task] = tasks(desk, state="open")
        assert (task.kind, task.appointment_id) == ("request_unanswered", one.id)
        now = desk.ask(GetAppointment(appointment_id=one.id))
        assert (now.status, now.answered_at, desk.announced(AppointmentMissed)) == ("requested", None, [])
        with pytest.raises(Invalid, match="starts_at"):
            desk.do(ConfirmAppointment(appointment_id=one.id))
        desk.pass_time(hours=1)
    if answer == "moved":
        desk.do(RescheduleAppointment(appointment_id=one.id, starts_at=wall("2026-03-11T09:00"), reason="overlooked"))
    elif answer == "cancelled":
        desk.do(CancelAppointment(appointment_id=one.id, reason="overlooked"))
    else:
        desk.do(ArriveAppointment(appointment_id=one.id))
    assert [(task.kind, task.state) for task in tasks(desk)] == [("request_unanswered", "resolved")]


def test_a_request_that_waits_for_a_place_is_to_be_answered_too(desk, front, wall):
    """Rules B11 and B15: nobody spoke to who wrote; a place that is offered is an answer. Who is on the telephone has theirs."""
    front.opens(places=1)
    taken = front.books()
    waiting = {"wait_list": True, "confirm_second_appointment": True}
    written, unheard = (asked(desk, front, wall("2026-03-06T22:00"), "web", **waiting) for _ in range(2))
    spoken = asked(desk, front, wall("2026-03-06T22:00"), "phone", **waiting)
    assert [(one.status, one.answer_by) for one in (written, spoken)] == [
        ("wait_listed", wall("2026-03-09T09:00")),
        ("wait_listed", None),
    ]
    desk.clock.set(wall("2026-03-09T08:40"))
    desk.do(CancelAppointment(appointment_id=taken.id, reason="ill"))
    offered = desk.ask(GetAppointment(appointment_id=written.id))
    assert (offered.status, offered.answered_at) == ("wait_listed", desk.clock.now())
    desk.clock.set(wall("2026-03-09T09:00"))
    desk.do(ArriveAppointment(appointment_id=written.id))
    assert [(task.kind, task.appointment_id) for task in tasks(desk, state="open")] == [("request_unanswered", unheard.id)]
    desk.do(RescheduleAppointment(appointment_id=unheard.id, starts_at=wall("2026-03-11T09:00"), reason="full"))
    assert tasks(desk, state="open") == []
