"""Forecasting demand that comes now and then, and how much stock it takes (Rule P4).

Croston (1972) smooths the sizes of demands and the intervals between them apart: their quotient is the demand of a period. That
is too high on average; Syntetos and Boylan (2005) take the half of the smoothing constant off. What was not asked for in a year
is forecast to be asked for no more, which neither of them says.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from statistics import NormalDist

ALPHA = Decimal("0.1")
"""How much the newest demand counts: what both papers recommend for slow movers."""

FORGOTTEN = 12
"""After so many periods without any demand none is expected."""

DAYS = 30
"""Of a period."""


def croston(demand: Sequence[int]) -> Decimal:
    """The demand of the next period by Croston's method, the oldest period first."""
    size = interval = Decimal(0)
    since = 0
    for units in demand:
        since += 1
        if units > 0:
            weight = ALPHA if size else 1  # the first demand is all that is known
            size, interval, since = size + weight * (units - size), interval + weight * (since - interval), 0
    return size / interval if interval else Decimal(0)


def forecast(demand: Sequence[int]) -> Decimal:
    """The demand of the next period, by the approximation of Syntetos and Boylan."""
    if not any(units > 0 for units in demand[-FORGOTTEN:]):
        return Decimal(0)
    return (1 - ALPHA / 2) * croston(demand)


def reorder_point(demand: Sequence[int], lead_time_days: int, service_level: int) -> Decimal:
    """What must be there when it is ordered: demand of the lead time, and a reserve by the service level in percent."""
    expected = forecast(demand)
    if not expected:
        return Decimal(0)
    periods = Decimal(lead_time_days) / DAYS
    mean = Decimal(sum(demand)) / len(demand)
    variance = sum(((units - mean) ** 2 for units in demand), Decimal(0)) / len(demand)
    return expected * periods + _reserve(service_level) * (variance * periods).sqrt()


def order_up_to(point: Decimal, demand: Sequence[int], cover_days: int) -> Decimal:
    """Up to what it is ordered: the reorder point, and the demand of so many days."""
    return point + forecast(demand) * cover_days / DAYS


@cache
def _reserve(service_level: int) -> Decimal:
    """How many standard deviations cover so many percent of a normal distribution."""
    return Decimal(str(round(NormalDist().inv_cdf(service_level / 100), 3)))
