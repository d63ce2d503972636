"""docs/events.md says what the contracts say, and explains every field."""

import dataclasses
from pathlib import Path

from servicelane.event_fields import MEANING
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
    """Every explained field is one that some message has; that every field is explained, rendering itself demands."""
    fields = [(message.__name__, one.name) for message in MESSAGES for one in dataclasses.fields(message)]
    known = {name for _, name in fields} | {f"{message}.{name}" for message, name in fields}
    assert set(MEANING) - known == set()
