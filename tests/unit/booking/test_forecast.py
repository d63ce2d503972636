"""Rule B3: the slots that will be empty."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.booking.calendar.forecast import emptiest

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2026, 3, 9, 1, tzinfo=UTC)
SLOTS = [NINE + timedelta(minutes=30 * number) for number in range(6)]
YEAR, PERIOD = timedelta(weeks=52), timedelta(weeks=2)


def starts(offers):
    return [offer.starts_at for offer in offers]


def test_without_history_the_least_booked_slots_are_offered_the_earlier_first():
    taken = {SLOTS[0]: 2, SLOTS[1]: 1, SLOTS[3]: 1}
    assert starts(emptiest(SLOTS, taken, places=4, zone=SHANGHAI)) == [SLOTS[2], SLOTS[5], SLOTS[4]]


def test_an_empty_calendar_offers_different_days_and_different_hours():
    """Three neighbours would be one offer only."""
    days = [NINE + timedelta(days=number) for number in range(5)]
    slots = [day + timedelta(minutes=30 * number) for day in days for number in range(18)]
    first, second, third = starts(emptiest(slots, {}, places=2, zone=SHANGHAI))
    assert (first, second, third) == (NINE, days[1] + timedelta(hours=8, minutes=30), days[2] + timedelta(hours=4))


def test_an_emptier_neighbour_is_still_the_better_offer():
    other_day = [slot + timedelta(days=1) for slot in SLOTS]
    offers = emptiest(SLOTS + other_day, dict.fromkeys(other_day, 1), places=2, zone=SHANGHAI)
    assert {slot.date() for slot in starts(offers)} == {NINE.date()}


def test_a_full_slot_is_not_offered_however_few_are_left():
    taken = dict.fromkeys(SLOTS[1:], 2)
    (only,) = emptiest(SLOTS, taken, places=2, zone=SHANGHAI)
    assert (only.starts_at, only.free, only.load) == (SLOTS[0], 2, 0)


def test_what_was_full_last_year_on_this_weekday_is_expected_to_be_full():
    taken = {slot - YEAR: 4 for slot in SLOTS[:3]}
    offers = emptiest(SLOTS, taken, places=4, zone=SHANGHAI)
    assert sorted(starts(offers)) == SLOTS[3:]
    assert emptiest(SLOTS, taken, places=4, zone=SHANGHAI, count=6)[-1].load == 1


def test_last_year_and_the_period_before_count_alike():
    taken = {SLOTS[0] - YEAR: 4, SLOTS[1] - PERIOD: 2, SLOTS[2] - YEAR: 1, SLOTS[2] - PERIOD: 1}
    loads = {offer.starts_at: offer.load for offer in emptiest(SLOTS, taken, places=4, zone=SHANGHAI, count=6)}
    assert (loads[SLOTS[0]], loads[SLOTS[1]], loads[SLOTS[2]]) == (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))


def test_a_day_on_which_nothing_was_booked_tells_nothing():
    """The dealer was not there yet, or closed: only the other day speaks."""
    taken = {SLOTS[0] - PERIOD: 2}
    loads = {offer.starts_at: offer.load for offer in emptiest(SLOTS, taken, places=4, zone=SHANGHAI, count=6)}
    assert loads[SLOTS[0]] == Fraction(1, 2)


def test_a_slot_is_never_expected_to_be_emptier_than_it_is():
    taken = {SLOTS[0]: 3, SLOTS[1] - PERIOD: 2}
    offers = emptiest(SLOTS[:2], taken, places=4, zone=SHANGHAI)
    assert [(offer.starts_at, offer.load) for offer in offers] == [(SLOTS[1], Fraction(1, 2)), (SLOTS[0], Fraction(3, 4))]


def test_history_is_that_of_the_same_time_on_the_wall():
    """Two weeks before 2026-03-16 ten o'clock in New York was 15:00 UTC, now it is 14:00."""
    ten = datetime(2026, 3, 16, 14, tzinfo=UTC)
    taken = {datetime(2026, 3, 2, 15, tzinfo=UTC): 2}
    (offer,) = emptiest([ten], taken, places=2, zone=NEW_YORK)
    assert offer.load == 1


@given(st.dictionaries(st.sampled_from(SLOTS + [s - YEAR for s in SLOTS] + [s - PERIOD for s in SLOTS]), st.integers(0, 5)))
def test_an_offer_always_has_a_place_and_nothing_emptier_is_left_out(taken):
    every = emptiest(SLOTS, taken, places=4, zone=SHANGHAI, count=len(SLOTS))
    offered = emptiest(SLOTS, taken, places=4, zone=SHANGHAI)
    assert offered == every[:3]
    assert all(offer.free == 4 - taken.get(offer.starts_at, 0) > 0 for offer in every)
    assert {offer.starts_at for offer in every} == {slot for slot in SLOTS if taken.get(slot, 0) < 4}
    assert [offer.load for offer in every] == sorted(offer.load for offer in every)
