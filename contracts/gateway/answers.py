"""What the gateway answers about its registry, its accounts, and the timeline of a work order."""

from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import fields, validate

from chassis.wire import Answer, DealerId, Id, Part
from contracts.gateway.findings import Effect, Fault
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from contracts.shared import Page, Payer, TaxMode

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


class ReconciliationFinding(Part):
    """Something wrong with one effect of one delivery; `what` says it in a sentence.

    `payer` is whose invoice or credit note it is, for these effects.
    """

    dealer: DealerId
    work_order_id: Id
    revision: int
    effect: Effect
    fault: Fault
    payer: Payer | None = None
    what: str
    what_zh: str


class ReconciliationCounts(Part):
    """How much was looked at; reversed deliveries are deliveries, too."""

    deliveries: int = 0
    reversed: int = 0
    invoices: int = 0
    credit_notes: int = 0
    deductions: int = 0
    follow_ups: int = 0


class Reconciliation(Answer, Page):
    """Whether the deliveries looked at have their effects, each once, and the reversed ones have them taken back.

    It is one page: all is proved when every page up to the last was `consistent`. `findings` are wrong. `under_way` lacks
    something, too, but was delivered or reversed so lately that it may still be on its way: look again in a minute.
    """

    consistent: bool
    dealers: list[DealerId]
    counts: ReconciliationCounts
    findings: list[ReconciliationFinding]
    under_way: list[ReconciliationFinding]
