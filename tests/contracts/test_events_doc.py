"""docs/events.md says what the contracts say, and explains every field."""

import dataclasses
from pathlib import Path

from contracts.meanings import tables
from gateway.http.components import Components
from gateway.http.table import Table
from servicelane.events_doc import events, render
from tests.contracts.published import EVENTS, MESSAGES

DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_document_is_current() -> None:
    """It is generated: a change of a contract without it would tell subscribers something that is no longer so."""
    assert DOCUMENT.read_text(encoding="utf-8") == render(), "docs/events.md is out of date: run `make docs`"


def test_every_event_is_in_it() -> None:
    """Under the service that publishes it."""
    assert {event for _, announced in events() for event in announced} == set(EVENTS)


def test_no_explanation_is_left_over() -> None:
    """Every explained field or word is one that some contract has, and what a service says is not said of all of them, too."""
    fields = [(message.__name__, one.name) for message in MESSAGES for one in dataclasses.fields(message)]
    known = {name for _, name in fields} | {f"{message}.{name}" for message, name in fields}
    known |= set(Components(Table.of_contracts().rows).words)
    explained = tables()
    assert {name for table in explained.values() for name in table} - known == set()
    common = explained.pop("")
    assert [name for table in explained.values() for name, said in table.items() if common.get(name) == said] == []
