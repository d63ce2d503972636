"""I9, the check that knows what clients were answered: an order that stands otherwise is found, whichever way it differs."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults import proof
from tests.faults.orders import Order
from tests.faults.proof import Proof

AS_ANSWERED: dict[str, Any] = {"id": "o-1", "version": 9, "status": "delivered", "revision": 2}
DELIVERIES = {1: "reversed", 2: "delivered"}


class Tables:
    """The tables of a fleet: one order and its deliveries, nothing held."""

    def __init__(self, order: dict[str, Any] | None, deliveries: dict[int, str]) -> None:
        self._orders = [] if order is None else [SimpleNamespace(**order)]
        self._deliveries = [
            SimpleNamespace(id="o-1", revision=revision, reversed_at="then" if how == "reversed" else None)
            for revision, how in deliveries.items()
        ]

    def rows(self, service: str, query: str, **_: Any) -> list[Any]:
        """What the proof asks for."""
        return [] if "FROM held" in query else self._deliveries if "FROM delivery" in query else self._orders


@pytest.fixture(autouse=True)
def nothing_else_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invariants that need no answers hold."""
    monkeypatch.setattr(proof, "check_invariants", lambda fleet: [])


def findings(order: dict[str, Any] | None, deliveries: dict[int, str]) -> list[str]:
    """What is found when the client was answered `AS_ANSWERED` and the tables say this."""
    tables: Any = Tables(order, deliveries)
    return Proof(tables, None).verdict([Order("sh-pudong", AS_ANSWERED, dict(DELIVERIES))]).findings


def test_an_order_that_stands_as_answered_is_in_order() -> None:
    """Version, status, and every delivery and reversal."""
    assert findings(AS_ANSWERED, DELIVERIES) == []


@pytest.mark.parametrize(
    ("order", "deliveries"),
    [
        (None, DELIVERIES),
        ({**AS_ANSWERED, "version": 8}, DELIVERIES),
        ({**AS_ANSWERED, "version": 10}, DELIVERIES),
        ({**AS_ANSWERED, "status": "ready"}, DELIVERIES),
        (AS_ANSWERED, {1: "reversed"}),
        (AS_ANSWERED, {1: "delivered", 2: "delivered"}),
        (AS_ANSWERED, {**DELIVERIES, 3: "delivered"}),
    ],
    ids=["gone", "a change lost", "a change doubled", "another status", "delivery lost", "reversal lost", "delivery doubled"],
)
def test_an_answer_without_its_effect_is_found(order: dict[str, Any] | None, deliveries: dict[int, str]) -> None:
    """And so is an effect that was done twice."""
    assert [one.partition(" ")[0] for one in findings(order, deliveries)] == ["I9"]
