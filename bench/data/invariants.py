"""What must hold after a run: the invariants of a deployment (servicelane/invariants), and that no queue holds anything.

The plain arms' tables have the names and columns that the checks below read; all others ask for what only ServiceLane has.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby, islice

import amqp

from bench.data.uris import amqp_arguments
from servicelane.invariants import ALL, Books, Finding, check
from servicelane.invariants.calls import calls
from servicelane.invariants.checks import Check, events, numbers, totals
from servicelane.invariants.clocks import clocks
from servicelane.invariants.deliveries import deliveries
from servicelane.invariants.loans import loans
from servicelane.invariants.projections import projections
from servicelane.invariants.special_orders import special_orders
from servicelane.invariants.stock import stock

MOST = 5
"""So many findings of one kind are given; a broken arm has thousands."""

QUEUES = {"billing": "issue_invoices", "parts": "deduct_stock", "crm": "schedule_follow_up"}


def nothing_unsent(books: Books, dealer: str) -> Iterator[Finding]:
    """I7 of the plain arms, which hold no messages: every event is sent."""
    for service in books.services:
        for row in books.rows(service, "SELECT id, type FROM outbox WHERE dealer_id = :dealer AND sent_at IS NULL"):
            yield Finding("I7", dealer, f"{service} has not sent {row['type']} {row['id']}")


OURS: tuple[Check, ...] = tuple(one for one in ALL if one not in (projections, clocks, calls, loans, special_orders))
"""What is left out asks booking, which does not run; no delivery changes any of it."""

PLAIN: tuple[Check, ...] = (deliveries, stock, numbers, totals, events, nothing_unsent)
"""Their business keys are constraints of the same tables (bench/arms/plain/schema.sql)."""


def violations(urls: Mapping[str, str], amqp_uri: str, checks: tuple[Check, ...]) -> list[str]:
    """Everything that does not hold, named by invariant; `urls` are superusers' URLs by service."""
    with Books.open({service: url.replace("postgresql:", "postgresql+psycopg2:") for service, url in urls.items()}) as books:
        dealers = [row["dealer_id"] for row in books.rows("workshop", "SELECT DISTINCT dealer_id FROM work_order")]
        found = [finding for dealer in dealers for finding in check(books, checks, dealer=dealer)]
    found.sort(key=lambda finding: finding.invariant)
    given = [one for _, kind in groupby(found, lambda finding: finding.invariant) for one in islice(kind, MOST)]
    return [f"{one.invariant} {one.dealer}: {one.what}" for one in given] + list(_left_in_queues(amqp_uri))


def _left_in_queues(amqp_uri: str) -> Iterator[str]:
    """I7, on the broker: what is left in the queues of the three effects or their dead letters when the consumers have gone."""
    with amqp.Connection(**amqp_arguments(amqp_uri)) as connection:
        channel = connection.channel()
        for service, queue in QUEUES.items():
            for name in (f"{service}.{queue}", f"{service}.dead-letters"):
                left = channel.queue_declare(name, passive=True).message_count
                if left:
                    yield f"I7: {left} messages in {name}"
