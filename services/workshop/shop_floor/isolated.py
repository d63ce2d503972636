"""What a high-voltage system keeps from being done: work while it is live, the final inspection while it is not (Rule W30)."""

from collections.abc import Iterable
from datetime import datetime

from chassis import Refused, Work
from services.workshop.order.comeback_note import is_high_voltage
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking
from services.workshop.shop_floor.isolation import isolations_of


def require_isolated(work: Work, order: WorkOrder, line: OrderLine, at: datetime | None = None) -> None:
    """Raises Refused for a high-voltage line while the system is not isolated; `at`: a time that was told afterwards.

    Any other line costs nothing, and what is done now is seen on the order.
    """
    if not is_high_voltage(line.repair):
        return
    if at is None:
        isolated = order.high_voltage == "isolated"
    else:
        with work.without_autoflush():
            isolated = any(one.stood_at(at) for one in isolations_of(work, order))
    if not isolated:
        raise Refused("not_isolated", line=line.number)


def require_off_before_energised(work: Work, order: WorkOrder, clocking: Clocking, field: str) -> None:
    """Work that is said to have ended then ended before the system was switched on again: that waits until nobody is at the car.

    Raises Refused naming who switched on and when. A car that was never isolated costs nothing.
    """
    if order.high_voltage is None or clocking.off_at is None:
        return
    with work.without_autoflush():
        found = next((one for one in isolations_of(work, order) if one.switched_on_during(clocking.on_at, clocking.off_at)), None)
    if found is not None:
        raise Refused("switched_on_meanwhile", field=field, name=found.signed_by("energise"), energised_at=found.energised_at)


def require_energised(work: Work, order: WorkOrder) -> None:
    """Raises Refused naming the isolation that stands, or the high-voltage line that was done under none that counts."""
    require_none_stands(work, order)
    lines = [line.number for line in high_voltage_lines(order.on_the_car)]
    if not lines:
        return
    with work.without_autoflush():
        counts = any(one.state == "energised" and one.isolated_at is not None for one in isolations_of(work, order))
    if not counts:
        raise Refused("isolation_missing", line=min(lines))


def require_none_stands(work: Work, order: WorkOrder) -> None:
    """Raises Refused naming the lock of the isolation that stands."""
    if order.high_voltage in (None, "live"):
        return
    with work.without_autoflush():
        standing = next(one for one in isolations_of(work, order) if one.ended_at is None)
    raise Refused("isolation_stands", lock_number=standing.lock_number, name=standing.signed_by("lock"))


def high_voltage_lines(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Those of them that are high-voltage work."""
    return [line for line in lines if line.kind is Kind.LABOUR and is_high_voltage(line.repair)]
