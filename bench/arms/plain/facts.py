"""The facts of a delivered order as plain dictionaries: what the commands, events and documents of all plain arms say.

They have the shape of ServiceLane's facts (docs/events.md), so that bodies and rows are as long and one set of invariants fits.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

Row = dict[str, Any]
Envelope = dict[str, Any]

DELIVERY: Row = {"mileage": 52_000, "signature": {"means": "typed", "name": "Li Na"}}
"""What every client says at the delivery, besides the order."""
CURRENCY = "CNY"
TAX_PERCENT = 13
SUBSCRIBERS = {"workshop.work_order.delivered": ("billing.issue_invoices", "parts.deduct_stock", "crm.schedule_follow_up")}
"""Who takes which event: each of these is a queue."""


def money(minor: int) -> Row:
    """So much money as it travels."""
    return {"amount": f"{minor / 100:.2f}", "currency": CURRENCY}


def delivered_line(line: Row) -> Row:
    """A line of an order, from its row, as the customer accepts it."""
    return {
        "line_id": str(line["id"]),
        "number": line["number"],
        "kind": line["kind"],
        "description": line["description"],
        "operation_code": line["operation_code"],
        "hours": None if line["hours_units"] is None else f"{line['hours_units'] / 100:.2f}",
        "part_number": line["part_number"],
        "quantity": None if line["quantity_units"] is None else f"{line['quantity_units'] / 1000:.3f}",
        "amount": money(line["amount_minor"]),
        "shares": [{"payer": share["payer"], "amount": money(share["minor"])} for share in line["shares"]],
    }


def taxed(gross: int) -> Row:
    """An amount as it is printed, taken apart."""
    tax = round(gross * TAX_PERCENT / (100 + TAX_PERCENT))
    return {"amount": money(gross), "net": money(gross - tax), "tax": money(tax), "gross": money(gross)}


def settled_line(line: Row) -> Row:
    """The same line with its tax, as the settlement shows it."""
    shares = [{"payer": share["payer"], **taxed(share["minor"])} for share in line["shares"]]
    return {**delivered_line(line), **summed(shares), "shares": shares}


def summed(printed: list[Row]) -> Row:
    """The sum of what is printed."""
    return {name: money(sum(minor(one[name]) for one in printed)) for name in ("amount", "net", "tax", "gross")}


def settlement(order: Row, lines: list[Row], *, mileage: int, at: datetime) -> Row:
    """What is signed at the delivery; `order` and `lines` are rows."""
    owed: dict[str, list[Row]] = defaultdict(list)
    settled = [settled_line(line) for line in lines]
    kinds: dict[str, int] = defaultdict(int)
    for line in settled:
        kinds[line["kind"]] += minor(line["amount"])
        for share in line["shares"]:
            owed[share["payer"]].append(share)
    total = summed(settled)
    return {
        "work_order_id": str(order["id"]),
        "number": order["number"],
        "revision": order["revision"] + 1,
        "final": True,
        "currency": CURRENCY,
        "tax_mode": "inclusive",
        "tax_rate": str(TAX_PERCENT),
        "lines": settled,
        "declined": [],
        "labour": money(kinds["labour"]),
        "parts": money(kinds["part"]),
        "sublet": money(kinds["sublet"]),
        "total": total["amount"],
        "net": total["net"],
        "tax": total["tax"],
        "gross": total["gross"],
        "payers": [{"payer": payer, **summed(shares)} for payer, shares in owed.items()],
        "mileage": mileage,
        "accepted_by": order["customer"]["name"],
        "delivered_at": at.isoformat(),
    }


def untaxed(printed: Row) -> Row:
    """A line or a share as the event carries it."""
    return {name: value for name, value in printed.items() if name not in ("net", "tax", "gross")}


def delivered(order: Row, signed: Row) -> Envelope:
    """The event that sets off the three effects."""
    taken = (
        "work_order_id",
        "number",
        "revision",
        "mileage",
        "currency",
        "tax_mode",
        "tax_rate",
        "declined",
        "accepted_by",
        "delivered_at",
    )
    lines = [{**untaxed(line), "shares": [untaxed(share) for share in line["shares"]]} for line in signed["lines"]]
    data = {name: signed[name] for name in taken} | {
        "lines": lines,
        "customer": order["customer"],
        "vehicle": order["vehicle"],
        "advisor": order["advisor"],
    }
    return envelope(
        "workshop.work_order.delivered",
        order["dealer_id"],
        data,
        subject=str(order["id"]),
        sequence=order["version"] + 1,
        visit=str(order["visit_id"]),
    )


def envelope(
    kind: str, dealer: str, data: Row, *, subject: str, sequence: int = 1, visit: str, cause: str | None = None
) -> Envelope:
    """An event with who caused it."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"servicelane/{kind.partition('.')[0]}",
        "type": kind,
        "subject": subject,
        "time": datetime.now(UTC).isoformat(),
        "datacontenttype": "application/json",
        "sequence": sequence,
        "schemaversion": 1,
        "dealerid": dealer,
        "correlationid": visit,
        "causationid": cause,
        "actor": "bench",
        "data": data,
    }


