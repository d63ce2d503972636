"""What is asked for, and which part answers it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from chassis import Quantity
from contracts.shared import PartRequest
from services.parts.catalogue.supersession import interchangeable
from services.parts.stock.stock import Stock


def units_by_line(requests: Iterable[PartRequest]) -> dict[tuple[str, str], int]:
    """How much is asked for, by line and part number; what asks for nothing is left out."""
    wanted: Counter[tuple[str, str]] = Counter()
    for request in requests:
        wanted[request.line_id, request.part_number] += request.quantity.units
    return {key: units for key, units in sorted(wanted.items()) if units > 0}


def rest_of(requests: Iterable[PartRequest], declined: Iterable[PartRequest], successors: Mapping[str, str]) -> list[PartRequest]:
    """What is still asked for once so much is declined, under whichever number of a part's chain it was quoted."""
    left = Counter({number: units for (_, number), units in units_by_line(replace(one, line_id="") for one in declined).items()})
    rest = []
    for request in requests:
        units = request.quantity.units
        for number in interchangeable(request.part_number, successors):
            taken = min(units, left[number])
            left[number] -= taken
            units -= taken
        rest.append(replace(request, quantity=Quantity(units)))
    return rest


def number_for(asked_for: str, units: int, stock: Stock, left_over: Counter[str], successors: Mapping[str, str]) -> str:
    """The oldest part of the chain of which there is enough, so that old stock is used up (Rule P1); else the newest.

    One line gets one part: nobody fits an old and a new brake disc to one axle.
    """
    candidates = interchangeable(asked_for, successors)
    return next((one for one in candidates if stock.available(one) + left_over[one] >= units), candidates[-1])
