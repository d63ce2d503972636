"""What the console's pages depend on: kinds of things that there are, so that every change reaches whoever looks at it."""

import re
from dataclasses import fields

import pytest

from console.live.hearing import keys_of
from console.live.tabs import WATCH
from contracts.gateway.feed import Change
from servicelane.api_guide import document
from servicelane.events_doc import events
from servicelane.suite import SERVICES
from tests.contracts.console_texts import CONSOLE
from tests.contracts.test_console_actions import BELOW

PARTS = {
    (file.name, key.rstrip("~"))
    for file in (CONSOLE / "templates").glob("*.html")
    for keys in re.findall(r'data-live="([^"]*)"', file.read_text(encoding="utf-8"))
    for key in re.sub(r"\{\{ ?(\w+)\.id ?\}\}", "an-id", keys).split()
}
KINDS = {event.type.rpartition(".")[0] for _, announced in events() for event in announced}
SCREENS_WITHOUT = {"gateway.dealer", "gateway.account", "crm.customer", "crm.vehicle", "workshop.operations"}
"""What no screen follows: it changes seldom, and is read anew with each page."""


def test_every_part_depends_on_something_that_there_is() -> None:
    """A service, a kind of thing that events are about, or one thing by its id; a word that nobody says would never be heard."""
    assert len(PARTS) > 20
    unknown = {(file, key) for file, key in PARTS if key not in KINDS | {*SERVICES, "an-id"}}
    assert not unknown


def test_every_kind_of_thing_is_followed_by_some_screen() -> None:
    """Or is named as one that none follows."""
    followed = {key for _, key in PARTS}
    lost = {kind for kind in KINDS if not {kind, kind.partition(".")[0]} & followed}
    assert lost <= SCREENS_WITHOUT


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (
            {"type": "workshop.work_order.dispatched", "subject": "o", "work_order_id": "o"},
            ["workshop", "workshop.work_order", "o"],
        ),
        ({"type": "parts.deduction.deducted", "subject": "d", "work_order_id": "o"}, ["parts", "parts.deduction", "d", "o"]),
        (
            {"type": "booking.appointment.fulfilled", "subject": "a", "work_order_id": "o", "appointment_id": "a"},
            ["booking", "booking.appointment", "a", "o"],
        ),
    ],
)
def test_a_change_is_known_by_its_kind_its_thing_and_where_it_belongs(change: dict[str, str], keys: list[str]) -> None:
    """And by nothing else of it."""
    assert keys_of({"event_id": "e", "sequence": 7, "time": "now", "visit_id": "v", **change}) == keys


def test_the_feed_says_what_is_read_of_it() -> None:
    """Under these names; and its door is in the published document, with the roles that may open it."""
    assert {"event_id", "type", "subject", "work_order_id", "appointment_id"} <= {one.name for one in fields(Change)}
    assert document()["paths"][BELOW + WATCH[1]][WATCH[0].lower()]["x-roles"]