def caused(by: Envelope, kind: str, data: Row, *, subject: str) -> Envelope:
    """An event that is the effect of another one."""
    return envelope(kind, by["dealerid"], data, subject=subject, visit=by["correlationid"], cause=by["id"])


def outbox_row(event: Envelope) -> tuple[Any, ...]:
    """A row of the outbox, in the order of `OUTBOX_COLUMNS`."""
    return (
        event["id"],
        event["dealerid"],
        event["type"],
        event["subject"],
        event["sequence"],
        event["correlationid"],
        event["time"],
        event["type"] in SUBSCRIBERS,
        json.dumps(event, ensure_ascii=False, separators=(",", ":")),
    )


OUTBOX_COLUMNS = "id, dealer_id, type, subject, sequence, correlation_id, time, mandatory, envelope"


def minor(amount: Row) -> int:
    """Money in minor units."""
    return round(float(amount["amount"]) * 100)


def bills(data: Row) -> dict[str, Row]:
    """What each payer of a delivered order is billed: printed lines and their sums in minor units."""
    found: dict[str, Row] = {}
    for line in data["lines"]:
        for share in line["shares"]:
            bill = found.setdefault(share["payer"], {"lines": [], "net": 0, "tax": 0, "gross": 0})
            amounts = {name: value for name, value in taxed(minor(share["amount"])).items() if name != "amount"}
            for name, value in amounts.items():
                bill[name] += minor(value)
            printed = {
                name: line[name]
                for name in ("number", "kind", "description", "operation_code", "hours", "part_number", "quantity")
            }
            bill["lines"].append(printed | amounts)
    return found


def invoice_issued(event: Envelope, invoice_id: str, number: str, payer: str, bill: Row) -> Envelope:
    """billing's own fact."""
    data = event["data"]
    return caused(
        event,
        "billing.invoice.issued",
        {
            "invoice_id": invoice_id,
            "number": number,
            "work_order_id": data["work_order_id"],
            "revision": data["revision"],
            "payer": payer,
            "net": money(bill["net"]),
            "tax": money(bill["tax"]),
            "total": money(bill["gross"]),
        },
        subject=invoice_id,
    )


def installed(data: Row) -> list[tuple[str, str, int]]:
    """(line, part number, thousandths) of what is on the car."""
    return [
        (line["line_id"], line["part_number"], round(float(line["quantity"]) * 1000))
        for line in data["lines"]
        if line["kind"] == "part"
    ]


def deducted_line(line: str, number: str, units: int, before: int) -> Row:
    """One part of a deduction, with the stock before and after, in thousandths."""
    return {
        "line_id": line,
        "part_number": number,
        "quantity": f"{units / 1000:.3f}",
        "on_hand_before": f"{before / 1000:.3f}",
        "on_hand_after": f"{(before - units) / 1000:.3f}",
        "short": "0.000",
    }


def stock_deducted(event: Envelope, deduction_id: str, lines: list[Row]) -> Envelope:
    """parts' own fact."""
    data = event["data"]
    return caused(
        event,
        "parts.deduction.deducted",
        {
            "work_order_id": data["work_order_id"],
            "revision": data["revision"],
            "deductions": lines,
            "deducted_at": datetime.now(UTC).isoformat(),
        },
        subject=deduction_id,
    )


def follow_up_times(data: Row) -> tuple[datetime, datetime, datetime]:
    """When to call, before when it is due, from when it is breached."""
    day = datetime.fromisoformat(data["delivered_at"]).replace(hour=2, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1), day + timedelta(days=3), day + timedelta(days=4)


def follow_up_scheduled(event: Envelope, follow_up_id: str, times: tuple[datetime, datetime, datetime]) -> Envelope:
    """crm's own fact."""
    planned, due, breach = (time.isoformat() for time in times)
    return caused(
        event,
        "crm.follow_up.scheduled",
        {
            "follow_up_id": follow_up_id,
            "work_order_id": event["data"]["work_order_id"],
            "revision": event["data"]["revision"],
            "planned_at": planned,
            "due_at": due,
            "breach_at": breach,
        },
        subject=follow_up_id,
    )
