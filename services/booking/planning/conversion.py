"""How many of those who are invited and who book come (Rule B8, docs/domain.md)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from chassis.wire.values import basis_points
from contracts.booking.appointment import BookingChannel
from contracts.booking.conversion import ChannelFigures, Conversion, Figures, Formula
from contracts.booking.events import AppointmentStatus
from services.booking.planning.invited import Led, by_channel, figures

Counted = tuple[BookingChannel, AppointmentStatus, bool, int]
"""Channel, status, whether it was a low-traffic slot on offer, and how many of them there are."""

FORMULAS = {
    "booked_rate": "booked / invited",
    "arrived_rate": "arrived / invited",
    "conversion": "arrived / booked",
    "show_rate": "arrived / (arrived + no_shows)",
    "no_show_rate": "no_shows / (arrived + no_shows)",
    "low_traffic_share": "low_traffic / booked",
}


def conversion(first: date, last: date, counted: Sequence[Counted], led: Sequence[Led]) -> Conversion:
    """The figures of a period, by channel and in all."""
    channels = sorted({channel for channel, *_ in counted})
    return Conversion(
        from_day=first,
        to_day=last,
        channels=[ChannelFigures(channel=one, figures=_figures(row for row in counted if row[0] == one)) for one in channels],
        total=_figures(counted),
        invitations=by_channel(led),
        invited=figures(led),
        formulas=[Formula(rate=rate, formula=formula) for rate, formula in FORMULAS.items()],
    )


def _figures(counted: Iterable[Counted]) -> Figures:
    number: Counter[str] = Counter()
    low_traffic = 0
    for _, status, is_low_traffic, many in counted:
        number[status] += many
        low_traffic += many if is_low_traffic else 0
    booked, arrived, no_shows = number.total(), number["arrived"] + number["fulfilled"], number["no_show"]
    return Figures(
        booked=booked,
        awaited=number["requested"] + number["confirmed"],
        arrived=arrived,
        no_shows=no_shows,
        cancelled=number["cancelled"],
        low_traffic=low_traffic,
        conversion=basis_points(arrived, booked),
        show_rate=basis_points(arrived, arrived + no_shows),
        no_show_rate=basis_points(no_shows, arrived + no_shows),
        low_traffic_share=basis_points(low_traffic, booked),
    )
