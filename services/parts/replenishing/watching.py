"""Looking every hour for parts that came to their reorder point (Rule P4)."""

from sqlalchemy import select

from chassis import Work, derived_id
from contracts.parts.replenishment import COVER_DAYS, SERVICE_LEVEL
from services.parts.purchasing.watch import look_within_the_hour
from services.parts.replenishing.low_part import LowPart
from services.parts.replenishing.proposing import approved_suppliers, at_their_point


def watch(work: Work, watch_id: str) -> None:
    """Whatever came to its reorder point since the last look is told; what is above it again may be told another time."""
    look_within_the_hour(work)
    low_now = {one.number: one for one in at_their_point(work, approved_suppliers(work), SERVICE_LEVEL, COVER_DAYS)}
    known = {one.part_number: one for one in work.all(select(LowPart).order_by(LowPart.id).with_for_update())}
    for number, one in known.items():
        if one.low and number not in low_now:
            work.change(one)
            one.recover()
    for number, found in sorted(low_now.items()):
        before = known.get(number)
        if before is not None and before.low:
            continue
        if before is None:
            before = LowPart(id=derived_id("low_part", number), part_number=number)
            work.add(before)
        else:
            work.change(before)
        before.run_low(found.part.position, found.point, at=work.now)
