"""Rules B1, B4 and B5: what the customer is told, when it is reminded, and that a no-show can come back."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from contracts.booking import events
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    ConfirmAppointment,
    GetAppointment,
    RescheduleAppointment,
)
from contracts.crm.events import CustomerRecorded
from contracts.shared import CustomerFacts

DAY = "2026-03-09"


def reminders(desk):
    return [(one.appointment.starts_at, one.minutes_before) for one in desk.announced(events.AppointmentReminderDue)]


def pass_until(desk, at):
    """Time goes by in steps, as for a scheduler that looks now and then."""
    while desk.clock.now() < at:
        desk.clock.set(min(at, desk.clock.now() + timedelta(hours=1)))
        desk.fire_timers()


def test_confirmation_change_and_cancellation_say_what_a_message_needs(desk, front, wall):
    """Rules B1 and B4: one fact each, to the customer as the file is now, in the dealer's language, with what to bring."""
    asked = front.books(channel="web")
    file = CustomerFacts(customer_id=front.customer.customer_id, name="Li Lei", phone="13900000009", email="lilei@example.org")
    desk.hear(CustomerRecorded(customer=file), subject=file.customer_id, sequence=2)
    desk.do(ConfirmAppointment(appointment_id=asked.id))
    desk.do(RescheduleAppointment(appointment_id=asked.id, starts_at=wall(f"{DAY}T10:00"), reason="busy"))
    desk.do(CancelAppointment(appointment_id=asked.id, reason="sold the car"))
    (booked,) = desk.announced(events.AppointmentBooked)
    (confirmed,) = desk.announced(events.AppointmentConfirmed)
    (moved,) = desk.announced(events.AppointmentRescheduled)
    (cancelled,) = desk.announced(events.AppointmentCancelled)
    assert booked.notice is None, "a request is not confirmed"
    for fact, bring in (
        (confirmed, ["registration", "service_book"]),
        (moved, ["registration", "service_book"]),
        (cancelled, []),
    ):
        notice = fact.notice
        assert (notice.customer.phone, notice.customer.email, notice.bring) == ("13900000009", "lilei@example.org", bring)
        assert (notice.language, notice.dealer_name, notice.time_zone) == ("zh", "sh-pudong", "Asia/Shanghai")
    assert (moved.reason, moved.appointment.starts_at, cancelled.reason) == ("busy", wall(f"{DAY}T10:00"), "sold the car")


def test_the_customer_is_reminded_a_day_and_an_hour_before_and_never_twice(desk, front, wall):
    """Rule B5 (defaults)."""
    booked = front.books()
    pass_until(desk, wall("2026-03-08T08:00"))
    assert reminders(desk) == []
    pass_until(desk, wall("2026-03-08T09:00"))
    desk.fire_timers()
    assert reminders(desk) == [(booked.starts_at, 1440)]
    pass_until(desk, wall(f"{DAY}T09:00"))
    assert reminders(desk) == [(booked.starts_at, 1440), (booked.starts_at, 60)]
    first = desk.announced(events.AppointmentReminderDue)[0]
    assert (first.notice.bring, first.notice.customer.phone) == (["registration", "service_book"], "13800000001")
    desk.clock.set(wall("2026-03-08T09:00"))  # the clock was wrong
    pass_until(desk, wall(f"{DAY}T09:00"))
    assert len(reminders(desk)) == 2


def test_who_books_later_than_a_reminder_gets_the_others_only(desk, front, wall):
    """Rule B5."""
    desk.clock.set(wall("2026-03-08T12:00"))
    booked = front.books()
    pass_until(desk, wall(f"{DAY}T09:00"))
    assert reminders(desk) == [(booked.starts_at, 60)]


def test_reminders_move_with_the_appointment_and_are_gone_with_it(desk, front, wall):
    """Rule B5."""
    moved, off = front.books(), front.books()
    desk.do(RescheduleAppointment(appointment_id=moved.id, starts_at=wall("2026-03-10T10:00"), reason="busy"))
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    pass_until(desk, wall("2026-03-10T10:00"))
    assert reminders(desk) == [(wall("2026-03-10T10:00"), 1440), (wall("2026-03-10T10:00"), 60)]


