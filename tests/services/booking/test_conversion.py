"""Rule B8: how many of those who book come, by channel and period, with the formulas."""

from datetime import date, timedelta

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.ids import new_id
from contracts.booking.appointment import ArriveAppointment, CancelAppointment
from contracts.booking.calendar import OfferSlots
from contracts.booking.conversion import Figures, MeasureConversion
from contracts.crm.events import InvitationMade
from tests.services.history import ANYBODY, Reading, grow

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


def invite(desk, front, invited_at, *, channel="sms", vehicle_id=None, invitation_id=None):
    facts = {"customer_id": front.customer.customer_id, "vehicle_id": vehicle_id or front.vehicle.vehicle_id}
    made = {"invitation_id": invitation_id or new_id(), "reason": "periodic_service", "channel": channel}
    fact = InvitationMade(**facts, **made, invited_at=invited_at)
    desk.hear(fact, subject=fact.invitation_id)
    return fact


def led(desk, **period):
    found = desk.ask(MeasureConversion(**{**PERIOD, "from_day": date(2026, 2, 1), **period}))
    by = {one.channel: one.figures for one in found.invitations}
    return {channel: (one.invited, one.booked, one.arrived) for channel, one in by.items()}, found.invited


def test_of_those_invited_it_is_counted_who_booked_and_who_came(desk, front, wall):
    """Rule B8: from the invitation on, by its channel; in whatever order invitation and booking are heard of."""
    now = desk.clock.now()
    for _ in range(2):
        invite(desk, front, now, channel="wechat", vehicle_id=new_id())
    booked = front.books(starts_at=wall("2026-03-09T09:00"))
    sms = invite(desk, front, now - timedelta(days=3))
    invite(desk, front, sms.invited_at, invitation_id=sms.invitation_id)  # as if the inbox had been purged
    assert led(desk)[0] == {"wechat": (2, 0, 0), "sms": (1, 1, 0)}
    desk.clock.set(wall("2026-03-09T09:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    channels, total = led(desk)
    assert channels["sms"] == (1, 1, 1)
    assert (total.invited, total.booked, total.arrived, total.booked_rate, total.arrived_rate) == (3, 1, 1, 3333, 3333)
    assert led(desk, to_day=date(2026, 2, 20))[1].invited == 0
    assert desk.ask(MeasureConversion(**PERIOD), dealer="bj-chaoyang").invited.invited == 0
    formulas = {one.rate: one.formula for one in desk.ask(MeasureConversion(**PERIOD)).formulas}
    assert (formulas["booked_rate"], formulas["arrived_rate"]) == ("booked / invited", "arrived / invited")


def test_a_booking_counts_for_the_last_invitation_of_its_car_and_not_for_one_long_ago(desk, front, wall):
    now = desk.clock.now()
    front.books()
    invite(desk, front, now - timedelta(days=1), channel="phone")
    invite(desk, front, now - timedelta(days=9))
    invite(desk, front, now + timedelta(hours=1), channel="wechat")  # after the booking
    assert led(desk)[0] == {"phone": (1, 1, 0), "sms": (1, 0, 0), "wechat": (1, 0, 0)}


def test_one_invited_too_long_ago_booked_by_themselves(desk, front):
    invite(desk, front, desk.clock.now() - timedelta(days=30))
    front.books()
    assert led(desk, from_day=date(2026, 1, 1))[0] == {"sms": (1, 0, 0)}
    invite(desk, front, desk.clock.now() - timedelta(days=30) + timedelta(seconds=1))
    assert led(desk, from_day=date(2026, 1, 1))[0] == {"sms": (2, 1, 0)}


def test_who_only_waits_for_a_place_has_not_booked(desk, front, wall):
    front.opens(places=1)
    front.books()
    desk.pass_time(minutes=1)
    invite(desk, front, desk.clock.now())
    front.books(wait_list=True)
    assert led(desk)[0] == {"sms": (1, 0, 0)}


@pytest.mark.new_database
def test_it_costs_the_same_however_many_were_invited(desk, front, wall):
    invite(desk, front, desk.clock.now())
    front.books()
    grow(desk, "known_invitation", 2_000, invited_at=wall("2024-03-11T09:00"), vehicle_id=ANYBODY)
    grow(desk, "appointment", 2_000, starts_at=wall("2024-03-11T09:00"), vehicle_id=ANYBODY, status="'fulfilled'")
    assert Reading(desk, MeasureConversion(from_day=date(2026, 3, 1), to_day=date(2026, 3, 31))).rows < 20
