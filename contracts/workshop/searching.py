"""Work orders for the gateway's search."""

from typing import Annotated

from chassis.wire import Answer, Id, Query, text
from contracts.shared import Limit, at_most
from contracts.workshop.finding import WorkOrderSummary


class FoundWorkOrders(Answer):
    """The newest work orders that were found."""

    items: list[WorkOrderSummary]


class SearchWorkOrders(Query, service="workshop", answer=FoundWorkOrders):
    """The newest orders of these customers or cars, and those whose number or plate begins with what is searched for."""

    search: Annotated[str, text(60)]
    customer_ids: list[Id] = at_most(50)
    vehicle_ids: list[Id] = at_most(50)
    limit: Limit
