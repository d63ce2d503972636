"""What is delivered: at which dealers, orders of which lines, and how often a client repeats itself."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Payer = Literal["customer_pay", "warranty"]


@dataclass(frozen=True)
class Order:
    """An order that is ready to be delivered; `version` is its ETag."""

    dealer: str
    id: str
    version: int


@dataclass(frozen=True)
class Line:
    """A line of an order; money in minor units, quantity in thousandths, hours in hundredths."""

    kind: Literal["labour", "part", "sublet"]
    description: str
    amount_minor: int
    payer: Payer = "customer_pay"
    operation_code: str | None = None
    hours_units: int | None = None
    part_number: str | None = None
    quantity_units: int | None = None

    def shares(self) -> list[dict[str, Any]]:
        """Who pays it."""
        return [{"payer": self.payer, "minor": self.amount_minor}]


def _labour(code: str, hours_units: int, payer: Payer = "customer_pay") -> Line:
    return Line("labour", f"Operation {code}", hours_units * 180, payer, operation_code=code, hours_units=hours_units)


def _part(number: str, pieces: int, each_minor: int, payer: Payer = "customer_pay") -> Line:
    return Line("part", f"Part {number}", pieces * each_minor, payer, part_number=number, quantity_units=pieces * 1000)


THREE_LINES: Final = (_labour("BRAKE-F", 150), _part("PAD", 2, 19999), _part("WIPER", 1, 4500))
FIVE_LINES: Final = (
    *THREE_LINES,
    _part("SENSOR", 1, 23900, "warranty"),
    Line("sublet", "Wheel alignment", 8000),
)


@dataclass(frozen=True)
class Mix:
    """One mix of load: each order is like one of the templates, in turn.

    `repeats` is the share of commands that the client sends twice, under the same idempotency key.
    """

    name: str
    title: str
    dealers: tuple[str, ...]
    lines: tuple[Line, ...] = THREE_LINES
    repeats: float = 0.0
    templates: int = 50

    def template(self, number: int) -> int:
        """Which template the order with this number is like."""
        return number % self.templates

    def dealer(self, number: int) -> str:
        """The dealer of the order with this number, or of the template."""
        return self.dealers[self.template(number) % len(self.dealers)]


HUNDRED_DEALERS = tuple(f"dealer-{number:02d}" for number in range(100))
FIFTY_DEALERS = HUNDRED_DEALERS[:50]

MIXES = {
    mix.name: mix
    for mix in (
        Mix("dealers", "50 dealers", FIFTY_DEALERS),
        Mix("hot", "one hot dealer", FIFTY_DEALERS[:1]),
        Mix("ten", "10 dealers", FIFTY_DEALERS[:10]),
        Mix("hundred", "100 dealers", HUNDRED_DEALERS, templates=100),
        Mix("five-lines", "5-line orders, two payers", FIFTY_DEALERS, FIVE_LINES),
        Mix("repeats", "10 % of commands sent twice", FIFTY_DEALERS, repeats=0.1),
    )
}
