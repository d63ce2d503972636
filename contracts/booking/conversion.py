"""How many of those who are invited book, and how many of those who book come (Rule B8), by channel and period."""

from datetime import date

from chassis.wire import Answer, Part, Query
from contracts.booking.appointment import BookingChannel
from contracts.shared import Channel


class Figures(Part):
    """What became of appointments. Rates are basis points (10,000 are all), null where there is nothing to divide by."""

    booked: int
    awaited: int
    arrived: int
    no_shows: int
    cancelled: int
    low_traffic: int
    conversion: int | None = None
    show_rate: int | None = None
    no_show_rate: int | None = None
    low_traffic_share: int | None = None


class ChannelFigures(Part):
    """The figures of one channel."""

    channel: BookingChannel
    figures: Figures


class InvitationFigures(Part):
    """What became of invitations: how many led to a booking, and to a car that came. Rates as in `Figures`."""

    invited: int
    booked: int
    arrived: int
    booked_rate: int | None = None
    arrived_rate: int | None = None


class ChannelInvitations(Part):
    """The figures of the invitations that went out by one channel."""

    channel: Channel
    figures: InvitationFigures


class Formula(Part):
    """How a rate is worked out of the other figures."""

    rate: str
    formula: str


class Conversion(Answer):
    """What became of appointments and invitations of a period, by channel and in all, and how the rates are worked out."""

    from_day: date
    to_day: date
    channels: list[ChannelFigures]
    total: Figures
    invitations: list[ChannelInvitations]
    invited: InvitationFigures
    formulas: list[Formula]


class MeasureConversion(Query, service="booking", answer=Conversion):
    """How many of those who are invited book, and how many of those who book come.

    Of the appointments whose time is in the period (local days, both included; this month until today if none is given; at most
    366 days), by channel (Rule B8). Booked are those that have or had a place, so not who only waited for one. conversion =
    arrived / booked, show_rate = arrived / (arrived + no_shows), no_show_rate = no_shows / (arrived + no_shows),
    low_traffic_share = low_traffic / booked.

    Of the invitations that were made in the period, by the channel of the invitation: a booking counts for the last invitation of
    its car before it, if that was at most 30 days ago. booked_rate = booked / invited, arrived_rate = arrived / invited.
    """

    from_day: date | None = None
    to_day: date | None = None
