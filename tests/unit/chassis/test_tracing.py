"""Spans cost nothing where nobody collects them, and no request waits for whoever does."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
from structlog.testing import capture_logs

from chassis.process import tracing
from chassis.process.settings import Settings
from chassis.process.tracing import NOTHING
from chassis.wire.call import Call
from chassis.wire.errors import SettingsError
from chassis.wire.traces import new_traceparent, read_traceparent, trace_id
from deploy.dev.state import free_port
from tests.collector import Collector
from tests.waiting import awaited

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def off() -> Iterator[None]:
    """Spans are off again afterwards."""
    yield
    tracing.stop()


def test_without_a_collector_nothing_is_loaded() -> None:
    """A service and the console start without the library."""
    program = (
        "import sys, eventlet; eventlet.monkey_patch(); import servicelane.running, gateway.service, services.workshop.service;"
        "print([one for one in sys.modules if one.startswith(('opentelemetry', 'google.protobuf', 'chassis.process.spans'))])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_without_a_collector_no_span_is_made() -> None:
    """There is one object that does nothing, and a call is passed on as it came."""
    call = Call(traceparent=PARENT)
    with tracing.begin("server", "toy", "GET /", PARENT, facts={"http.route": "/"}) as span:
        assert span is NOTHING
        assert span.of(call) is call
        assert span.traceparent is None
    assert not tracing.on()


def test_without_a_collector_a_span_takes_a_microsecond_or_two() -> None:
    """Of the ten that an order passes nobody notices the cost: a unit of work takes milliseconds."""
    rounds = 10_000
    best = min(_seconds(rounds) for _ in range(5))
    assert best / rounds < 10e-6, f"{best / rounds * 1e6:.2f} µs"


def _seconds(rounds: int) -> float:
    call = Call(traceparent=PARENT)
    started = time.perf_counter()
    for _ in range(rounds):
        with tracing.begin("internal", "toy", "do count", PARENT, facts={"servicelane.dealer": "d"}) as span:
            span.of(call)
    return time.perf_counter() - started


def test_a_span_belongs_to_the_trace_of_its_cause_and_is_the_cause_of_the_next() -> None:
    """The traceparent is the only way."""
    with Collector() as collector:
        tracing.start(collector.url)
        with tracing.begin("server", "toy", "first", PARENT) as first, tracing.begin("client", "toy", "next", first.traceparent):
            pass
        heard = {one.name: one for one in awaited(lambda: collector.spans, "spans")}
    assert (heard["first"].trace, heard["first"].parent) == (trace_id(PARENT), "b7ad6b7169203331")
    assert (heard["next"].trace, heard["next"].parent) == (trace_id(PARENT), heard["first"].id)


@pytest.mark.parametrize("stranger", [None, "", "nonsense", "00-" + "0" * 32 + "-b7ad6b7169203331-01", PARENT.upper()])
def test_what_is_no_traceparent_causes_nothing(stranger: str | None) -> None:
    """A trace of its own begins."""
    assert read_traceparent(stranger) is None
    with Collector() as collector:
        tracing.start(collector.url)
        tracing.begin("server", "toy", "first", stranger).end()
        [heard] = awaited(lambda: collector.spans, "the span")
    assert heard.parent == ""


def test_a_caller_who_does_not_sample_is_not_sampled() -> None:
    """The flag at the end of a traceparent decides for the whole trace."""
    with Collector() as collector:
        tracing.start(collector.url)
        silent = tracing.begin("server", "toy", "silent", PARENT[:-2] + "00")
        assert (silent.traceparent or "")[-3:] == "-00"
        silent.end()
        tracing.begin("server", "toy", "loud", PARENT).end()
        awaited(lambda: collector.named("loud"), "the span")
        assert collector.named("silent") == []


def test_the_library_can_be_switched_off_by_its_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What travels then is passed on as it came."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with Collector() as collector:
        tracing.start(collector.url)
        call = Call(traceparent=PARENT)
        span = tracing.begin("server", "toy", "first", None)
        assert (span.traceparent, span.of(call)) == (None, call)


def test_a_span_says_only_what_is_listed() -> None:
    """Whoever adds something must have thought of what it may contain."""
    with Collector() as collector:
        tracing.start(collector.url)
        span = tracing.begin("server", "toy", "first", None)
        with pytest.raises(ValueError, match="customer_name"):
            span.tell({"customer_name": "王芳"})


def test_of_an_error_only_its_kind_is_told() -> None:
    """Its text may be anything: a row of the database, a name."""
    with Collector() as collector:
        tracing.start(collector.url)
        tracing.begin("server", "toy", "first", None).end(RuntimeError("王芳 13900001234"))
        [heard] = awaited(lambda: collector.spans, "the span")
        assert (heard.failed, heard.facts["error.type"]) == (True, "RuntimeError")
        assert "王芳".encode() not in b"".join(collector.bodies)


def busy(collector: str, seconds: float) -> float:
    """Make spans for so long; how long the longest stop was that another green thread noticed."""
    tracing.start(collector)
    longest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        before = time.monotonic()
        with tracing.begin("server", "toy", "work", new_traceparent()):
            eventlet.sleep(0.002)
        longest = max(longest, time.monotonic() - before)
    return longest


def test_nobody_waits_for_a_slow_collector() -> None:
    """It takes two seconds for every batch; whoever makes spans does not notice."""
    with Collector(delay=2) as collector:
        assert busy(collector.url, 3) < 1
        awaited(lambda: collector.spans, "what it took at last")


def test_of_a_collector_that_is_away_one_line_tells_and_one_of_its_return() -> None:
    """And nothing else: neither a line for each batch nor the library's own."""
    with capture_logs() as lines, Collector(status=400) as collector:
        assert busy(collector.url, 3) < 1
        awaited(lambda: [one for one in lines if one["event"] == "spans_not_sent"], "the line")
        assert busy(collector.url, 2) < 1
        collector.status = 200
        busy(collector.url, 2)
        awaited(lambda: collector.spans, "spans")
    said = [one for one in lines if one["event"].startswith("spans_")]
    assert [one["event"] for one in said] == ["spans_not_sent", "spans_sent_again"]
    assert (said[0]["collector"], said[0]["reason"]) == (collector.url, "status 400")


