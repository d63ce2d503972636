"""What the gateway can be asked."""

from datetime import datetime
from typing import Annotated

from chassis.wire import DealerId, Id, Query, text, whole
from contracts.gateway import answers

Cursor = Annotated[str | None, text(500)]
Limit = Annotated[int, whole(1, 200)]


class GetDealer(Query, service="gateway", answer=answers.Dealer):
    """One dealer's registration."""

    dealer: DealerId


class ListDealers(Query, service="gateway", answer=answers.Dealers):
    """The group's dealers."""

    cursor: Cursor = None
    limit: Limit = 50


class GetAccount(Query, service="gateway", answer=answers.Account):
    """One account."""

    account_id: Id


class ListAccounts(Query, service="gateway", answer=answers.Accounts):
    """The group's accounts."""

    cursor: Cursor = None
    limit: Limit = 50


class GetApiClient(Query, service="gateway", answer=answers.ApiClient):
    """One API client."""

    api_client_id: Id


class ListApiClients(Query, service="gateway", answer=answers.ApiClients):
    """The group's API clients."""

    cursor: Cursor = None
    limit: Limit = 50


class GetWorkOrderTimeline(Query, service="gateway", answer=answers.WorkOrderTimeline):
    """The causal timeline of a work order across all services (Rule G3)."""

    work_order_id: Id


class ReconcileDealer(Query, service="gateway", answer=answers.Reconciliation):
    """What is missing or double after the dealer's deliveries that were made or reversed since a time; the newest first."""

    since: datetime | None = None
    cursor: Annotated[str | None, text(1000)] = None
    limit: Limit = 100


class ReconcileGroup(Query, service="gateway", answer=answers.Reconciliation):
    """What is missing or double after deliveries that were made or reversed since a time, dealer by dealer or at one.

    A call looks at `limit` deliveries at most and stops in time, whatever the group's size; `next_cursor` leads on.
    """

    dealer: DealerId | None = None
    since: datetime | None = None
    cursor: Annotated[str | None, text(1000)] = None
    limit: Limit = 100
