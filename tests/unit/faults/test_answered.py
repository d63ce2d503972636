"""I9, the check that knows what clients were answered: an order that stands otherwise is found, whichever way it differs."""

from typing import Any, NamedTuple

import pytest

from deploy.local.desk import Order
from tests.faults import proof
from tests.faults.proof import Proof

DELIVERIES = {1: "reversed", 2: "delivered"}
PAYMENTS = {"p-1": "113.00"}
GATE_PASSES = {1: "revoked", 2: "used"}


class WorkOrder(NamedTuple):
    """An order as its table has it."""

    id: str
    version: int
    status: str
    revision: int


AS_ANSWERED = WorkOrder("o-1", 9, "delivered", 2)


class Tables:
    """The tables of a fleet: one order with its deliveries, payments and gate passes, nothing parked."""

    def __init__(self, order: WorkOrder | None, **about: dict[Any, str]) -> None:
        self._orders = [] if order is None else [order]
        self._about = about

    def rows(self, service: str, query: str, **_: Any) -> list[Any]:
        """What the proof asks for."""
        for table, found in self._about.items():
            if f"FROM {table} " in query:
                return [(AS_ANSWERED.id, key, what) for key, what in found.items()]
        return self._orders if "FROM work_order " in query else []


@pytest.fixture(autouse=True)
def nothing_else_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invariants that need no answers hold."""
    monkeypatch.setattr(proof, "check_invariants", lambda fleet: [])


def findings(order: WorkOrder | None, **about: dict[Any, str]) -> list[str]:
    """What is found when the client was answered otherwise than `about` in nothing else."""
    there = {"delivery": DELIVERIES, "payment": PAYMENTS, "gate_pass": GATE_PASSES, **about}
    tables: Any = Tables(order, **there)
    nobody: Any = None
    answered = Order("sh-pudong", AS_ANSWERED._asdict(), dict(DELIVERIES), dict(PAYMENTS), dict(GATE_PASSES))
    return Proof(tables, nobody).verdict([answered]).findings


def test_an_order_that_stands_as_answered_is_in_order() -> None:
    """Version and status, and every delivery, reversal, payment and gate pass."""
    assert findings(AS_ANSWERED) == []


@pytest.mark.parametrize(
    ("order", "about"),
    [
        (None, {}),
        (AS_ANSWERED._replace(version=8), {}),
        (AS_ANSWERED._replace(version=10), {}),
        (AS_ANSWERED._replace(status="ready"), {}),
        (AS_ANSWERED, {"delivery": {1: "reversed"}}),
        (AS_ANSWERED, {"delivery": {1: "delivered", 2: "delivered"}}),
        (AS_ANSWERED, {"delivery": {**DELIVERIES, 3: "delivered"}}),
        (AS_ANSWERED, {"payment": {}}),
        (AS_ANSWERED, {"payment": {**PAYMENTS, "p-2": "113.00"}}),
        (AS_ANSWERED, {"gate_pass": {1: "revoked", 2: "issued"}}),
    ],
    ids=[
        "gone", "a change lost", "a change doubled", "another status", "delivery lost", "reversal lost", "delivery doubled",
        "payment lost", "payment doubled", "gate pass not used",
    ],
)  # fmt: skip
def test_an_answer_without_its_effect_is_found(order: WorkOrder | None, about: dict[str, dict[Any, str]]) -> None:
    """And so is an effect that was done twice."""
    assert [one.partition(" ")[0] for one in findings(order, **about)] == ["I9"]
