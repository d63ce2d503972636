"""Reminders of an appointment (Rule B5, docs/domain.md). `before` is how many minutes before it there is one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.booking.events import AppointmentReminderDue, CustomerNotice
from services.booking.appointment.appointment import Appointment


def agreed(one: Appointment, before: Sequence[int], *, at: datetime) -> None:
    """The customer knows the time from now on; reminders whose own time has passed by then are skipped."""
    one.reminded = [minutes for minutes in before if _time_of(one, minutes) <= at]


def overtaken(one: Appointment, was: Sequence[int], before: Sequence[int], *, at: datetime) -> list[int]:
    """Which of the reminders that there are from now on are in the past already; none while one that was due is to be given."""
    past = [minutes for minutes in _pending(one, before) if _time_of(one, minutes) <= at]
    return [] if set(past) & set(_pending(one, was)) else past


def next_reminder(one: Appointment, before: Sequence[int]) -> datetime | None:
    """When the customer is reminded next, if at all."""
    return min((_time_of(one, minutes) for minutes in _pending(one, before)), default=None)


def remind(one: Appointment, before: Sequence[int], *, at: datetime, notice: CustomerNotice) -> None:
    """Remind the customer by the last reminder that is due; those before it, and all once the time is there, are skipped."""
    due = [minutes for minutes in _pending(one, before) if _time_of(one, minutes) <= at]
    one.reminded = [*one.reminded, *due]
    if due and at < one.starts_at:
        one.announce(AppointmentReminderDue(appointment=one.facts(), minutes_before=min(due), notice=notice))


def _pending(one: Appointment, before: Sequence[int]) -> list[int]:
    """Those nearer to the time than whatever was told or skipped: a dealer who adds an earlier one reminds nobody again."""
    return [minutes for minutes in before if minutes < min(one.reminded, default=minutes + 1)]


def _time_of(one: Appointment, minutes: int) -> datetime:
    return one.starts_at - timedelta(minutes=minutes)
