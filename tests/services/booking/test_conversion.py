"""Rule B8: how many of those who book come, by channel and period, with the formulas."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid
from contracts.booking.appointment import ArriveAppointment, CancelAppointment
from contracts.booking.calendar import OfferSlots
from contracts.booking.conversion import Figures, MeasureConversion
from tests.services.history import Reading, grow

PERIOD = {"from_day": date(2026, 3, 9), "to_day": date(2026, 3, 9)}


def measured(desk, **period):
    found = desk.ask(MeasureConversion(**{**PERIOD, **period}))
    return {one.channel: one.figures for one in found.channels}, found.total


def test_what_became_of_the_appointments_of_a_day_by_channel(desk, front, wall):
    front.opens(places=9)
    came, off = front.books(channel="web"), front.books()
    for _ in range(2):
        front.books()  # who does not come
    front.books(starts_at=wall("2026-03-09T14:00"))
    front.books(starts_at=wall("2026-03-10T09:00"))
    front.opens(places=1)
    front.books(wait_list=True)
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    desk.clock.set(wall("2026-03-09T09:00"))
    desk.do(ArriveAppointment(appointment_id=came.id))
    desk.clock.set(wall("2026-03-09T09:30"))
    desk.fire_timers()
    channels, total = measured(desk)
    assert channels["web"] == Figures(
        booked=1,
        awaited=0,
        arrived=1,
        no_shows=0,
        cancelled=0,
        low_traffic=0,
        conversion=10_000,
        show_rate=10_000,
        no_show_rate=0,
        low_traffic_share=0,
    )
    assert (total.booked, total.awaited, total.arrived, total.no_shows) == (5, 1, 1, 2)
    assert (total.conversion, total.show_rate, total.no_show_rate) == (2000, 3333, 6667)
    assert total.invited is None
    formulas = {one.rate: one.formula for one in desk.ask(MeasureConversion(**PERIOD)).formulas}
    assert formulas["show_rate"] == "arrived / (arrived + no_shows)"


def test_a_slot_that_was_on_offer_is_a_low_traffic_one(desk, front, wall):
    """Rule B3: as it was when it was booked."""
    offered = desk.ask(OfferSlots(service_type="repair")).items[0].starts_at
    booked = front.books(starts_at=offered)
    front.books(starts_at=wall("2026-03-09T11:30"))
    day = {"from_day": offered.date(), "to_day": date(2026, 3, 31)}
    _, total = measured(desk, **day)
    assert (booked.starts_at, total.booked, total.low_traffic, total.low_traffic_share) == (offered, 2, 1, 5000)


def test_of_nothing_there_is_no_rate(desk, front):
    channels, total = measured(desk)
    assert (channels, total.booked, total.conversion, total.show_rate) == ({}, 0, None, None)


@pytest.mark.parametrize("last", [date(2026, 3, 8), date(2027, 3, 11)])
def test_a_period_has_bounds(desk, last):
    with pytest.raises(Invalid) as refusal:
        desk.ask(MeasureConversion(from_day=date(2026, 3, 9), to_day=last))
    assert list(refusal.value.details["errors"]) == ["to_day"]


def test_another_dealers_figures_are_its_own(desk, front):
    front.books()
    assert desk.ask(MeasureConversion(**PERIOD), dealer="bj-chaoyang").total.booked == 0


@pytest.mark.new_database
def test_it_costs_the_same_however_many_appointments_there_were(desk, front, wall):
    front.books()
    query, long_ago = MeasureConversion(**PERIOD), wall("2024-03-11T09:00")
    grow(desk, "appointment", 2_000, starts_at=long_ago, status="'fulfilled'")
    assert Reading(desk, query).rows < 20
