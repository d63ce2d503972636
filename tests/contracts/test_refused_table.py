"""contracts/refused.json says what the source says: the refusals of every operation."""

from importlib import import_module
from pathlib import Path

from gateway.http.table import Table
from servicelane.refused_table import RULED_BY, Source, render, table
from servicelane.suite import SERVICES

WRITTEN = Path(__file__).parents[2] / "contracts" / "refused.json"


def refused_by(name: str) -> str:
    """Whose refusals these are: of what the gateway takes for another service, that one's."""
    recorded = {f"{one.service}.{one.method}": by.service for one, by in RULED_BY.items()}
    return recorded.get(name, name.partition(".")[0])


def test_the_table_is_current() -> None:
    """It is generated; tests/services/desk.py holds every refusal that a test provokes against it."""
    assert WRITTEN.read_text(encoding="utf-8") == render(), "contracts/refused.json is out of date: run `make docs`"


def test_every_operation_is_in_it() -> None:
    """With codes of its own service only."""
    rows = Table.of_contracts().rows
    assert table().keys() == {f"{row.route.request.service}.{row.route.request.method}" for row in rows}
    for service in SERVICES:
        listed = import_module(f"contracts.{service}.refusals").REFUSALS
        assert {code for name, codes in table().items() if refused_by(name) == service for code in codes} <= listed


def test_what_no_operation_refuses_is_refused_to_other_services() -> None:
    """Refusals of events: operators read them among the dead letters."""
    reached = {(refused_by(name), code) for name, codes in table().items() for code in codes}
    listed = {(service, code) for service in SERVICES for code in import_module(f"contracts.{service}.refusals").REFUSALS}
    assert listed - reached == {
        ("billing", "currency_differs"),
        ("billing", "shares_do_not_add_up"),
        ("workshop", "gate_pass_of_another_delivery"),
    }


def test_the_source_is_followed_wherever_it_leads() -> None:
    """Over functions of other modules, methods, constants and what a class does when it is made."""
    codes = Source("services/booking").codes(("services.booking.appointment.booking", "book"))
    assert codes == table()["booking.book_appointment"]
    assert {"closed", "slot_full", "advisor_busy"} <= set(codes)
