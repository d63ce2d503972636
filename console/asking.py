"""What is put before the customer: the estimate that waits for a decision, and the sum they decide on."""

from collections.abc import Container, Iterable
from decimal import Decimal
from typing import Any

from console.desk import Desk

UNDECIDED = ("open", "dispatched", "in_progress", "on_hold")
"""While an order is in one of these, lines are quoted and decided on."""


def waits(one: dict[str, Any]) -> bool:
    """Whether something of the order waits for its customer's decision."""
    return one["status"] in UNDECIDED and any(line["state"] == "quoted" for line in one["lines"])


def asked_of(desk: Desk, one: dict[str, Any], newest: dict[str, Any] | None) -> dict[str, Any] | None:
    """The estimate that waits for a decision: mostly the newest, but additional work may be decided before what came first."""
    version = max((line["estimate_version"] for line in one["lines"] if line["state"] == "quoted"), default=None)
    if version is None or newest is None or newest["estimate_version"] == version:
        return newest
    found: dict[str, Any] = desk.get(f"/work-orders/{one['id']}/estimate", estimate_version=version)
    return found


def undecided(one: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """What of an estimate is still to be decided, and the customer's share of that: who signs below a sum signs for that sum."""
    return of_lines(asked, {line["line_id"] for line in one["lines"] if line["state"] == "quoted"})


def of_lines(asked: dict[str, Any], line_ids: Container[str]) -> dict[str, Any]:
    """What some lines of an estimate come to, and the customer's share of that."""
    lines = [line for line in asked["lines"] if line["line_id"] in line_ids]
    own = [share for line in lines for share in line["shares"] if share["payer"] == "customer_pay"]
    return {"gross": _sum(lines, asked["currency"]), "own": _sum(own, asked["currency"])}


def _sum(several: Iterable[dict[str, Any]], currency: str) -> dict[str, str]:
    return {"amount": str(sum((Decimal(one["gross"]["amount"]) for one in several), Decimal())), "currency": currency}
