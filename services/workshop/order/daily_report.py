"""A day of the shop (Rule W22): asked by day and by status, so that what is done for long costs nothing."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from chassis import Work
from contracts.workshop.daily_report import DayOrders, ShopDay
from contracts.workshop.finding import WorkOrderSummary
from services.workshop.order.comeback_note import groups_of
from services.workshop.order.status import NOT_READY, Status
from services.workshop.order.summary import summaries
from services.workshop.order.work_order import WorkOrder

MOST = 100


def shop_day(work: Work, asked: date | None) -> ShopDay:
    """Today, by the dealer's clock, if no day is named."""
    today = work.profile.local(work.now).date()
    day = asked or today
    arrivals = _on(work, day, WorkOrder.opened_at)
    comebacks = [one for one in arrivals if groups_of(one.comeback)]
    lists = {"arrivals": arrivals, "comebacks": comebacks, "delivered": _on(work, day, WorkOrder.delivered_at)}
    if day == today:
        held = select(WorkOrder).where(WorkOrder.status == Status.ON_HOLD).order_by(WorkOrder.held_at, WorkOrder.id)
        is_late = WorkOrder.status.in_(NOT_READY), WorkOrder.promised_at < work.now
        late = select(WorkOrder).where(*is_late).order_by(WorkOrder.promised_at, WorkOrder.id)
        lists |= {"on_hold": work.all(held), "late": work.all(late)}
    shown = {order.id: order for rows in lists.values() for order in rows[:MOST]}
    known = {one.id: one for one in summaries(work, list(shown.values()))}
    return ShopDay(day=day, as_of=work.now, **{name: _shown(rows, known) for name, rows in lists.items()})


def _on(
    work: Work, day: date, what: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
) -> Sequence[WorkOrder]:
    return work.all(select(WorkOrder).where(*work.profile.within(what, day, day)).order_by(what, WorkOrder.id))


def _shown(rows: Sequence[WorkOrder], known: dict[str, WorkOrderSummary]) -> DayOrders:
    return DayOrders(count=len(rows), items=[known[one.id] for one in rows[:MOST]])
