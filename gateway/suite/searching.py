"""One box to type into: what the services have that is called so, asked of all at once and answered within one deadline."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import eventlet

from chassis import Invalid
from chassis.wire.call import Call
from chassis.wire.keys import bare, digits
from chassis.wire.messages import Query
from chassis.wire.searching import folded
from contracts.billing.invoice import ListInvoices
from contracts.billing.searching import SearchInvoices
from contracts.booking.appointment import ListAppointments
from contracts.booking.searching import SearchAppointments
from contracts.crm.customer import ListCustomers
from contracts.crm.vehicle import FindVehicle
from contracts.gateway.search import HitGroup, HitKind, Hits, Search
from contracts.parts.catalogue import ListParts
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.searching import SearchWorkOrders
from gateway.suite import hits
from gateway.suite.caller import Caller, told

STEP_SECONDS = 1.0
"""How long the services of one step may take; there are three, as each needs what the one before has found."""
_FOUND_AT_MOST = 20
"""Customers and cars whose orders and appointments are looked for."""
_PIECE_OF_A_PHONE = 3
_PIECE_OF_A_VIN = 4

LISTED_BY: dict[HitKind, type[Query]] = {
    "customer": ListCustomers,
    "vehicle": FindVehicle,
    "work_order": ListWorkOrders,
    "appointment": ListAppointments,
    "part": ListParts,
    "invoice": ListInvoices,
}
"""The route of a kind's list says who may see what is found of it."""

Listed = Callable[[type[Query], Call], bool]


class Searcher:
    """Answers `Search`. `listed` says whether a caller may list what a query lists."""

    def __init__(self, caller: Caller, listed: Listed, language: Callable[[], str]) -> None:
        self._caller = caller
        self._listed = listed
        self._language = language

    def search(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """What was found, as plain data. Raises Invalid for nothing that could be looked for."""
        asked = Search.load(payload)
        if not folded(asked.q):
            raise Invalid.field("q", "needs_letters_or_digits")
        wanted = [kind for kind, query in LISTED_BY.items() if self._listed(query, call)]
        found = self._found(asked, wanted, call)
        groups = [
            HitGroup(kind=kind, hits=hits.of(kind, items[: asked.limit], self._language()), more=len(items) > asked.limit)
            for kind in wanted
            if (items := found[kind].items)
        ]
        return Hits(groups=groups, missing=[kind for kind in wanted if not found[kind].complete]).dump()

    def _found(self, asked: Search, wanted: Sequence[HitKind], call: Call) -> "dict[HitKind, _Found]":
        most, of_visits = asked.limit + 1, bool({"work_order", "appointment", "invoice"} & set(wanted))
        customers = self._ask(_of_customers(asked.q), call, when=of_visits or "customer" in wanted)
        vehicles = self._ask(_of_vehicles(asked.q), call, when=of_visits or "vehicle" in wanted)
        parts = self._ask([ListParts(search=asked.q, limit=most)], call, when="part" in wanted)
        found: dict[HitKind, _Found] = {"customer": customers.wait(), "vehicle": vehicles.wait()}
        theirs = {
            "search": asked.q,
            "limit": most,
            "customer_ids": [one["id"] for one in found["customer"].items],
            "vehicle_ids": [one["id"] for one in found["vehicle"].items],
        }
        orders = self._ask([SearchWorkOrders.load(theirs)], call, when={"work_order", "invoice"} & set(wanted))
        appointments = self._ask([SearchAppointments.load(theirs)], call, when="appointment" in wanted)
        found["work_order"], found["appointment"] = orders.wait(), appointments.wait()
        ids = [one["id"] for one in found["work_order"].items]
        invoices = self._ask([SearchInvoices(search=asked.q, work_order_ids=ids, limit=most)], call, when="invoice" in wanted)
        found["invoice"], found["part"] = invoices.wait(), parts.wait()
        whose = found["customer"].complete and found["vehicle"].complete
        found["work_order"].complete &= whose
        found["appointment"].complete &= whose
        found["invoice"].complete &= found["work_order"].complete
        return found

    def _ask(self, queries: Sequence[Query], call: Call, *, when: object) -> Any:
        return eventlet.spawn(self._answers, queries if when else (), call)

    def _answers(self, queries: Sequence[Query], call: Call) -> "_Found":
        asked = [eventlet.spawn(self._answer, query, call) for query in queries]
        return _Found([thread.wait() for thread in asked])

    def _answer(self, query: Query, call: Call) -> list[dict[str, Any]] | None:
        patience = min(STEP_SECONDS, call.seconds_left)
        answered = told(self._caller, query.service, query, call, patience, incomplete="search_incomplete")
        return None if answered is None else answered["items"]


class _Found:
    """What several questions found together, each thing once; not `complete` if one was not answered."""

    def __init__(self, answers: Iterable[list[dict[str, Any]] | None]) -> None:
        self.complete = True
        found: dict[str, dict[str, Any]] = {}
        for items in answers:
            self.complete &= items is not None
            found |= {one["id"]: one for one in items or ()}
        self.items = list(found.values())


def _of_customers(q: str) -> list[Query]:
    asked: list[dict[str, Any]] = [{"name": q}]
    if len(digits(q)) >= _PIECE_OF_A_PHONE and not any(letter.isalpha() for letter in q):
        asked.append({"phone": q})
    return _those_that_can_be(ListCustomers, asked)


def _of_vehicles(q: str) -> list[Query]:
    asked: list[dict[str, Any]] = [{"plate": q}]
    if len(bare(q)) >= _PIECE_OF_A_VIN and bare(q).isascii():
        asked.append({"vin": q})
    return _those_that_can_be(FindVehicle, asked)


def _those_that_can_be(query: type[Query], asked: Iterable[dict[str, Any]]) -> list[Query]:
    """What is too long for a plate, or has nothing of a phone, is none: nobody needs to be asked."""
    found = []
    for one in asked:
        try:
            found.append(query.load({**one, "limit": _FOUND_AT_MOST}))
        except Invalid:
            continue
    return found
