"""What must hold after a run: the invariants I1 to I7 (docs/promises.md), asked of the tables in SQL.

Written against the tables, not with the code that writes them; it fits ServiceLane's tables and those of the plain arms.
Every check answers a list of findings; an empty one is what is promised.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import amqp
import psycopg2

from bench.uris import amqp_arguments

MOST = 5
"""So many findings of one kind are told; a broken arm has thousands."""

KEYS = {
    "workshop": [("delivery", "dealer_id, work_order_id, revision"), ("idempotency", "dealer_id, principal, key")],
    "billing": [
        ("invoice", "dealer_id, work_order_id, payer, revision, kind"),
        ("share", "dealer_id, account_id, revision, payer"),
    ],
    "parts": [("deduction", "dealer_id, work_order_id, revision")],
    "crm": [("follow_up", "dealer_id, work_order_id, revision")],
}


class Ledger:
    """Reads the databases of one arm; `urls` are superusers' URLs by service."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls

    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """What a query answers in a service's database."""
        with closing(psycopg2.connect(self._urls[service])) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def has(self, service: str, table: str) -> bool:
        """Whether the service has such a table."""
        return bool(self.rows(service, f"SELECT to_regclass('{table}')")[0][0])

    def services(self) -> list[str]:
        """Whose databases there are."""
        return list(self._urls)


def violations(urls: Mapping[str, str], amqp_uri: str) -> list[str]:
    """Everything that does not hold, named by invariant."""
    ledger = Ledger(urls)
    checks: list[Callable[[Ledger], Iterator[str]]] = [
        each_effect_once, no_key_twice, stock_adds_up, numbers_have_no_gap, invoices_add_up, facts_are_announced, nothing_pending
    ]
    found = [f"I{number}: {finding}" for number, check in enumerate(checks, 1) for finding in _first(check(ledger))]
    return found + [f"I7: {finding}" for finding in _first(queues_are_empty(amqp_uri))]


def each_effect_once(ledger: Ledger) -> Iterator[str]:
    """I1: each delivery has one invoice per payer, one deduction of exactly what was installed, one follow-up, and only those."""
    expected: dict[str, Counter[Any]] = {"invoice": Counter(), "deduction": Counter(), "follow_up": Counter(), "moves": Counter()}
    for order, revision, settlement in ledger.rows(
        "workshop", "SELECT work_order_id::text, revision, settlement FROM delivery WHERE reversed_at IS NULL"
    ):
        expected["invoice"].update((order, revision, share["payer"]) for share in settlement["payers"])
        expected["deduction"][order, revision] += 1
        expected["follow_up"][order, revision] += 1
        for line in settlement["lines"]:
            if line["kind"] == "part":
                expected["moves"][order, line["part_number"]] += round(float(line["quantity"]) * 1000)
    found = {
        "invoice": ledger.rows("billing", "SELECT work_order_id::text, revision, payer, 1 FROM invoice WHERE kind = 'invoice'"),
        "deduction": ledger.rows("parts", "SELECT work_order_id::text, revision, 1 FROM deduction"),
        "follow_up": ledger.rows("crm", "SELECT work_order_id::text, revision, 1 FROM follow_up WHERE state <> 'cancelled'"),
        "moves": ledger.rows(
            "parts", "SELECT work_order_id::text, part_number, quantity_units FROM stock_move WHERE kind = 'deducted'"
        ),
    }
    for effect, rows in found.items():
        there: Counter[Any] = Counter()
        for row in rows:
            there[row[:-1]] += row[-1]
        yield from _differences(effect, expected[effect], there)


def no_key_twice(ledger: Ledger) -> Iterator[str]:
    """I2: no business key twice, with or without a constraint that says so."""
    for service, keys in KEYS.items():
        for table, key in keys:
            twice = ledger.rows(service, f"SELECT {key}, count(*) FROM {table} GROUP BY {key} HAVING count(*) > 1")
            yield from (f"{service}.{table} {row[:-1]} is there {row[-1]} times" for row in twice)


def stock_adds_up(ledger: Ledger) -> Iterator[str]:
    """I3: balances are the sums of their moves, reserved is what open reservations hold, nothing in the house is negative."""
    rows = ledger.rows("parts", """
        SELECT dealer_id, part_number, location, sum(moved), sum(kept) FROM (
            SELECT dealer_id, part_number, to_location AS location, quantity_units AS moved, 0 AS kept FROM stock_move
            UNION ALL SELECT dealer_id, part_number, from_location, -quantity_units, 0 FROM stock_move
            UNION ALL SELECT dealer_id, part_number, location, 0, quantity_units FROM stock_balance
        ) AS both_sides GROUP BY 1, 2, 3 HAVING sum(moved) <> sum(kept)""")
    yield from (f"{row[:3]} has moves of {row[3]} and a balance of {row[4]}" for row in rows)
    rows = ledger.rows("parts", """
        SELECT dealer_id, number, sum(held), sum(told) FROM (
            SELECT line.dealer_id, line.number, line.reserved_units AS held, 0 AS told FROM reservation_line AS line
            JOIN reservation ON reservation.dealer_id = line.dealer_id AND reservation.id = line.reservation_id
            WHERE reservation.state = 'open'
            UNION ALL SELECT dealer_id, part_number, 0, reserved_units FROM stock_balance
        ) AS both_sides GROUP BY 1, 2 HAVING sum(held) <> sum(told)""")
    yield from (f"{row[:2]} has {row[2]} reserved by orders and {row[3]} in the balance" for row in rows)
    rows = ledger.rows("parts", """
        SELECT dealer_id, part_number, location, quantity_units FROM stock_balance
        WHERE quantity_units < 0 AND location IN ('bin', 'wip', 'scrap', 'transit')""")
    yield from (f"{row[:3]} is negative: {row[3]}" for row in rows)


