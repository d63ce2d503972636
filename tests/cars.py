"""Cars for visits: chassis numbers with the right check digit, each once, and parts for all of them."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from servicelane.dealership import STOCK, Dealership
from servicelane.visit import CUSTOMER, Visit

_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_next = count(200_000)


def vin() -> str:
    """The next one."""
    plain = f"LSVAA49J0VC{next(_next):06d}"
    rest = sum(_VALUES[letter] * weight for letter, weight in zip(plain, _WEIGHTS, strict=True)) % 11
    return f"{plain[:8]}{'X' if rest == 10 else rest}{plain[9:]}"


def stocked(at: Dealership) -> Dealership:
    """The dealer with parts for a few hundred visits."""
    cost = {"amount": "30.00", "currency": "CNY"}
    lines = [{"part_number": number, "quantity": "2000", "unit_cost": cost} for number in STOCK]
    at.clerk.post("/stock/receipts", {"reference": f"FOR-{next(_next)}", "supplier": "the factory", "lines": lines})
    return at


def brought(at: Dealership, so_far: str, customer: Mapping[str, str] = CUSTOMER) -> dict[str, Any]:
    """The order, or the appointment, of a new car whose visit has come so far."""
    number = vin()
    visit = Visit(at, vin=number, plate=f"沪A·{number[-5:]}", customer=customer)
    for step in visit.steps():
        if step == so_far:
            break
    return visit.order or visit.appointment


def unwashed(at: Dealership, order: dict[str, Any]) -> dict[str, Any]:
    """The order, whose customer has no time for the wash."""
    at.advisor.post(f"/work-orders/{order['id']}/wash/skip", {"reason": "no time"})
    return order
