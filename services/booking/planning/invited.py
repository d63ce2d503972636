"""What became of invitations (Rule B8, docs/domain.md): which of them led to a booking, and which to a car that came."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from chassis import Work
from chassis.wire.values import basis_points
from contracts.booking.conversion import ChannelInvitations, InvitationFigures
from contracts.shared import Channel
from services.booking.appointment.appointment import Appointment
from services.booking.projections.invitation import KnownInvitation

BOOKED, ARRIVED = 1, 2

Led = tuple[Channel, int | None, int]
"""Channel, what the invitations led to (None: to nothing so far), and how many of them there are."""


def invited(work: Work, first: date, last: date) -> Sequence[Led]:
    """By one statement over the invitations of the period. A booking counts for the last invitation of its car before it."""
    later = aliased(KnownInvitation)
    next_one = (
        select(later.id)
        .where(
            later.dealer_id == KnownInvitation.dealer_id,
            later.vehicle_id == KnownInvitation.vehicle_id,
            later.invited_at > KnownInvitation.invited_at,
            later.invited_at <= Appointment.asked_at,
        )
        .correlate(KnownInvitation.__table__, Appointment.__table__)
        .exists()
    )
    led_to = (
        select(func.max(case((Appointment.status.in_(("arrived", "fulfilled")), ARRIVED), else_=BOOKED)))
        .where(
            Appointment.dealer_id == KnownInvitation.dealer_id,
            Appointment.vehicle_id == KnownInvitation.vehicle_id,
            Appointment.booked,
            Appointment.asked_at >= KnownInvitation.invited_at,
            Appointment.asked_at < KnownInvitation.counts_until,
            ~next_one,
        )
        .correlate(KnownInvitation.__table__)
        .scalar_subquery()
    )
    within = work.profile.within(KnownInvitation.invited_at, first, last)
    each = select(KnownInvitation.channel, led_to.label("led_to")).where(*within).subquery()
    counted = select(each.c.channel, each.c.led_to, func.count().label("number")).group_by(each.c.channel, each.c.led_to)
    return [(row.channel, row.led_to, row.number) for row in work.execute(counted)]


def by_channel(counted: Sequence[Led]) -> list[ChannelInvitations]:
    """The figures of each channel on which somebody was invited."""
    channels = sorted({channel for channel, *_ in counted})
    return [ChannelInvitations(channel=one, figures=figures(row for row in counted if row[0] == one)) for one in channels]


def figures(counted: Iterable[Led]) -> InvitationFigures:
    """How many were invited, booked, came; and the rates."""
    number: Counter[int | None] = Counter()
    for _, led_to, many in counted:
        number[led_to] += many
    all_of_them, arrived = number.total(), number[ARRIVED]
    booked = number[BOOKED] + arrived
    return InvitationFigures(
        invited=all_of_them,
        booked=booked,
        arrived=arrived,
        booked_rate=basis_points(booked, all_of_them),
        arrived_rate=basis_points(arrived, all_of_them),
    )
