"""A day of the shop (Rule W22): asked by day and by status, so that what is done for long costs nothing."""

from datetime import date

from chassis import Work, oldest
from contracts.workshop.daily_report import DayArrivals, DayOrders, ShopDay
from services.workshop.order.arrivals import arrivals_of
from services.workshop.order.comeback_note import groups_of
from services.workshop.order.status import NOT_READY, Status
from services.workshop.order.summary import summaries
from services.workshop.order.work_order import WorkOrder

MOST = 200


def shop_day(work: Work, asked: date | None) -> ShopDay:
    """Today, by the dealer's clock, if no day is named. Raises Invalid for a day to come."""
    day = work.profile.until_today(asked, at=work.now)
    today = work.profile.local(work.now).date()
    arrivals, without_order = arrivals_of(work, day)
    comebacks = [one for one in arrivals if groups_of(one.comeback)]
    left = work.profile.within(WorkOrder.delivered_at, day, day)
    lists = {
        "arrivals": (arrivals[:MOST], len(arrivals)),
        "comebacks": (comebacks[:MOST], len(comebacks)),
        "delivered": oldest(work, WorkOrder, *left, since=WorkOrder.delivered_at, most=MOST),
    }
    if day == today:
        held = WorkOrder.status == Status.ON_HOLD
        lists["on_hold"] = oldest(work, WorkOrder, held, since=WorkOrder.held_at, most=MOST)
        late = WorkOrder.status.in_(NOT_READY), WorkOrder.promised_at < work.now
        lists["late"] = oldest(work, WorkOrder, *late, since=WorkOrder.promised_at, most=MOST)
    shown = {order.id: order for rows, _ in lists.values() for order in rows}
    known = {one.id: one for one in summaries(work, list(shown.values()))}
    told = {name: DayOrders(count=count, items=[known[one.id] for one in rows]) for name, (rows, count) in lists.items()}
    came = told.pop("arrivals")
    cars = DayArrivals(count=came.count + len(without_order), items=came.items, without_order=without_order[:MOST])
    return ShopDay(day=day, as_of=work.now, arrivals=cars, **told)
