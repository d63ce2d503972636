"""Parts that are on the car, as a delivered order names them."""

from collections.abc import Iterator
from dataclasses import dataclass

from chassis import Invalid
from contracts.workshop.events import WorkOrderDelivered
from services.parts.model import normalised


@dataclass(frozen=True)
class Installed:
    """A part that is on the car: so much of it, for one line of the order, under the number the line names."""

    line_id: str
    asked_for: str
    units: int


def installed_parts(event: WorkOrderDelivered) -> Iterator[Installed]:
    """The part lines of a delivered order. Raises Invalid for a line that breaks the contract: no part number, no quantity."""
    for line in event.lines:
        if line.kind != "part":
            continue
        if line.quantity is None or line.quantity.units < 0:
            raise Invalid.field(f"lines.{line.number}.quantity", "part_line_needs_quantity")
        if line.quantity.units:
            yield Installed(line.line_id, normalised(line.part_number), line.quantity.units)


def installed_numbers(event: WorkOrderDelivered) -> set[str]:
    """Their part numbers; none for an order that breaks the contract and is refused when its turn comes."""
    try:
        return {part.asked_for for part in installed_parts(event)}
    except Invalid:
        return set()
