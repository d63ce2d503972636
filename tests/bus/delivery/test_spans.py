"""What the bus tells a collector: where an event went, that it came again, and that it was tried again; on both kinds of bus."""

from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
from sqlalchemy import update

from chassis.events.subscriber import Subscriber
from chassis.process import tracing
from chassis.process.logs import log_context
from chassis.store.tables import outbox, parked_message
from chassis.wire.call import Call
from chassis.wire.errors import DependencyDown
from chassis.wire.ids import new_id
from chassis.wire.traces import new_traceparent, trace_id
from tests.bus.delivery.replicas import Bus
from tests.bus.toy.service import POISON, Count, ToyService
from tests.collector import Collector, Heard
from tests.waiting import awaited

MIRROR, SHADOW = "process toy.mirror", "process toy.shadow"


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector that this process tells of its spans."""
    with Collector() as started:
        tracing.start(started.url)
        yield started
        tracing.stop()


def counted(toy: Any, name: str) -> str:
    """Have the toy count; the trace it belongs to."""
    call = Call(dealer="sh-pudong", traceparent=new_traceparent())
    toy.executor.execute(Count, ToyService.use_case(Count), {"name": name, "by": 1}, call, new_id())
    found = trace_id(call.traceparent)
    assert found is not None
    return found


def of(collector: Collector, trace: str, *names: str) -> list[Heard]:
    """The spans of a trace with these names."""
    return [one for one in collector.named(*names) if one.trace == trace]


def test_an_event_is_followed_from_its_making_to_each_effect(bus: Bus, collector: Collector) -> None:
    """The publication is caused by the making, each effect by the publication that brought it."""
    trace = counted(bus.replica(), "wheels")
    awaited(lambda: len(of(collector, trace, MIRROR, SHADOW)) == 2, "both effects")
    [made] = of(collector, trace, "create toy.counter.counted")
    [published] = of(collector, trace, "publish toy.counter.counted")
    assert published.parent == made.id
    assert {one.parent for one in of(collector, trace, MIRROR, SHADOW)} == {published.id}
    assert published.facts["messaging.message.id"] == made.facts["messaging.message.id"]
    assert made.ended <= published.ended


def test_a_message_that_came_again_is_seen_to_have(bus: Bus, collector: Collector) -> None:
    """It was done before: its effect is not had twice, and its trace says so."""
    toy = bus.replica()
    trace = counted(toy, "wheels")
    awaited(lambda: len(of(collector, trace, MIRROR, SHADOW)) == 2 and not toy.unsent(), "both effects")
    with toy.executor.sessions() as session:
        session.execute(update(outbox).values(sent_at=None))
        session.commit()
    again = awaited(
        lambda: [one for one in of(collector, trace, MIRROR) if one.facts.get("servicelane.outcome") == "double"], "the double"
    )
    first, second = of(collector, trace, "publish toy.counter.counted")
    assert [one.parent for one in again] == [second.id]
    assert first.parent == second.parent


def test_a_message_that_the_broker_brought_again_is_seen_to_be(
    bus: Bus, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line broke before it was acknowledged."""
    toy = bus.replica()
    process = Subscriber.process
    broken: list[str] = []

    def breaking(self: Subscriber, deliveries: Any) -> Any:
        if not broken:
            broken.append("once")
            toy.runtime._consumer._consumer.sever()
            raise DependencyDown("the line broke")
        return process(self, deliveries)

    monkeypatch.setattr(Subscriber, "process", breaking)
    trace = counted(toy, "wheels")
    told = awaited(lambda: found if len(found := of(collector, trace, MIRROR, SHADOW)) == 2 else None, "both effects")
    assert any(one.facts.get("servicelane.redelivered") for one in told)
    assert len(of(collector, trace, "publish toy.counter.counted")) == 1


