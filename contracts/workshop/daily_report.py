"""What the shop did on a day and what stands in it: workshop's part of the daily report 维修日报 (Rule W22)."""

from datetime import date, datetime

from chassis.wire import Answer, Id, Part, Query
from contracts.shared import Name, Plate
from contracts.workshop.finding import WorkOrderSummary
from contracts.workshop.lane import LeftLane


class DayOrders(Part):
    """Orders of one kind: how many there are, and the first 200 of them."""

    count: int
    items: list[WorkOrderSummary]


class ArrivedCar(Part):
    """A car that came and has no order: booked or not, and whether it is still in the lane."""

    plate: Plate
    appointment_id: Id | None = None
    customer_name: Name | None = None
    arrived_at: datetime
    left: LeftLane | None = None


class DayArrivals(DayOrders):
    """Cars that came, each once: `count` are all of them, `items` the orders that were opened for them, the first of each car.

    An order that was opened for a car that was here already, or that is void, is no arrival of its own. `without_order` are the
    first 200 cars that came to the lane and have no order that stands.
    """

    without_order: list[ArrivedCar]


class ShopDay(Answer):
    """A day of the shop, by the dealer's clock.

    `comebacks` are those of the arrivals that came because of work that is still warranted. `on_hold` and `late` are as they
    stand at `as_of`: of a day that is over nobody knows them any more.
    """

    day: date
    as_of: datetime
    arrivals: DayArrivals
    comebacks: DayOrders
    delivered: DayOrders
    on_hold: DayOrders | None = None
    late: DayOrders | None = None


class GetShopDay(Query, service="workshop", answer=ShopDay):
    """A day of the shop until today: what came, what was handed over, what stands; for the gateway's daily report."""

    day: date | None = None
