"""What the gateway answers about its registry, its accounts, and the timeline of a work order."""

from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import fields, validate

from chassis.messages import Answer, DealerId, Id, Part
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from contracts.shared import Page, TaxMode

Locale = Literal["zh", "en"]
"""The languages ServiceLane speaks: zh for China, en for everyone else."""

DealerRole = Annotated[str, fields.String(validate=validate.OneOf(DEALER_ROLES))]
GroupRole = Annotated[str, fields.String(validate=validate.OneOf(GROUP_ROLES))]


class Dealer(Answer):
    """A dealer's registration (Rule G0); `id` is the dealer's code in paths and rows."""

    id: DealerId
    version: int
    name: str
    time_zone: str
    currency: str
    locale: Locale
    tax_mode: TaxMode


class Dealers(Answer, Page):
    """A page of dealers in the order of their codes."""

    items: list[Dealer]


class Membership(Part):
    """What someone may do at one dealer (Rule G1)."""

    dealer: DealerId
    roles: list[DealerRole]


class Account(Answer):
    """A person's account. Its password is never told; an inactive one gets no token."""

    id: Id
    version: int
    login: str
    name: str
    locale: Locale
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class Accounts(Answer, Page):
    """A page of accounts in the order of their logins."""

    items: list[Account]


class ApiClient(Answer):
    """A program that calls the API in its own name. Its secret is never told."""

    id: Id
    version: int
    client_id: str
    name: str
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class ApiClients(Answer, Page):
    """A page of API clients in the order of their client ids."""

    items: list[ApiClient]


class TimelineEvent(Part):
    """One event of a visit: what `service` announced, who did it, and the event that caused it, if one did.

    `facts` are the event's data.
    """

    event_id: Id
    service: str
    type: str
    subject: str
    sequence: int
    time: datetime
    actor: str | None = None
    causation_id: str | None = None
    facts: dict[str, Any]


class WorkOrderTimeline(Answer):
    """Everything that happened to a work order's visit, causes before effects (Rule G3).

    `missing` names the services that did not answer in time: their events are not in `events`.
    """

    work_order_id: Id
    visit_id: Id | None = None
    events: list[TimelineEvent]
    missing: list[str]
