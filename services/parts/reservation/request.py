"""What is asked for, and which part answers it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from contracts.shared import PartRequest
from services.parts.catalogue.supersession import chain
from services.parts.model import normalised
from services.parts.stock.stock import Stock


def units_by_line(requests: Iterable[PartRequest]) -> dict[tuple[str, str], int]:
    """How much is asked for, by line and part number; what asks for nothing is left out."""
    wanted: Counter[tuple[str, str]] = Counter()
    for request in requests:
        wanted[request.line_id, normalised(request.part_number)] += request.quantity.units
    return {key: units for key, units in sorted(wanted.items()) if units > 0}


def number_for(asked_for: str, units: int, stock: Stock, left_over: Counter[str], successors: Mapping[str, str]) -> str:
    """The part asked for while there is enough of it, so that old stock is used up; then its final successor."""
    final = chain(asked_for, successors)[-1]
    if final == asked_for or stock.available(asked_for) + left_over[asked_for] >= units:
        return asked_for
    return final
