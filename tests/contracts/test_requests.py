"""Commands and queries have one use case each and a route; schemas of all messages can be built and know what they demand."""

import ast
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from chassis.events.standing_still import MessagesStandingStill
from chassis.events.timeline import VisitEvents
from chassis.wire.codec import schema_of
from chassis.wire.errors import Invalid
from chassis.wire.messages import Command, Message, Part, Query
from contracts.gateway.evidence import (
    AttachFile,
    AttachLegFile,
    GetAttachmentContent,
    GetAttachmentThumbnail,
    GetLegAttachmentContent,
    GetLegAttachmentThumbnail,
    GetLinkedContent,
    GetLinkedThumbnail,
)
from contracts.gateway.feed import WatchChanges
from contracts.gateway.search import Search
from contracts.gateway.suite import GetAttention, GetDailyReport, GetWorkOrderTimeline, ReconcileDealer, ReconcileGroup
from contracts.shared import Party
from contracts.workshop.handing_over import DeliverWorkOrder
from servicelane.suite import SERVICES
from tests.contracts.published import ANSWERS, INTERNAL, MESSAGES, REQUESTS, answered, name, routes

ROOT = Path(__file__).parents[2]

NO_USE_CASE = {
    GetWorkOrderTimeline,  # the gateway asks every service for its part of it: gateway/suite/tracing.py
    ReconcileDealer,  # and so for these: gateway/suite/reconciling.py
    ReconcileGroup,
    Search,  # and for what is called so: gateway/suite/searching.py
    WatchChanges,  # what it heard on the bus: gateway/http/streaming.py
    GetAttention,  # gateway/suite/attention.py
    GetDailyReport,  # gateway/suite/daily_report.py
    AttachFile,  # its file is the gateway's, its record workshop's: gateway/evidence/attaching.py
    GetAttachmentContent,  # gateway/evidence/delivering.py
    GetAttachmentThumbnail,
    GetLinkedContent,
    GetLinkedThumbnail,
    AttachLegFile,
    GetLegAttachmentContent,
    GetLegAttachmentThumbnail,
}

PASSED_ON = {("workshop", Party)}
"""What a service hands on whole to those who read it."""

every_request = pytest.mark.parametrize("request_class", REQUESTS, ids=name)
every_message = pytest.mark.parametrize("message", MESSAGES, ids=name)


def test_there_are_requests() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert DeliverWorkOrder in REQUESTS
    assert ANSWERS


@every_request
def test_a_request_belongs_to_the_service_whose_contract_it_stands_in(request_class: type[Command] | type[Query]) -> None:
    """Wherever it stands: commands, queries and answers of a capability share a module."""
    assert request_class.__module__.rpartition(".")[0] == f"contracts.{request_class.service}"


@every_request
def test_every_request_is_answered_by_exactly_one_use_case(request_class: type[Command] | type[Query]) -> None:
    """In its own service, under the name callers know."""
    rows = [
        (service, method) for service in SERVICES for method, row in answered(service).items() if row.contract is request_class
    ]
    expected = [] if request_class in NO_USE_CASE else [(request_class.service, request_class.method)]
    assert rows == expected


