"""Orders on hold until their parts come."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Id, Part, Query, text
from contracts.shared import Listing, Name, Page, PartRequest


class WaitingOrder(Part):
    """An order on hold for parts. `parts_here`: all of them are set aside for it now, so work can go on; `since` when.

    Otherwise `short` is what is still missing.
    """

    work_order_id: Id
    number: Annotated[str, text(20)]
    plate: Annotated[str, text(16)]
    customer_name: Name
    advisor: Annotated[str, text(64)]
    technician: Annotated[str | None, text(64)] = None
    promised_at: datetime | None = None
    parts_here: bool
    since: datetime | None = None
    short: list[PartRequest]


class WaitingOrders(Answer, Page):
    """A page of orders on hold for parts, the newest order first."""

    items: list[WaitingOrder]


class ListWaitingOrders(Query, Listing, service="workshop", answer=WaitingOrders):
    """Orders on hold for parts.

    Whether their parts have come; with `parts_here` only those whose parts have, or have not.
    """

    parts_here: bool | None = None
