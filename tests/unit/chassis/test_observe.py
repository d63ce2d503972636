"""Every line on stderr is one JSON object with a constant event name; secrets are on none of them."""

import io
import json
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import eventlet
import pytest
import structlog
from sqlalchemy.engine import make_url

from chassis.process.logs import MASKED, configure_logging, log_context, mask_text
from chassis.wire.errors import Refused

SECRET = "s3cr3t"  # what no line may contain
log = structlog.get_logger()
"""As modules hold theirs: made when they are imported, before logging is configured."""

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stderr() -> Iterator[io.StringIO]:
    """What the process writes to stderr; the logging configuration of the test run is put back afterwards.

    An earlier test of this process may have left its service's name with this thread.
    """
    structlog.contextvars.clear_contextvars()
    root, ours = logging.getLogger(), logging.getLogger("servicelane")
    before = root.handlers, root.level, ours.level, logging.raiseExceptions
    with warnings.catch_warnings():
        yield io.StringIO()
        logging.captureWarnings(False)
    root.handlers, level, our_level, logging.raiseExceptions = before
    root.setLevel(level)
    ours.setLevel(our_level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def configure(stderr: io.StringIO, service: str, level: str) -> None:
    """Configure a process that has this stderr."""
    with redirect_stderr(stderr):
        configure_logging(service, level)


@pytest.fixture
def lines(stderr: io.StringIO) -> Lines:
    """What a service called parts logged, line by line; fails if a line is anything but JSON."""
    configure(stderr, "parts", "INFO")
    return lambda: [json.loads(line) for line in stderr.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_name_time_level_and_service(lines: Lines) -> None:
    log.warning("stock_is_low", part="A-1", left=2)
    (line,) = lines()
    at = datetime.fromisoformat(line.pop("timestamp"))
    assert at.utcoffset() is not None
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert line == {"event": "stock_is_low", "level": "warning", "service": "parts", "part": "A-1", "left": 2}


def test_our_events_below_the_level_are_not_written(lines: Lines) -> None:
    log.debug("looked")
    log.info("saw")
    assert [line["event"] for line in lines()] == ["saw"]


def test_the_debug_level_lets_our_debug_events_through_and_no_librarys(stderr: io.StringIO) -> None:
    configure(stderr, "parts", "DEBUG")
    log.debug("looked")
    logging.getLogger("kombu").debug("heartbeat")
    assert [json.loads(line)["event"] for line in stderr.getvalue().splitlines()] == ["looked"]


def test_the_context_stands_on_every_line_of_the_block(lines: Lines) -> None:
    with log_context(dealer="d-1", correlation_id="c-1", message_id="m-1"):
        log.info("inside")
        logging.getLogger("nameko").warning("inside too")
    log.info("outside")
    context = [{name: line.get(name) for name in ("dealer", "correlation_id", "message_id")} for line in lines()]
    known = {"dealer": "d-1", "correlation_id": "c-1", "message_id": "m-1"}
    assert context == [known, known, dict.fromkeys(known)]


def test_an_inner_context_adds_to_the_outer_and_leaves_it_as_it_was(lines: Lines) -> None:
    with log_context(dealer="d-1"):
        with log_context(message_id="m-1"):
            log.info("inner")
        log.info("outer")
    inner, outer = lines()
    assert (inner["dealer"], inner["message_id"]) == ("d-1", "m-1")
    assert outer["dealer"] == "d-1"
    assert "message_id" not in outer


def test_green_threads_do_not_see_each_others_context(lines: Lines) -> None:
    """Two messages are handled at once; each line tells of its own."""

    def handle(dealer: str) -> None:
        with log_context(dealer=dealer):
            for _ in range(3):
                log.info("step", expected=dealer)
                eventlet.sleep(0)

    for thread in [eventlet.spawn(handle, dealer) for dealer in ("d-1", "d-2")]:
        thread.wait()
    said = [(line["expected"], line["dealer"]) for line in lines()]
    assert said != sorted(said), "the threads did not interleave"
    assert all(expected == dealer for expected, dealer in said)


def test_in_a_process_of_many_services_the_context_names_the_service(lines: Lines) -> None:
    with log_context(service="billing"):
        log.info("invoice_issued")
    log.info("stock_counted")
    assert [line["service"] for line in lines()] == ["billing", "parts"]


def test_what_a_library_logs_takes_the_same_way_from_warning_on(lines: Lines) -> None:
    kombu = logging.getLogger("kombu.connection")
    kombu.info("connected")
    kombu.warning("connection %s lost", "c1")
    (line,) = lines()
    line.pop("timestamp")
    assert line == {
        "event": "library_log",
        "logger": "kombu.connection",
        "message": "connection c1 lost",
        "level": "warning",
        "service": "parts",
    }


def test_a_python_warning_is_a_line_too(lines: Lines) -> None:
    warnings.simplefilter("always")
    warnings.warn("old ways", UserWarning, stacklevel=1)
    (line,) = lines()
    assert line["logger"] == "py.warnings"
    assert "old ways" in line["message"]


def test_an_exception_is_a_field_of_its_line(lines: Lines) -> None:
    try:
        raise Refused("line_not_approved", line=3)
    except Refused:
        log.exception("command_failed")
        logging.getLogger("nameko").exception("worker failed")
    ours, theirs = lines()
    for line in (ours, theirs):
        assert line["level"] == "error"
        assert "line_not_approved (line=3)" in line["exception"]


def test_configuring_again_writes_each_event_once(stderr: io.StringIO) -> None:
    configure(stderr, "parts", "INFO")
    configure(stderr, "billing", "INFO")
    log.info("started")
    (line,) = stderr.getvalue().splitlines()
    assert json.loads(line)["service"] == "billing"


def test_a_stderr_that_is_gone_stops_nobody(lines: Lines, stderr: io.StringIO) -> None:
    """The reader of our log may die; what we log about must go on."""
    stderr.close()
    log.error("nobody_hears")


class _Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("has no name")


def test_a_value_that_cannot_be_shown_stops_nobody(lines: Lines, stderr: io.StringIO) -> None:
    """Its line is lost; no traceback stands between the others."""
    with redirect_stderr(stderr):
        log.error("shown", value=_Unprintable())
        log.error("goes_on")
    assert [line["event"] for line in lines()] == ["goes_on"]


def test_values_of_the_trade_are_written_as_plain_data(lines: Lines, stderr: io.StringIO) -> None:
    log.info(
        "seen",
        at=datetime(2026, 3, 10, 12, 0, tzinfo=UTC),
        amount=Decimal("1.50"),
        id=UUID(int=1),
        lines=(1, 2),
        error=Refused("line_not_approved", line=3),
        name="刹车片",
        ratio=float("nan"),
        nothing=None,
        ok=True,
    )
    (line,) = lines()
    assert line["at"] == "2026-03-10T12:00:00+00:00"
    assert line["amount"] == "1.50"
    assert line["id"] == "00000000-0000-0000-0000-000000000001"
    assert line["lines"] == [1, 2]
    assert line["error"] == "line_not_approved (line=3)"
    assert line["name"] == "刹车片"
    assert "刹车片" in stderr.getvalue(), "a person reading the log cannot read it"
    assert line["ratio"] == "nan"
    assert line["nothing"] is None
    assert line["ok"] is True


@pytest.mark.parametrize(
    "fields",
    [
        {"password": SECRET},
        {"jwt_secret": SECRET},
        {"access_token": SECRET},
        {"Authorization": f"Bearer {SECRET}"},
        {"headers": {"authorization": f"Basic {SECRET}"}},
        {"accounts": [{"name": "li", "new_password": SECRET}]},
        {"uri": f"amqp://parts:{SECRET}@broker:5672/vhost"},
        {"uri": f"amqp://parts:p@ss/{SECRET}@broker:5672/vhost"},
        {"uri": f"postgresql+psycopg2://parts:{SECRET}@db/parts"},
        {"uri": f"redis://:{SECRET}@cache"},
        {"uris": (f"amqp://parts:{SECRET}@one", f"amqp://parts:{SECRET}@two")},
        {"error": ConnectionError(f"cannot reach amqp://parts:{SECRET}@broker//")},
        {"request": f"GET /v1/x?token={SECRET}&page=2"},
        {"header": f"Authorization: Basic {SECRET}"},
        {"header": f"authorization: Bearer {SECRET}.{SECRET}"},
        {"header": f"Bearer {SECRET}.{SECRET}"},
        {"parameters": f"[parameters: {{'password': '{SECRET} {SECRET}', 'name': 'li'}}]"},
        {"dsn": f"host=db password={SECRET} dbname=parts"},
        {"dsn": f"secret-key={SECRET}"},
        {"body": f'{{"client_secret": "{SECRET}"}}'},
    ],
)
def test_a_secret_is_written_nowhere(lines: Lines, stderr: io.StringIO, fields: dict[str, Any]) -> None:
    log.info("told", **fields)
    logging.getLogger("library").warning("told %s", fields)
    try:
        raise RuntimeError(str(fields))
    except RuntimeError:
        log.exception("failed")
    assert len(lines()) == 3
    assert SECRET not in stderr.getvalue()
    assert MASKED in stderr.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8000/v1/dealers",
        "invalid token: signature has expired",
        "password authentication failed for user parts",
        "mail to li@example.com at 10:30",
        "the bearer of this pass",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert mask_text(text) == text


def test_what_surrounds_a_secret_stays_readable() -> None:
    masked = mask_text(f"lost amqp://parts:{SECRET}@broker:5672/vhost after 3 s")
    assert masked == f"lost amqp://parts:{MASKED}@broker:5672/vhost after 3 s"


def test_the_mask_agrees_with_what_sqlalchemy_takes_for_the_password() -> None:
    url = f"postgresql+psycopg2://parts:a/b:{SECRET}@db:5432/parts"
    assert SECRET in str(make_url(url).password)
    assert SECRET not in mask_text(url)


@pytest.mark.parametrize("piece", ["a", "a-", "a://b:", "token", "token=", "password='", "x://", "authorization: ", "bearer "])
def test_a_text_made_to_be_slow_is_masked_at_once_and_cut(piece: str) -> None:
    """A message of 10 MB may end up as the reason on a line: the process must not stop over it."""
    text = piece * (10_000_000 // len(piece))
    started = time.process_time()
    masked = mask_text(text)
    assert time.process_time() - started < 2
    assert len(masked) < 50_000
    assert masked.endswith(f"({len(text)} characters)")


def test_a_secret_where_a_long_text_is_cut_is_masked_whole() -> None:
    for before in range(31_950, 32_001):
        assert SECRET[:3] not in mask_text("x" * (before - 1) + f" amqp://parts:{SECRET}@broker " + "y" * 9000)