def test_the_end_of_a_process_does_not_wait_for_a_collector_that_is_away() -> None:
    """Not for one that refuses, and for one that says nothing only as long as is said."""
    nobody = f"http://127.0.0.1:{free_port()}"
    busy(nobody, 0.5)
    started = time.monotonic()
    tracing.stop()
    assert time.monotonic() - started < 6
    with Collector(delay=60) as silent:
        busy(silent.url, 0.5)
        started = time.monotonic()
        tracing.stop()
        assert time.monotonic() - started < 6


def test_a_collector_that_was_away_is_not_waited_for_at_all() -> None:
    """Six services that stop in one process would each wait for it."""
    with Collector(status=400) as collector, capture_logs() as lines:
        busy(collector.url, 0.5)
        awaited(lambda: [one for one in lines if one["event"] == "spans_not_sent"], "it to be away")
        collector.delay = 60
        started = time.monotonic()
        tracing.flush()
        assert time.monotonic() - started < 1


@pytest.mark.parametrize("wrong", ["collector:4318", "grpc://collector:4317", "http://", "http://collector:0"])
def test_an_address_that_is_none_stops_the_start(wrong: str) -> None:
    """With one line that names the variable."""
    given: dict[str, Any] = {"AMQP_URI": "embedded://", "DATABASE_URL": "sqlite:///x", "OTEL_EXPORTER_OTLP_ENDPOINT": wrong}
    with pytest.raises(SettingsError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        Settings.read("toy", given)
