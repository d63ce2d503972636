"""P2: FastStream and asyncpg with the same outbox, inbox, idempotency record and business keys: the well-made peer.

    python -m bench.peers.faststream_services workshop|billing|parts|crm      # DATABASE_URL, AMQP_URI

One message is one transaction, up to PREFETCH of them at once; the outbox is relayed in batches, confirms awaited together.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from pydantic import BaseModel

from bench.plain import facts
from bench.plain.seeding import QUEUE_ARGUMENTS

CONNECTIONS = 10
PREFETCH = 10
RELAY_BATCH = 200
IDLE_SECONDS = 0.2
DOOR = RabbitQueue("workshop.deliver_work_order", durable=True)

Row = dict[str, Any]
Effect = Callable[[asyncpg.Connection, "Envelope"], Awaitable[list[facts.Envelope]]]


class DeliverWorkOrder(BaseModel):
    """The command."""

    dealer: str
    work_order_id: str
    mileage: int
    accepted_by: str
    idempotency_key: str


class Envelope(BaseModel):
    """An event."""

    id: str
    type: str
    subject: str
    sequence: int
    dealerid: str
    correlationid: str
    data: Row


class Node:
    """One service: broker, pool and relay."""

    def __init__(self) -> None:
        self.broker = RabbitBroker(
            os.environ["AMQP_URI"], default_channel=Channel(prefetch_count=PREFETCH, on_return_raises=True), logger=None
        )
        self.woken = asyncio.Event()

    async def start(self) -> None:
        """Connect everything."""
        self.pool = await asyncpg.create_pool(
            os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS, init=_json_columns
        )
        await self.broker.start()
        self.relaying = asyncio.create_task(self._relay())

    async def _relay(self) -> None:
        exchanges: dict[str, RabbitExchange] = {}
        while True:
            self.woken.clear()
            rows = await self.pool.fetch(
                "SELECT position, id, type, envelope, mandatory FROM outbox WHERE sent_at IS NULL ORDER BY position LIMIT $1",
                RELAY_BATCH,
            )
            if not rows:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.woken.wait(), IDLE_SECONDS)
                continue
            sending = []
            for row in rows:
                publisher, _, key = row["type"].partition(".")
                exchange = exchanges.setdefault(publisher, _exchange(publisher))
                sending.append(
                    self.broker.publish(
                        row["envelope"].encode(),
                        exchange=exchange,
                        routing_key=key,
                        mandatory=row["mandatory"],
                        persist=True,
                        message_id=str(row["id"]),
                        content_type="application/json",
                    )
                )
            await asyncio.gather(*sending)
            sent = [row["position"] for row in rows]
            await self.pool.execute("UPDATE outbox SET sent_at = now() WHERE position = ANY($1)", sent)

    def serve_door(self) -> None:
        """Take the command."""

        @self.broker.subscriber(DOOR)
        async def deliver_work_order(command: DeliverWorkOrder) -> Row:
            async with self.pool.acquire() as connection, connection.transaction():
                answer = await deliver(connection, command)
            self.woken.set()
            return answer

    def subscribe(self, queue: str, effect: Effect) -> None:
        """Take an event, with the inbox."""
        arguments: Any = {**QUEUE_ARGUMENTS, "x-dead-letter-exchange": f"{queue.partition('.')[0]}.dead"}
        bound = RabbitQueue(
            queue, queue_type=QueueType.QUORUM, durable=True, routing_key="work_order.delivered", arguments=arguments
        )

        @self.broker.subscriber(bound, _exchange("workshop"))
        async def handle(event: Envelope) -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                new = await connection.fetchval(
                    "INSERT INTO inbox (subscriber, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
                    queue,
                    event.id,
                )
                if new:
                    await announce(connection, await effect(connection, event))
            self.woken.set()


def _exchange(publisher: str) -> RabbitExchange:
    return RabbitExchange(f"{publisher}.events", type=ExchangeType.TOPIC, durable=True)


async def _json_columns(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def insert(connection: asyncpg.Connection, table: str, rows: list[Row]) -> None:
    """Insert rows that have the same columns."""
    columns = list(rows[0])
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    await connection.executemany(statement, [tuple(row.values()) for row in rows])


async def announce(connection: asyncpg.Connection, events: list[facts.Envelope]) -> None:
    """Write facts to the outbox."""
    names = facts.OUTBOX_COLUMNS.split(", ")
    rows = [dict(zip(names, facts.outbox_row(event), strict=True)) for event in events]
    await insert(connection, "outbox", [{**row, "time": datetime.fromisoformat(row["time"])} for row in rows])


async def deliver(connection: asyncpg.Connection, command: DeliverWorkOrder) -> Row:
    """The command: idempotency record, order, delivery, outbox."""
    key = command.dealer, "bench", command.idempotency_key
    claimed = await connection.fetchval(
        "INSERT INTO idempotency (dealer_id, principal, key, request_hash) VALUES ($1, $2, $3, $3) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        *key,
    )
    if not claimed:
        answer: Row = await connection.fetchval(
            "SELECT answer FROM idempotency WHERE (dealer_id, principal, key) = ($1, $2, $3)", *key
        )
        return answer
    identity = command.dealer, command.work_order_id
    order = await connection.fetchrow("SELECT * FROM work_order WHERE dealer_id = $1 AND id = $2 FOR UPDATE", *identity)
    if order is None or order["status"] != "ready":
        raise ValueError(f"order {command.work_order_id} cannot be delivered")
    lines = await connection.fetch(
        "SELECT * FROM order_line WHERE dealer_id = $1 AND work_order_id = $2 ORDER BY number", *identity
    )
    at = datetime.now(UTC)
    signed = facts.settlement(dict(order), [dict(line) for line in lines], mileage=command.mileage, at=at)
    await connection.execute(
        "UPDATE work_order SET status = 'delivered', version = version + 1, revision = revision + 1, mileage = $3, "
        "delivered_at = $4 WHERE dealer_id = $1 AND id = $2",
        *identity,
        command.mileage,
        at,
    )
    await insert(
        connection,
        "delivery",
        [
            {
                "dealer_id": command.dealer,
                "id": uuid4(),
                "work_order_id": command.work_order_id,
                "revision": signed["revision"],
                "settlement": signed,
            }
        ],
    )
    await announce(connection, [facts.delivered(dict(order), signed)])
    await connection.execute("UPDATE idempotency SET answer = $4 WHERE (dealer_id, principal, key) = ($1, $2, $3)", *key, signed)
    return signed


async def issue_invoices(connection: asyncpg.Connection, event: Envelope) -> list[facts.Envelope]:
    """billing."""
    dealer, data, caused_by = event.dealerid, event.data, event.model_dump()
    bills = facts.bills(data)
    last = await connection.fetchval(
        "UPDATE number_series SET last = last + $2 WHERE dealer_id = $1 AND series = 'INV' AND year = 2026 RETURNING last",
        dealer,
        len(bills),
    )
    order = {"work_order_number": data["number"]}
    await insert(
        connection,
        "order_account",
        [
            {
                "dealer_id": dealer,
                "id": data["work_order_id"],
                "version": 1,
                **order,
                "customer_id": data["customer"]["customer_id"],
                "currency": data["currency"],
            }
        ],
    )
    invoices, shares, issued = [], [], []
    for number, (payer, bill) in enumerate(bills.items(), last - len(bills) + 1):
        identity, printed = str(uuid4()), f"INV-2026-{number:06d}"
        invoices.append(
            {
                "dealer_id": dealer,
                "id": identity,
                "kind": "invoice",
                "series": "INV",
                "year": 2026,
                "sequence_number": number,
                "number": printed,
                "work_order_id": data["work_order_id"],
                **order,
                "revision": data["revision"],
                "payer": payer,
                "customer": data["customer"],
                "vehicle": data["vehicle"],
                "issued_at": datetime.now(UTC),
                "currency": data["currency"],
                "net_minor": bill["net"],
                "tax_minor": bill["tax"],
                "total_minor": bill["gross"],
                "document": {"lines": bill["lines"]},
            }
        )
        shares.append(
            {
                "dealer_id": dealer,
                "id": uuid4(),
                "account_id": data["work_order_id"],
                "revision": data["revision"],
                "payer": payer,
                "invoice_id": identity,
                "total_minor": bill["gross"],
            }
        )
        issued.append(facts.invoice_issued(caused_by, identity, printed, payer, bill))
    await insert(connection, "invoice", invoices)
    await insert(connection, "share", shares)
    return issued


async def deduct_stock(connection: asyncpg.Connection, event: Envelope) -> list[facts.Envelope]:
    """parts."""
    dealer, data, identity, now = event.dealerid, event.data, str(uuid4()), datetime.now(UTC)
    order, taken = data["work_order_id"], facts.installed(data)
    reservation = await connection.fetchval(
        "UPDATE reservation SET state = 'delivered', version = version + 1 WHERE dealer_id = $1 AND work_order_id = $2 "
        "RETURNING id",
        dealer,
        order,
    )
    await connection.execute(
        "UPDATE reservation_line SET issued_units = 0 WHERE dealer_id = $1 AND reservation_id = $2", dealer, reservation
    )
    rows = await connection.fetch(
        "SELECT part_number, location, quantity_units FROM stock_balance WHERE dealer_id = $1 AND part_number = ANY($2) "
        "ORDER BY 1, 2 FOR UPDATE",
        dealer,
        [number for _, number, _ in taken],
    )
    balances = {(row["part_number"], row["location"]): row["quantity_units"] for row in rows}
    moves, lines = [], []
    for line, number, units in taken:
        lines.append(facts.deducted_line(line, number, units, balances[number, "bin"] + balances[number, "wip"]))
        balances[number, "wip"] -= units
        balances[number, "customer"] += units
        moves.append(
            {
                "dealer_id": dealer,
                "id": uuid4(),
                "kind": "deducted",
                "part_number": number,
                "quantity_units": units,
                "from_location": "wip",
                "to_location": "customer",
                "document_id": identity,
                "work_order_id": order,
                "line_id": line,
                "moved_at": now,
                "moved_by": "bench",
            }
        )
    await insert(connection, "stock_move", moves)
    await connection.executemany(
        "UPDATE stock_balance SET quantity_units = $4 WHERE dealer_id = $1 AND part_number = $2 AND location = $3",
        [(dealer, *key, units) for key, units in balances.items() if key[1] != "bin"],
    )
    await insert(
        connection,
        "deduction",
        [
            {
                "dealer_id": dealer,
                "id": identity,
                "work_order_id": order,
                "revision": data["revision"],
                "lines": lines,
                "deducted_at": now,
            }
        ],
    )
    return [facts.stock_deducted(event.model_dump(), identity, lines)]


async def schedule_follow_up(connection: asyncpg.Connection, event: Envelope) -> list[facts.Envelope]:
    """crm."""
    dealer, data, identity = event.dealerid, event.data, str(uuid4())
    planned, due, breach = times = facts.follow_up_times(data)
    delivered_at = datetime.fromisoformat(data["delivered_at"])
    await insert(
        connection,
        "follow_up",
        [
            {
                "dealer_id": dealer,
                "id": identity,
                "version": 1,
                "state": "scheduled",
                "work_order_id": data["work_order_id"],
                "work_order_number": data["number"],
                "revision": data["revision"],
                "customer": data["customer"],
                "vehicle": data["vehicle"],
                "delivered_at": delivered_at,
                "planned_at": planned,
                "due_at": due,
                "breach_at": breach,
            }
        ],
    )
    await insert(
        connection,
        "mileage_reading",
        [
            {
                "dealer_id": dealer,
                "id": uuid4(),
                "vehicle_id": data["vehicle"]["vehicle_id"],
                "at": delivered_at,
                "mileage": data["mileage"],
                "work_order_id": data["work_order_id"],
            }
        ],
    )
    return [facts.follow_up_scheduled(event.model_dump(), identity, times)]


EFFECTS: dict[str, tuple[str, Effect]] = {
    "billing": ("billing.issue_invoices", issue_invoices),
    "parts": ("parts.deduct_stock", deduct_stock),
    "crm": ("crm.schedule_follow_up", schedule_follow_up),
}


async def serve(role: str) -> None:
    """Run one service until the harness ends the process."""
    node = Node()
    if role == "workshop":
        node.serve_door()
    else:
        node.subscribe(*EFFECTS[role])
    await node.start()
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    await node.relaying


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