def numbers_have_no_gap(ledger: Ledger) -> Iterator[str]:
    """I4: per dealer, series and year the numbers are 1, 2, 3 … to the last one given out."""
    rows = ledger.rows("billing", """
        SELECT dealer_id, series, year, count(*), count(DISTINCT sequence_number), min(sequence_number), max(sequence_number)
        FROM invoice GROUP BY 1, 2, 3
        HAVING min(sequence_number) <> 1 OR max(sequence_number) <> count(*) OR count(DISTINCT sequence_number) <> count(*)""")
    yield from (f"{row[:3]} has {row[3]} invoices numbered {row[5]} to {row[6]}, {row[4]} different" for row in rows)


def invoices_add_up(ledger: Ledger) -> Iterator[str]:
    """I5: total = net + tax = the printed lines, and the payers' totals are the order's."""
    rows = ledger.rows("billing", """
        SELECT number, total_minor, net_minor, tax_minor, printed FROM invoice, LATERAL (
            SELECT round(sum((line -> 'gross' ->> 'amount')::numeric * 100)) AS printed FROM jsonb_array_elements(lines) AS line
        ) AS sums WHERE total_minor <> net_minor + tax_minor OR total_minor <> printed""")
    yield from (f"invoice {row[0]}: total {row[1]}, net {row[2]}, tax {row[3]}, lines {row[4]}" for row in rows)
    settled = ledger.rows("workshop", """
        SELECT work_order_id::text, revision, round((settlement -> 'total' ->> 'amount')::numeric * 100)::bigint FROM delivery
        WHERE reversed_at IS NULL""")
    billed = ledger.rows("billing", """
        SELECT work_order_id::text, revision, sum(total_minor)::bigint FROM invoice WHERE kind = 'invoice' GROUP BY 1, 2""")
    yield from _differences("billed", Counter({row[:2]: row[2] for row in settled}), Counter({row[:2]: row[2] for row in billed}))


def facts_are_announced(ledger: Ledger) -> Iterator[str]:
    """I6: each delivery, invoice, deduction and follow-up has its event, and each such event its row."""
    for service, table, subject, kind in (
        ("workshop", "delivery", "work_order_id", "workshop.work_order.delivered"),
        ("billing", "invoice", "id", "billing.invoice.issued"),
        ("parts", "deduction", "id", "parts.deduction.deducted"),
        ("crm", "follow_up", "id", "crm.follow_up.scheduled"),
    ):
        rows = ledger.rows(service, f"SELECT {subject}::text FROM {table}")
        events = ledger.rows(service, f"SELECT subject FROM outbox WHERE type = '{kind}'")
        yield from _differences(kind, Counter(row[0] for row in rows), Counter(row[0] for row in events))


def nothing_pending(ledger: Ledger) -> Iterator[str]:
    """I7, in the databases: every event is sent, no message is held."""
    for service in ledger.services():
        for table, which in (("outbox", "sent_at IS NULL"), ("held", "true")):
            if ledger.has(service, table):
                ((count,),) = ledger.rows(service, f"SELECT count(*) FROM {table} WHERE {which}")
                if count:
                    yield f"{count} in {service}'s {table}"


def queues_are_empty(amqp_uri: str) -> Iterator[str]:
    """I7, on the broker: no message is left in the queues of the three effects or their dead letters; consumers have gone."""
    with _channel(amqp_uri) as channel:
        for service, queue in (("billing", "issue_invoices"), ("parts", "deduct_stock"), ("crm", "schedule_follow_up")):
            for name in (f"{service}.{queue}", f"{service}.dead-letters"):
                left = channel.queue_declare(name, passive=True).message_count
                if left:
                    yield f"{left} messages in {name}"


@contextmanager
def _channel(amqp_uri: str) -> Iterator[Any]:
    with amqp.Connection(**amqp_arguments(amqp_uri)) as connection:
        yield connection.channel()


def _differences(what: str, expected: Counter[Any], found: Counter[Any]) -> Iterator[str]:
    if expected == found:
        return
    wrong: defaultdict[str, list[Any]] = defaultdict(list)
    for key in expected.keys() | found.keys():
        if expected[key] != found[key]:
            wrong["missing" if found[key] < expected[key] else "too many"].append((key, expected[key], found[key]))
    for kind, keys in wrong.items():
        yield f"{what}: {len(keys)} {kind}, for example {keys[0][0]}: {keys[0][2]} instead of {keys[0][1]}"


def _first(findings: Iterator[str]) -> list[str]:
    return [finding for finding, _ in zip(findings, range(MOST), strict=False)]
