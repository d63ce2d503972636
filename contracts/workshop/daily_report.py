"""What the shop did on a day and what stands in it: workshop's part of the daily report 维修日报 (Rule W22)."""

from datetime import date, datetime

from chassis.wire import Answer, Part, Query
from contracts.workshop.finding import WorkOrderSummary


class DayOrders(Part):
    """Orders of one kind: how many there are, and the first 100 of them."""

    count: int
    items: list[WorkOrderSummary]


class ShopDay(Answer):
    """A day of the shop, by the dealer's clock.

    `comebacks` are those of the arrivals that came because of work that is still warranted. `on_hold` and `late` are as they
    stand at `as_of`: of a day that is over nobody knows them any more.
    """

    day: date
    as_of: datetime
    arrivals: DayOrders
    comebacks: DayOrders
    delivered: DayOrders
    on_hold: DayOrders | None = None
    late: DayOrders | None = None


class GetShopDay(Query, service="workshop", answer=ShopDay):
    """A day of the shop: what came, what was handed over, what stands; for the gateway's daily report."""

    day: date | None = None
