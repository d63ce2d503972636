"""The search: one box to type into, and whatever is called so at the dealer."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Part, Query, text, whole

HitKind = Literal["customer", "vehicle", "work_order", "appointment", "part", "invoice"]


class Hit(Part):
    """One thing that was found: what it is called, and a second line that tells it from others."""

    kind: HitKind
    id: Id
    label: str
    detail: str
    at: datetime | None = None


class HitGroup(Part):
    """What was found of one kind, the newest first where that means something; `more` if there is more than that."""

    kind: HitKind
    hits: list[Hit]
    more: bool


class Hits(Answer):
    """What was found, by kind; kinds of which nothing was found are not there.

    `missing` names the kinds of which not everything could be looked at, because a service did not answer in time.
    """

    groups: list[HitGroup]
    missing: list[HitKind]


class Search(Query, service="gateway", answer=Hits):
    """Search everything.

    Customers by a piece of their name, Chinese ones also by pinyin, or of their phone; cars by a piece of their plate or VIN;
    parts by a piece of number or name; orders, appointments and invoices of these customers and cars, and by number or plate
    from its beginning. Digits alone are the count of an order's or invoice's number, too: 123 finds RO-2026-000123. Only
    kinds that the caller may list are answered.
    """

    q: Annotated[str, text(60)]
    limit: Annotated[int, whole(1, 20)] = 5
