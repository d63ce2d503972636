"""What workshop can be asked."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Id, Query, text, whole
from contracts.workshop.answers import (
    Authorisations,
    Estimate,
    Operations,
    Settlement,
    ShopLoad,
    WorkOrder,
    WorkOrders,
    WorkOrderStatus,
    WorkshopSettings,
)
from contracts.workshop.deliveries import Deliveries


class GetWorkOrder(Query, service="workshop", answer=WorkOrder):
    """One work order with its lines and jobs."""

    work_order_id: Id


class ListWorkOrders(Query, service="workshop", answer=WorkOrders):
    """Work orders, newest first; by status, plate, or promised before a time."""

    status: WorkOrderStatus | None = None
    plate: Annotated[str | None, text(16)] = None
    promised_before: datetime | None = None
    cursor: str | None = None
    limit: Annotated[int, whole(1, 200)] = 50


class GetEstimate(Query, service="workshop", answer=Estimate):
    """One version of an order's estimate; the newest, if none is named."""

    work_order_id: Id
    estimate_version: Annotated[int | None, whole(1)] = None


class ListAuthorisations(Query, service="workshop", answer=Authorisations):
    """The order's authorisation ledger: who decided on which lines, how and when."""

    work_order_id: Id


class GetSettlement(Query, service="workshop", answer=Settlement):
    """The settlement of one delivery revision; if none is named, the valid one, or before delivery its preview."""

    work_order_id: Id
    revision: Annotated[int | None, whole(1)] = None


class ListDeliveries(Query, service="workshop", answer=Deliveries):
    """Deliveries that were made or reversed since a time, or all of them; for the gateway's reconciliation."""

    since: datetime | None = None
    cursor: Annotated[str | None, text(500)] = None
    limit: Annotated[int, whole(1, 200)] = 50


class WorkshopLoad(Query, service="workshop", answer=ShopLoad):
    """What lies on each technician and each bay."""


class GetWorkshopSettings(Query, service="workshop", answer=WorkshopSettings):
    """The dealer's workshop settings."""


class ListOperations(Query, service="workshop", answer=Operations):
    """The group's operations, by code downwards; those whose code starts so, if a beginning is given."""

    code_prefix: Annotated[str | None, text(40)] = None
    cursor: str | None = None
    limit: Annotated[int, whole(1, 200)] = 50
