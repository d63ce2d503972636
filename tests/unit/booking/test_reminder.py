"""Rule B5: which reminders there are, each once; and who comes back."""

from datetime import timedelta

import pytest

from services.booking.appointment.reminder import agreed, next_reminder, remind
from tests.unit.booking.test_appointment import FOUND, HALF_AN_HOUR, NINE, NOTICE, an_appointment


@pytest.mark.parametrize(("minutes", "told"), [(2880, [1440, 60]), (1440, [60]), (1439, [60]), (60, []), (10, [])], ids=str)
def test_a_reminder_whose_time_has_passed_when_the_time_was_agreed_on_is_skipped(minutes, told):
    """Rule B5: agreed on so many minutes before, the customer is reminded so many minutes before; each once."""
    appointment, before, given, announced = an_appointment(), [1440, 60], [], []
    agreed(appointment, before, at=NINE - timedelta(minutes=minutes))
    while (due := next_reminder(appointment, before)) is not None:
        given.append((NINE - due) // timedelta(minutes=1))
        for _ in range(2):
            remind(appointment, before, at=due, notice=NOTICE)
            announced += [fact.minutes_before for fact in appointment.announced]
            appointment.announced.clear()
    assert (given, announced) == (told, told)


@pytest.mark.parametrize(("late", "told"), [(30, [1440]), (1380, [60]), (1440, []), (1500, [])])
def test_reminders_that_come_too_late_are_one_and_none_once_the_time_is_there(late, told):
    """Rule B5: after an outage nobody is told twice at once, nor reminded of what has passed."""
    appointment = an_appointment()
    remind(appointment, [1440, 60], at=NINE - timedelta(minutes=1440 - late), notice=NOTICE)
    assert [fact.minutes_before for fact in appointment.announced] == told


def test_a_no_show_comes_back_by_another_time_and_says_so():
    """Rule B5."""
    appointment = an_appointment("no_show")
    appointment.reschedule(NINE + timedelta(days=1), HALF_AN_HOUR, "forgot it", FOUND, NOTICE)
    (fact,) = appointment.announced
    assert (appointment.status, appointment.has_place, fact.was_missed, fact.previous_starts_at) == (
        "confirmed",
        True,
        True,
        NINE,
    )
