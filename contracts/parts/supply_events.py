"""What parts announces of parts that have no stock (Rule W6)."""

from datetime import date
from typing import Annotated

from chassis.wire import Event, Part, whole
from contracts.shared import PartNumber

MOST_PARTS = 500


class PartSupply(Part):
    """Whether any of a part may still be promised; if not, when more than others wait for is expected, else how long it takes."""

    part_number: PartNumber
    free: bool
    expected_on: date | None = None
    lead_time_days: Annotated[int | None, whole(0)] = None


class SupplyChanged(Event, type="parts.supply.changed", subscribers=("workshop.record_supply",)):
    """There is none of these parts any more, some again, or they would come at another time; of a part, a later edition wins."""

    edition: Annotated[int, whole(1)]
    parts: list[PartSupply]