def test_if_match_is_demanded_only_where_an_overwrite_would_lose_somebodys_change() -> None:
    """An action is guarded by the state it asks for; its If-Match is optional."""
    assert {route.method for _, route in routes() if route.if_match} <= {"PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("service", SERVICES)
def test_only_published_requests_are_answered(service: str) -> None:
    """A contract that is not in contracts/ would be one that nobody can know; every service also tells its events of a visit
    and its messages that stand still."""
    assert {row.contract for row in answered(service).values()} <= {*REQUESTS, VisitEvents, MessagesStandingStill}


@pytest.mark.parametrize("service", SERVICES)
def test_a_use_case_returns_what_its_contract_answers(service: str) -> None:
    """The answer itself, or what describes itself as that answer; mypy checks what it takes, this what it gives."""
    wrong = []
    for method, row in answered(service).items():
        returned = get_type_hints(row.use_case)["return"]
        given = get_type_hints(returned.describe)["return"] if hasattr(returned, "describe") else returned
        if given is not (row.contract.answer or type(None)):
            wrong.append(f"{service}.{method} answers {row.contract.answer}, its use case returns {given}")
    assert not wrong, "\n".join(wrong)


@every_request
def test_every_request_can_be_made_over_http(request_class: type[Command] | type[Query]) -> None:
    """By a route of its own service's contract, or it is on the list of internal ones - not both."""
    at = [service for service, route in routes() if route.request is request_class]
    assert set(at) == (set() if request_class in INTERNAL else {request_class.service})


@every_request
def test_a_request_answers_something_published(request_class: type[Command] | type[Query]) -> None:
    """Its answer is an Answer of the contracts, or it has none."""
    assert request_class.answer is None or request_class.answer in ANSWERS


@every_message
def test_every_schema_can_be_built(message: type[Message]) -> None:
    """And every message says in a sentence what it is."""
    assert schema_of(message).fields is not None
    assert message.__doc__
    assert not message.__doc__.startswith(f"{message.__name__}("), "that is what dataclass writes when nobody else does"


@every_message
def test_what_is_missing_is_named(message: type[Message]) -> None:
    """Every field without a default is demanded, and its absence is the sender's mistake, not a defect of ours."""
    required = {one.name for one in fields(message) if one.default is MISSING and one.default_factory is MISSING}
    demanded = {name for name, one in schema_of(message).fields.items() if one.required}
    assert demanded == required
    if required:
        with pytest.raises(Invalid) as refusal:
            message.load({})
        assert set(refusal.value.details["errors"]) == required


@every_message
def test_what_may_be_absent_may_be_null(message: type[Message]) -> None:
    """A message writes an absent fact as null: its reader must take that."""
    absent = {one.name for one in fields(message) if one.default is None}
    assert {name for name in absent if not schema_of(message).fields[name].allow_none} == set()


@every_request
def test_a_request_refuses_a_field_it_does_not_know(request_class: type[Command] | type[Query]) -> None:
    """A typo must not be ignored."""
    with pytest.raises(Invalid) as refusal:
        request_class.load({"no_such_field": 1})
    assert "no_such_field" in refusal.value.details["errors"]


def parts_of(message: type[Message]) -> set[type[Part]]:
    """All parts that a message is made of, and theirs."""
    found: set[type[Part]] = set()

    def look(hint: Any) -> None:
        for inner in get_args(hint):
            look(inner)
        if isinstance(hint, type) and issubclass(hint, Part) and hint not in found:
            found.add(hint)
            for one in get_type_hints(hint).values():
                look(one)

    for one in get_type_hints(message).values():
        look(one)
    return found


def fields_read(service: str) -> set[str]:
    """The names of all attributes that a service reads of anything but itself, or that are read for all services."""
    own = ROOT / ("gateway" if service == "gateway" else f"services/{service}")
    files = (
        *own.rglob("*.py"),
        *(ROOT / "files").rglob("*.py"),
        *(ROOT / "chassis" / "work" / name for name in ("paging.py", "signing.py")),
    )
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and getattr(node.value, "id", "") != "self"
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_of_a_request_is_read(service: str) -> None:
    """What is accepted and then forgotten looks as if it had been done."""
    read = fields_read(service)
    asked = [(one, field.name) for one in REQUESTS if one.service == service for field in fields(one)]
    forgotten = [f"{one.__name__}.{field}" for one, field in asked if field not in read]
    assert not forgotten, f"{service} takes these and never looks at them: " + ", ".join(forgotten)


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_of_a_part_of_a_request_is_read(service: str) -> None:
    """Parts are shared: what one service means by a field, another that takes the same part may never look at."""
    read = fields_read(service)
    parts = {(one, part) for one in REQUESTS if one.service == service for part in parts_of(one)}
    asked = [(one, part, field.name) for one, part in parts if (service, part) not in PASSED_ON for field in fields(part)]
    forgotten = sorted(f"{one.__name__}: {part.__name__}.{field}" for one, part, field in asked if field not in read)
    assert not forgotten, f"{service} takes these and never looks at them: " + ", ".join(forgotten)
