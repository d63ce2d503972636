"""What the processes of F1 and F2 do: the delivery and its three effects, in raw psycopg2."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from psycopg2.extras import Json, execute_values

from bench.arms.plain import facts


def deliver(cursor: Any, wanted: list[Any]) -> None:
    """The command: idempotency record, order, delivery, outbox, in the caller's transaction."""
    at = datetime.now(UTC)
    chosen = [[dealer for dealer, _, _ in wanted], [identity for _, identity, _ in wanted]]
    cursor.execute(
        "SELECT * FROM work_order WHERE (dealer_id, id) IN (SELECT * FROM unnest(%s::text[], %s::uuid[])) FOR UPDATE", chosen
    )
    orders = cursor.fetchall()
    known = [order for order in orders if order["status"] != "ready"]
    if known:
        cursor.execute("SELECT key FROM idempotency WHERE key = ANY(%s)", [[order["id"] for order in known]])
        if len(cursor.fetchall()) < len(known):
            raise ValueError(f"{known[0]['id']} cannot be delivered")
        orders = [order for order in orders if order["status"] == "ready"]
        if not orders:
            return
    cursor.execute(
        "SELECT * FROM order_line WHERE (dealer_id, work_order_id) IN (SELECT * FROM unnest(%s::text[], %s::uuid[])) "
        "ORDER BY number",
        chosen,
    )
    lines = defaultdict(list)
    for line in cursor.fetchall():
        lines[line["work_order_id"]].append(line)
    done = []
    for order in orders:
        signed = facts.settlement(order, lines[order["id"]], mileage=52_000, at=at)
        done.append((order, signed, facts.delivered(order, signed)))
    execute_values(
        cursor,
        "UPDATE work_order SET status = 'delivered', version = version + 1, revision = revision + 1, mileage = 52000, "
        "delivered_at = now() FROM (VALUES %s) AS done (dealer, id) WHERE dealer_id = dealer AND work_order.id = done.id::uuid",
        [(order["dealer_id"], order["id"]) for order, _, _ in done],
    )
    execute_values(
        cursor,
        "INSERT INTO delivery (dealer_id, id, work_order_id, revision, settlement) VALUES %s",
        [(order["dealer_id"], str(uuid4()), order["id"], 1, Json(signed)) for order, signed, _ in done],
    )
    announce(cursor, [event for _, _, event in done])
    execute_values(
        cursor,
        "INSERT INTO idempotency (dealer_id, principal, key, request_hash, answer) VALUES %s",
        [(order["dealer_id"], "bench", order["id"], order["id"].replace("-", ""), Json(signed)) for order, signed, _ in done],
    )


def announce(cursor: Any, events: list[facts.Envelope]) -> None:
    """Write facts to the outbox."""
    execute_values(cursor, f"INSERT INTO outbox ({facts.OUTBOX_COLUMNS}) VALUES %s", map(facts.outbox_row, events))


def issue_invoices(cursor: Any, events: list[facts.Envelope]) -> list[facts.Envelope]:
    """billing: gapless numbers, an invoice per payer, the account and what each payer owes."""
    billed = [(event, payer, bill) for event in events for payer, bill in facts.bills(event["data"]).items()]
    wanted = Counter(event["dealerid"] for event, _, _ in billed)
    execute_values(
        cursor,
        "UPDATE number_series SET last = last + many FROM (VALUES %s) AS wanted (dealer, many) "
        "WHERE dealer_id = dealer AND series = 'INV' AND year = 2026 RETURNING dealer_id, last",
        sorted(wanted.items()),
        page_size=len(wanted),
    )
    numbers = {dealer: last - wanted[dealer] for dealer, last in cursor.fetchall()}
    invoices, accounts, shares, announced = [], [], [], []
    for event, payer, bill in billed:
        dealer, data = event["dealerid"], event["data"]
        numbers[dealer] += 1
        identity, number = str(uuid4()), f"INV-2026-{numbers[dealer]:06d}"
        invoices.append(
            (
                dealer,
                identity,
                "invoice",
                "INV",
                2026,
                numbers[dealer],
                number,
                data["work_order_id"],
                data["number"],
                data["revision"],
                payer,
                Json(data["customer"]),
                Json(data["vehicle"]),
                datetime.now(UTC),
                data["currency"],
                bill["net"],
                bill["tax"],
                bill["gross"],
                Json({"lines": bill["lines"]}),
            )
        )
        shares.append((dealer, str(uuid4()), data["work_order_id"], data["revision"], payer, identity, bill["gross"]))
        announced.append(facts.invoice_issued(event, identity, number, payer, bill))
    for event in events:
        data = event["data"]
        customer = data["customer"]["customer_id"]
        accounts.append((event["dealerid"], data["work_order_id"], 1, data["number"], customer, data["currency"]))
    execute_values(cursor, "INSERT INTO order_account VALUES %s", accounts)
    execute_values(cursor, "INSERT INTO invoice VALUES %s", invoices)
    execute_values(cursor, "INSERT INTO share VALUES %s", shares)
    return announced