def test_only_a_confirmed_time_is_reminded_of(desk, front, wall):
    """Rule B5: a request whose time nobody has confirmed is none."""
    asked = front.books(channel="web")
    pass_until(desk, wall("2026-03-08T12:00"))
    assert reminders(desk) == []
    desk.do(ConfirmAppointment(appointment_id=asked.id))
    pass_until(desk, wall(f"{DAY}T09:00"))
    assert reminders(desk) == [(asked.starts_at, 60)]


def test_the_dealer_says_when_and_whether_it_reminds(desk, front, wall):
    """Rule B5."""
    front.opens(reminder_minutes=[120, 120])
    front.opens(dealer="bj-chaoyang", reminder_minutes=[])
    ours = front.books()
    front.books(dealer="bj-chaoyang")
    pass_until(desk, wall(f"{DAY}T09:00"))
    assert reminders(desk) == [(ours.starts_at, 120)]


def test_what_is_booked_already_is_reminded_as_the_calendar_says_from_then_on(desk, front, wall):
    """Rule B5: none was asked for, then one; one earlier than what was told already is nobody's any more."""
    front.opens(reminder_minutes=[])
    first = front.books()
    front.opens(reminder_minutes=[120])
    pass_until(desk, wall(f"{DAY}T07:00"))
    assert reminders(desk) == [(first.starts_at, 120)]
    front.opens(reminder_minutes=[1440, 30])
    pass_until(desk, wall(f"{DAY}T08:29"))
    assert len(reminders(desk)) == 1
    pass_until(desk, wall(f"{DAY}T08:30"))
    assert reminders(desk) == [(first.starts_at, 120), (first.starts_at, 30)]
    second = front.books(starts_at=wall("2026-03-10T09:00"))
    front.opens(reminder_minutes=[])
    pass_until(desk, wall("2026-03-10T09:00"))
    assert [one for one in reminders(desk) if one[0] == second.starts_at] == []


def test_a_change_of_the_calendar_reminds_nobody_by_what_lies_in_the_past(desk, front, wall):
    """Rule B5: neither who agreed on the time after its own, nor who has heard of the time before."""
    before = front.books(starts_at=wall("2026-03-10T09:00"))
    front.opens(reminder_minutes=[2880])
    pass_until(desk, wall("2026-03-09T07:30"))
    assert reminders(desk) == [(before.starts_at, 2880)]
    today = front.books()
    front.opens(reminder_minutes=[2880, 1600, 120, 60])
    pass_until(desk, wall(f"{DAY}T08:00"))
    assert reminders(desk)[1:] == [(today.starts_at, 60)], "1600 is over for both, 120 for today's"
    pass_until(desk, wall("2026-03-10T09:00"))
    assert [one for one in reminders(desk) if one[0] == before.starts_at] == [(before.starts_at, n) for n in (2880, 120, 60)]


def test_a_reminder_that_is_due_already_is_not_lost_by_a_change_of_the_calendar(desk, front, wall):
    """Rule B5: its own time came before the change, and nobody had been told yet."""
    booked = front.books()
    desk.clock.set(wall("2026-03-08T09:00"))
    front.opens(reminder_minutes=[1440, 60])
    desk.fire_timers()
    assert reminders(desk) == [(booked.starts_at, 1440)]


def test_a_no_show_is_booked_anew_at_another_time_where_there_is_a_place(desk, front, wall):
    """Rule B5: without one it stays missed; with one it is awaited again, and may be missed again."""
    front.opens(places=1)
    missed = front.books()
    pass_until(desk, wall(f"{DAY}T09:30"))
    front.books(starts_at=wall(f"{DAY}T14:00"))
    again = {"appointment_id": missed.id, "reason": "forgot it", "confirm_second_appointment": True}
    with pytest.raises(Refused, match="slot_full"):
        desk.do(RescheduleAppointment(**again, starts_at=wall(f"{DAY}T14:00")))
    assert desk.ask(GetAppointment(appointment_id=missed.id)).status == "no_show"
    booked = desk.do(RescheduleAppointment(**again, starts_at=wall(f"{DAY}T15:00")))
    assert (booked.status, booked.has_place) == ("confirmed", True)
    pass_until(desk, wall(f"{DAY}T15:30"))
    facts = [one for one in desk.announced(events.AppointmentMissed) if one.appointment.appointment_id == missed.id]
    assert [one.appointment.starts_at for one in facts] == [missed.starts_at, wall(f"{DAY}T15:00")]
    desk.do(ArriveAppointment(appointment_id=missed.id, confirm_second_appointment=True))
    assert desk.announced(events.AppointmentArrived)[-1].was_missed
