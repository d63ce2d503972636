"""What parts promises in contracts/: golden samples, refusals with titles, routes with roles."""

import ast
import json
from pathlib import Path

import pytest

from chassis.messages import Command, Event, Query
from contracts.parts import commands, events, queries
from contracts.parts.refusals import REFUSALS
from contracts.parts.routes import ROUTES
from services.parts.service import PartsService

ROOT = Path(__file__).parents[3]


def messages_of(module, kind):
    found = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, kind)]
    return [one for one in found if one.__module__ == module.__name__]


@pytest.mark.parametrize("kind", messages_of(events, Event), ids=lambda kind: kind.type)
def test_every_event_has_a_golden_sample_that_it_still_reads_and_writes(kind):
    sample = json.loads((ROOT / "contracts" / "samples" / f"{kind.type}.v{kind.version}.json").read_text("utf-8"))
    assert kind.load(sample).dump() == sample


def refused_codes():
    for path in sorted((ROOT / "services" / "parts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno} names no code"
                yield node.args[0].value


def test_every_refusal_has_a_title_in_both_languages_and_no_title_is_left_over():
    assert set(refused_codes()) == REFUSALS.keys()
    assert all(en.isascii() and en.endswith(".") and zh.endswith("。") for en, zh in REFUSALS.values())


def test_every_command_and_query_has_a_door_and_a_route():
    requests = [*messages_of(commands, Command), *messages_of(queries, Query)]
    assert all(hasattr(PartsService, one.method) for one in requests)
    assert {route.request for route in ROUTES} == set(requests)


def test_who_only_reads_changes_nothing():
    changing = [route for route in ROUTES if issubclass(route.request, Command)]
    assert all(route.roles == ("parts_clerk",) for route in changing)