def deduct_stock(cursor: Any, events: list[facts.Envelope]) -> list[facts.Envelope]:
    """parts: what was issued goes from work in progress to the customer; moves, balances, reservation, deduction."""
    orders = [event["data"]["work_order_id"] for event in events]
    dealers = [event["dealerid"] for event in events]
    cursor.execute(
        "UPDATE reservation SET state = 'delivered', version = version + 1 WHERE (dealer_id, work_order_id) IN "
        "(SELECT * FROM unnest(%s::text[], %s::uuid[])) RETURNING dealer_id, id",
        [dealers, orders],
    )
    reservations = cursor.fetchall()
    execute_values(
        cursor,
        "UPDATE reservation_line SET issued_units = 0 FROM (VALUES %s) AS done (dealer, id) "
        "WHERE dealer_id = dealer AND reservation_id = done.id::uuid",
        reservations,
    )
    taken = [(event, *part) for event in events for part in facts.installed(event["data"])]
    keys = sorted({(event["dealerid"], number) for event, _, number, _ in taken})
    cursor.execute(
        "SELECT dealer_id, part_number, location, quantity_units FROM stock_balance WHERE (dealer_id, part_number) IN "
        "(SELECT * FROM unnest(%s::text[], %s::text[])) ORDER BY 1, 2, 3 FOR UPDATE",
        [[key[0] for key in keys], [key[1] for key in keys]],
    )
    balances = {row[:3]: row[3] for row in cursor.fetchall()}
    lines, moves = defaultdict(list), []
    now = datetime.now(UTC)
    deductions = {event["id"]: str(uuid4()) for event in events}
    for event, line, number, units in taken:
        dealer, order = event["dealerid"], event["data"]["work_order_id"]
        before = balances[dealer, number, "bin"] + balances[dealer, number, "wip"]
        balances[dealer, number, "wip"] -= units
        balances[dealer, number, "customer"] += units
        document = deductions[event["id"]]
        moves.append((dealer, str(uuid4()), "deducted", number, units, "wip", "customer", document, order, line, now, "bench"))
        lines[event["id"]].append(facts.deducted_line(line, number, units, before))
    execute_values(cursor, "INSERT INTO stock_move VALUES %s", moves)
    execute_values(
        cursor,
        "UPDATE stock_balance SET quantity_units = units FROM (VALUES %s) AS now (dealer, number, place, units) "
        "WHERE dealer_id = dealer AND part_number = number AND location = place",
        [(*key, units) for key, units in balances.items() if key[2] != "bin"],
        page_size=1000,
    )
    execute_values(
        cursor,
        "INSERT INTO deduction VALUES %s",
        [
            (
                event["dealerid"],
                deductions[event["id"]],
                event["data"]["work_order_id"],
                event["data"]["revision"],
                Json(lines[event["id"]]),
                now,
            )
            for event in events
        ],
    )
    return [facts.stock_deducted(event, deductions[event["id"]], lines[event["id"]]) for event in events]


def schedule_follow_ups(cursor: Any, events: list[facts.Envelope]) -> list[facts.Envelope]:
    """crm: the follow-up and what the odometer showed."""
    follow_ups, readings, announced = [], [], []
    for event in events:
        dealer, data, identity = event["dealerid"], event["data"], str(uuid4())
        times = facts.follow_up_times(data)
        follow_ups.append(
            (
                dealer,
                identity,
                1,
                "scheduled",
                data["work_order_id"],
                data["number"],
                data["revision"],
                Json(data["customer"]),
                Json(data["vehicle"]),
                data["delivered_at"],
                *times,
            )
        )
        readings.append(
            (
                dealer,
                str(uuid4()),
                data["vehicle"]["vehicle_id"],
                data["delivered_at"],
                data["mileage"],
                data["work_order_id"],
            )
        )
        announced.append(facts.follow_up_scheduled(event, identity, times))
    execute_values(cursor, "INSERT INTO follow_up VALUES %s", follow_ups)
    execute_values(cursor, "INSERT INTO mileage_reading VALUES %s", readings)
    return announced