def test_a_message_that_is_tried_again_is_seen_to_be(bus: Bus, collector: Collector) -> None:
    """The failure, by its kind alone, and the attempt that had the effect stand in one trace."""
    toy = bus.replica()
    POISON.add("sour")
    try:
        trace = counted(toy, "sour")
        [failed] = awaited(lambda: [one for one in of(collector, trace, MIRROR) if one.failed], "the failure")
    finally:
        POISON.discard("sour")
    with toy.executor.sessions() as session:
        session.execute(update(parked_message).values(next_at=toy.executor.clock.now()))
        session.commit()
    [done] = awaited(lambda: [one for one in of(collector, trace, MIRROR) if not one.failed], "the second attempt")
    assert failed.facts["error.type"] == "RuntimeError"
    assert "cannot stand it" not in str(failed.facts)
    assert done.facts["servicelane.attempt"] == 2


def test_an_early_message_has_not_failed(bus: Bus, collector: Collector) -> None:
    """It only came before what it builds on."""
    trace = counted(bus.replica(), "too-early")
    early = awaited(lambda: of(collector, trace, MIRROR), "the attempt")
    assert (early[0].facts["error.type"], early[0].failed) == ("NotYet", False)


def test_a_batch_links_its_messages(bus: Bus, collector: Collector) -> None:
    """Each message stays in its own trace; the batch names them, and they name the batch."""
    toy = bus.reader()
    traces = {counted(toy, f"wheel {number}") for number in range(5)}
    bus.replica()
    awaited(lambda: len(collector.named(MIRROR)) == 5, "the effects")
    [relayed] = awaited(lambda: collector.named("relay"), "the relay's batch")
    assert {trace for trace, _ in relayed.links} == traces
    assert relayed.facts["messaging.batch.message_count"] == 5
    assert {one.links[0] for one in collector.named("publish toy.counter.counted")} == {(relayed.trace, relayed.id)}
    batches = [one for one in collector.spans if one.name == "batch toy.mirror"]
    for one in collector.named(MIRROR):
        assert {(batch.trace, batch.id) for batch in batches} >= set(one.links)


def test_what_is_rolled_back_is_no_effect(bus: Bus, collector: Collector) -> None:
    """A message that did nothing wrong is tried again because of another one: the attempt is told as undone."""
    toy = bus.reader()
    POISON.add("sour")
    try:
        good, bad = counted(toy, "wheels"), counted(toy, "sour")
        bus.replica()
        awaited(lambda: [one for one in of(collector, bad, MIRROR) if one.failed], "the failure")
        awaited(lambda: [one for one in of(collector, good, MIRROR) if "servicelane.outcome" not in one.facts], "the effect")
    finally:
        POISON.discard("sour")
    [done] = [one for one in of(collector, good, MIRROR) if "servicelane.outcome" not in one.facts]
    assert not done.failed


def test_green_threads_do_not_take_each_others_trace(bus: Bus, collector: Collector) -> None:
    """Many commands at once, which wait for the same database: each one's unit and event are in its own trace."""
    toy = bus.reader()
    spawned = [eventlet.spawn(counted, toy, f"wheel {number}") for number in range(20)]
    traces = {thread.wait() for thread in spawned}
    awaited(lambda: len(collector.named("create toy.counter.counted")) == 20, "the events")
    units = {one.id: one for one in collector.named("do count")}
    assert {one.trace for one in units.values()} == traces
    assert all(units[one.parent].trace == one.trace for one in collector.named("create toy.counter.counted"))


def test_log_lines_name_the_trace() -> None:
    """The id is the same that the collector has, and each green thread has its own."""
    from structlog.contextvars import get_contextvars

    seen = {}

    def log(traceparent: str) -> None:
        with log_context(traceparent=traceparent):
            eventlet.sleep(0)
            seen[trace_id(traceparent)] = get_contextvars()["trace_id"]

    for thread in [eventlet.spawn(log, new_traceparent()) for _ in range(3)]:
        thread.wait()
    assert len(seen) == 3
    assert all(trace == said for trace, said in seen.items())
