"""What must be true after a fault: everything drained, I9 from the answers, the other invariants from the tables."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import eventlet
from sqlalchemy.exc import DBAPIError

from chassis.amqp.connection import BROKEN
from deploy.local.desk import Order
from servicelane import suite
from servicelane.invariants import ALL, Books, Finding, check
from tests.faults.bus import Bus, subscriptions
from tests.faults.fleet import Fleet

POLL_SECONDS = 0.5

# By order: what clients are answered about it, in the same words.
_DELIVERIES = (
    "SELECT work_order_id::text, revision, CASE WHEN reversed_at IS NULL THEN 'delivered' ELSE 'reversed' END "
    "FROM delivery WHERE work_order_id::text = ANY(:ids)"
)
_PAYMENTS = (
    "SELECT account_id::text, id::text, CAST(amount_minor / 100.0 AS numeric(12, 2))::text "
    "FROM payment WHERE account_id::text = ANY(:ids)"
)
_GATE_PASSES = (
    "SELECT work_order_id::text, revision, CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN used_at IS NOT NULL THEN 'used' "
    "ELSE 'issued' END FROM gate_pass WHERE work_order_id::text = ANY(:ids)"
)


class NotDrained(AssertionError):
    """Something is left that never had its effect."""


@dataclass(frozen=True)
class Verdict:
    """What was found wrong, and how much of it is loss or doubling."""

    findings: list[str]
    lost: int
    doubled: int


class Proof:
    """Judges one fleet. `poison` are the ids of messages that were put there to be parked for good.

    `forged` are deliveries of another dealer's order, as (dealer, work order): I1 and I8 must name them.
    """

    def __init__(self, fleet: Fleet, bus: Bus) -> None:
        self._fleet = fleet
        self._bus = bus
        self._proven = dict.fromkeys(suite.SERVICES, 0)
        self.poison: set[str] = set()
        self.forged: set[tuple[str, str]] = set()

    def forget(self) -> None:
        """Prove the whole log again, from its first event."""
        self._proven = dict.fromkeys(suite.SERVICES, 0)

    def await_drained(self, seconds: float) -> str:
        """Return when every event has had its effect at every subscriber; raises NotDrained if that never comes.

        Returns what was the last to be pending.
        """
        end, last = time.monotonic() + seconds, ""
        while left := self._left():
            last = str(left)
            if time.monotonic() > end:
                raise NotDrained(f"not drained within {seconds:.0f} s: {left}")
            eventlet.sleep(POLL_SECONDS)
        self._proven = self._newest()
        return last

    def undone(self) -> dict[str, list[str]]:
        """By subscriber: ids of events that it has neither done nor given up on."""
        published: dict[str, list[str]] = {}
        for service in suite.SERVICES:
            query = "SELECT id::text, type FROM outbox WHERE position > :proven"
            for row in self._fleet.rows(service, query, proven=self._proven[service]):
                published.setdefault(row.type, []).append(row.id)
        found: dict[str, list[str]] = {}
        for service, queues in subscriptions().items():
            wanted = {(queue, event) for queue, types in queues for kind in types for event in published.get(kind, [])}
            query = (
                "SELECT subscriber, message_id FROM inbox WHERE message_id = ANY(:ids) "
                "UNION ALL SELECT subscriber, message_id FROM parked_message WHERE kind = 'dead'"
            )
            rows = self._fleet.rows(service, query, ids=[event for _, event in wanted]) if wanted else []
            for queue, event in wanted - {(row.subscriber, row.message_id) for row in rows}:
                found.setdefault(queue, []).append(event)
        return found

    def verdict(self, orders: Iterable[Order]) -> Verdict:
        """Judge the tables, and these orders by what their clients were answered."""
        found = check_invariants(self._fleet)
        findings = [f"{one.invariant} {one.dealer}: {one.what}" for one in found if not self._is_injected(one)]
        deliveries = [one for one in found if one.invariant == "I1"]
        lost = sum("has 0 times" in one.what or "is reversed, but" in one.what for one in deliveries)
        doubled = sum(one.invariant == "I2" for one in found)
        doubled += sum("times:" in one.what and "has 0 times" not in one.what for one in deliveries)
        findings += self._wrong_poison() + self._unnamed(found)
        missing = list(self._unkept(orders))
        return Verdict(findings + missing, lost + len(missing), doubled)

    def _unkept(self, orders: Iterable[Order]) -> Iterable[str]:
        """I9: each order stands exactly where its answers left it, with the deliveries, payments and gate passes answered."""
        asked = {order.id: order for order in orders}

        def by_order(service: str, query: str) -> dict[str, dict[Any, str]]:
            found: dict[str, dict[Any, str]] = {one: {} for one in asked}
            for order, key, what in self._fleet.rows(service, query, ids=list(asked)):
                found[order][key] = what
            return found

        query = "SELECT id::text, version, status, revision FROM work_order WHERE id::text = ANY(:ids)"
        rows = {row.id: tuple(row)[1:] for row in self._fleet.rows("workshop", query, ids=list(asked))}
        deliveries = by_order("workshop", _DELIVERIES)
        payments = by_order("billing", _PAYMENTS)
        gate_passes = by_order("billing", _GATE_PASSES)
        for order in asked.values():
            for answered, there in (
                (tuple(order.state[name] for name in ("version", "status", "revision")), rows.get(order.id)),
                (order.deliveries, deliveries[order.id]),
                (order.payments, payments[order.id]),
                (order.gate_passes, gate_passes[order.id]),
            ):
                if answered != there:
                    yield f"I9 {order.dealer}: work order {order.id} was answered {answered} and is {there}"

    def _newest(self) -> dict[str, int]:
        """By service: the position of the event that it announced last."""
        query = "SELECT coalesce(max(position), 0) FROM outbox"
        return {service: int(self._fleet.rows(service, query)[0][0]) for service in suite.SERVICES}

    def _left(self) -> dict[str, Any]:
        try:
            newest = self._newest()
            left: dict[str, Any] = {}
            for service in suite.SERVICES:
                [(unsent,)] = self._fleet.rows(service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")
                query = "SELECT kind, reason FROM parked_message WHERE kind <> 'dead' AND NOT message_id = ANY(:poison)"
                waiting = Counter(tuple(row) for row in self._fleet.rows(service, query, poison=list(self.poison)))
                left |= {f"{service} unsent": unsent} if unsent else {}
                left |= {f"{service} parked": dict(waiting)} if waiting else {}
            left |= self._bus.waiting()
            left = left or {queue: f"{len(events)} undone" for queue, events in self.undone().items()}
            # What an effect announced while this was looking may be what is not sent yet.
            return left or ({} if self._newest() == newest else {"announced meanwhile": "more"})
        except (DBAPIError, *BROKEN) as error:
            return {"not reachable": str(error)[:200]}

    def _wrong_poison(self) -> list[str]:
        parked = {
            row.message_id: f"{row.subscriber}: {row.reason}"
            for service in suite.SERVICES
            for row in self._fleet.rows(service, "SELECT message_id, subscriber, reason FROM parked_message")
        }
        innocent = [f"I7 parked although nobody poisoned it: {parked[one]}" for one in parked.keys() - self.poison]
        return innocent + [f"I7 poison {one} is not parked" for one in self.poison - parked.keys()]

    def _unnamed(self, found: list[Finding]) -> list[str]:
        return [
            f"{invariant} {dealer}: does not name the forged delivery of {order}"
            for dealer, order in self.forged
            for invariant in ("I1", "I8")
            if not any(one.invariant == invariant and one.dealer == dealer and order in one.what for one in found)
        ]

    def _is_injected(self, one: Finding) -> bool:
        if one.invariant == "I7":
            return any(f"holds {poison} " in one.what for poison in self.poison)
        return one.invariant in ("I1", "I8") and any(one.dealer == dealer and order in one.what for dealer, order in self.forged)


def check_invariants(fleet: Fleet) -> list[Finding]:
    """All that is asked of the tables, of every dealer."""
    with Books.open({name: database.url for name, database in fleet.databases.items()}) as books:
        return check(books, ALL)
