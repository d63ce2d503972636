"""billing's published language: every refusal is titled, every event has its golden sample, every request its route."""

import ast
import json
from pathlib import Path

import pytest

import services.billing
from contracts.billing import commands, events, queries
from contracts.billing.refusals import REFUSALS
from contracts.billing.routes import ROUTES
from services.billing.service import BillingService

SOURCE = Path(services.billing.__file__).parent
SAMPLES = Path(events.__file__).parents[1] / "samples"


def classes_of(module):
    return [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]


EVENTS = classes_of(events)
REQUESTS = classes_of(commands) + classes_of(queries)


def test_every_refusal_has_its_titles_and_every_title_its_refusal():
    used = {
        call.args[0].value
        for path in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Refused"
    }
    assert used == set(REFUSALS)
    assert all(en and zh and en != zh for en, zh in REFUSALS.values())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_every_event_has_a_sample_that_reads_back_as_it_was_written(event):
    sample = json.loads((SAMPLES / f"{event.type}.v{event.version}.json").read_text())
    assert event.load(sample).dump() == sample


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.__name__)
def test_every_command_and_query_has_a_route_and_a_door(request_):
    assert [route.request for route in ROUTES].count(request_) == 1
    assert getattr(BillingService, request_.method).contract is request_
