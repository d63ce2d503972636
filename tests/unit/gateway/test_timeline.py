"""The order in which a timeline tells what happened (Rule G3)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, NotFound, Unavailable
from contracts.gateway.suite import TimelineEvent, WorkOrderTimeline
from gateway.http.table import services as service_names
from gateway.suite.timeline import causes_first
from gateway.suite.tracing import Tracer

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def _id(number: int) -> str:
    return f"0190a0a0-0000-7000-8000-{number:012x}"


ORDER, VISIT = _id(900), _id(901)


def happened(number: int, *, because_of: int | None = None, after: float = 0) -> TimelineEvent:
    """An event, so many seconds after noon."""
    return TimelineEvent(
        event_id=_id(number),
        service="workshop",
        type="workshop.work_order.opened",
        subject="1",
        sequence=1,
        time=NOON + timedelta(seconds=after),
        causation_id=None if because_of is None else _id(because_of),
        facts={},
    )


def order_of(entries: list[TimelineEvent]) -> list[int]:
    """The events' numbers in the order told."""
    return [int(entry.event_id[-12:], 16) for entry in causes_first(entries)]


def test_what_has_no_cause_here_stands_in_the_order_of_time() -> None:
    """Also what was caused by something nobody told of."""
    assert order_of([happened(1, after=3), happened(2, after=1), happened(3, because_of=77, after=2)]) == [2, 3, 1]


def test_an_effect_never_comes_before_its_cause() -> None:
    """Even when its service's clock is behind."""
    assert order_of([happened(2, because_of=1, after=-5), happened(1), happened(3, because_of=2, after=-9)]) == [1, 2, 3]


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 9)), max_size=12).flatmap(st.permutations))
def test_every_event_is_told_once_and_after_its_cause(drawn: list[tuple[int, int]]) -> None:
    """Whatever the clocks and in whatever order the services answer."""
    entries = [
        happened(number, after=seconds, because_of=cause if cause < number else None)
        for number, (seconds, cause) in enumerate(drawn)
    ]
    told = order_of(entries)
    assert sorted(told) == list(range(len(drawn)))
    for number, (_, cause) in enumerate(drawn):
        if cause < number:
            assert told.index(cause) < told.index(number)


class Services:
    """Answer as the test says; keep whom they were asked for."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, Call]] = []

    def call(self, service: str, method: str, payload: dict, call: Call, timeout: float) -> object:
        """The answer or error of a service."""
        self.asked.append((service, method, call))
        if method == "get_work_order":
            answer = self.answers.get("order", {"id": payload["work_order_id"], "visit_id": VISIT})
        else:
            assert payload == {"correlation_id": VISIT}
            answer = self.answers.get(service, {"events": []})
        if isinstance(answer, Exception):
            raise answer
        return answer


def _event(number: int, type_: str, *, because_of: int | None = None) -> dict:
    return {
        "id": _id(number),
        "type": type_,
        "subject": "1",
        "sequence": 1,
        "time": (NOON + timedelta(seconds=number)).isoformat(),
        "actor": "wang",
        "causation_id": None if because_of is None else _id(because_of),
        "facts": {"a": 1},
        "something_newer": 1,
    }


def test_the_timeline_is_what_all_services_tell_of_the_visit() -> None:
    """Each event with the service that announced it; a newer service may tell more than we know."""
    services = Services(
        workshop={"events": [_event(1, "workshop.work_order.delivered")]},
        billing={"events": [_event(2, "billing.invoice.issued", because_of=1)]},
    )
    told = WorkOrderTimeline.load(
        Tracer(services, service_names()).timeline({"work_order_id": ORDER}, Call(dealer="sh-pudong", deadline=9e9))
    )
    assert [(event.service, event.type) for event in told.events] == [
        ("workshop", "workshop.work_order.delivered"),
        ("billing", "billing.invoice.issued"),
    ]
    assert told.events[1].causation_id == _id(1)
    assert (told.visit_id, told.missing) == (VISIT, [])
    assert {service for service, method, _ in services.asked if method == "visit_events"} == {
        "booking",
        "workshop",
        "parts",
        "billing",
        "crm",
    }
    assert {call.dealer for _, _, call in services.asked} == {"sh-pudong"}


@pytest.mark.parametrize("error", [Unavailable("service_unavailable"), DeadlineExceeded("deadline_exceeded")])
def test_a_service_that_does_not_answer_is_named_and_the_others_are_told(error: Exception) -> None:
    """The whole does not fail for one."""
    services = Services(workshop={"events": [_event(1, "workshop.work_order.delivered")]}, parts=error)
    told = Tracer(services, service_names()).timeline({"work_order_id": ORDER}, Call(dealer="sh-pudong", deadline=9e9))
    assert told["missing"] == ["parts"]
    assert len(told["events"]) == 1


def test_an_order_the_workshop_does_not_know_has_no_timeline() -> None:
    """404 like any other; nobody else is asked."""
    services = Services(order=NotFound("not_found"))
    with pytest.raises(NotFound):
        Tracer(services, service_names()).timeline({"work_order_id": ORDER}, Call(dealer="sh-pudong", deadline=9e9))
    assert len(services.asked) == 1
