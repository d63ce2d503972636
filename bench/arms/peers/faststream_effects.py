"""What the services of P2 do: the delivery and its three effects, with asyncpg."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
from pydantic import BaseModel

from bench.arms.plain import facts

Row = dict[str, Any]

Effect = Callable[[asyncpg.Connection, "Envelope"], Awaitable[list[facts.Envelope]]]


class DeliverWorkOrder(BaseModel):
    """The command."""

    dealer: str
    work_order_id: str
    mileage: int
    signature: Row
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
