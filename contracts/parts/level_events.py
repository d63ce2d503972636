"""What parts announces of parts that run low (Rule P4)."""

from datetime import datetime

from chassis.wire import Event, Quantity
from contracts.shared import PartNumber


class PartRanLow(Event, type="parts.low_part.ran_low"):
    """A part came to its reorder point (库存预警): told once, and again when it was above it in between."""

    part_number: PartNumber
    position: Quantity
    reorder_point: Quantity
    since: datetime
