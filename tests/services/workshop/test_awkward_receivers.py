"""Rule W32: whatever a receiver of health records says, or does not, holds nobody up and settles only what it says."""

import logging
import socket
import time
from threading import Event
from typing import Any

import eventlet
import pytest
from structlog.testing import capture_logs

from chassis.wire.errors import SettingsError
from servicelane.health_record_sandbox import HealthRecordSandbox
from services.workshop.order_file import adapter
from services.workshop.service import WorkshopService
from tests.receivers import AwkwardReceiver, Says, answer
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_health_record import closed, errands, listed, sends

LONGEST = 4.5
"""Seconds: what an attempt may take, and a little for a machine that is busy."""


def sent_to(shop: Shop, receiver: AwkwardReceiver, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str | None]:
    """How the record of a closed order stands after one attempt, and why."""
    monkeypatch.setenv("HEALTH_RECORD_URL", receiver.url)
    closed(shop)
    with eventlet.Timeout(LONGEST, AssertionError("one attempt holds up all others")):
        assert sends(shop) == 1
    [entry] = [one for state in ("due", "refused", "taken") for one in listed(shop, state).items]
    return entry.record_state, entry.reason


@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
def test_two_answers_say_that_it_is_taken(shop: Shop, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """It has it since now, or had it: both settle it."""
    with AwkwardReceiver(answer(status)) as receiver:
        assert sent_to(shop, receiver, monkeypatch) == ("taken", None)


@pytest.mark.parametrize(
    "status", ["202 Accepted", "204 No Content", "400 Bad", "401 Who", "404 No", "409 Busy", "429 Slow", "500 Oh"]
)
def test_any_other_answer_is_no_word_about_the_record(shop: Shop, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """It is sent again; 409 is that an earlier sending is still at work there."""
    with AwkwardReceiver(answer(status, b"" if status.startswith("204") else b'{"reason": "no"}')) as receiver:
        assert sent_to(shop, receiver, monkeypatch) == ("due", f"HTTP {status[:3]}")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Moved", "308 Moved"])
def test_nobody_is_led_elsewhere(shop: Shop, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """The address is the operator's to set: a record goes to nobody else."""
    with HealthRecordSandbox() as elsewhere, AwkwardReceiver(answer(status, b"", f"Location: {elsewhere.url}")) as receiver:
        assert sent_to(shop, receiver, monkeypatch) == ("due", f"HTTP {status[:3]}")
        assert elsewhere.received == []


REASONS: dict[str, tuple[bytes, str]] = {
    "a reason": ('{"reason": "车辆未备案"}'.encode(), "车辆未备案"),
    "no reason": (b"{}", "HTTP 422"),
    "nothing": (b"", "HTTP 422"),
    "blanks": (b'{"reason": " \\n\\t "}', "HTTP 422"),
    "null": (b'{"reason": null}', "HTTP 422"),
    "plain text": (b"unknown  plate\r\n", "unknown plate"),
    "a list": (b'["plate", "vin"]', '["plate", "vin"]'),
    "another object": (b'{"code": 17}', '{"code": 17}'),
    "what no database stores": (b'{"reason": "no\\u0000 car"}', "no car"),
    "half a letter": (b'{"reason": "no\\ud800 car"}', "no car"),
    "writing that turns round": (b'{"reason": "no\\u202e car\\u200f"}', "no car"),
    "no UTF-8": (b"no plate \xff", "no plate \ufffd"),
    "what is nested too deeply": (b"[" * 9_000, "[" * 300),
    "a long story": (b"long " * 400_000, "long " * 60),
}


@pytest.mark.parametrize("told", REASONS)
def test_a_refusal_is_noted_with_whatever_reason_it_has(shop: Shop, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    """What a database would not store or nobody could read must not keep it from being noted: it would be sent for ever."""
    body, reason = REASONS[told]
    with AwkwardReceiver(answer("422 Refused", body)) as receiver:
        assert sent_to(shop, receiver, monkeypatch) == ("refused", reason)


def _nothing(line: socket.socket) -> None:
    line.recv(1)


def _drip(*, first: bytes, then: bytes) -> Says:
    """Something every second, for as long as anybody listens: no wait for a byte ever takes too long."""

    def says(line: socket.socket) -> None:
        line.sendall(first)
        while True:
            time.sleep(1)
            line.sendall(then)

    return says


SILENT: dict[str, Says] = {
    "hangs up": lambda line: None,
    "never answers": _nothing,
    "answers no HTTP": lambda line: line.sendall(b"\x00\x01 hello\r\n\r\n"),
    "says a byte of its status at a time": _drip(first=b"HTTP/1.1 201 ", then=b"C"),
    "says a header at a time": _drip(first=b"HTTP/1.1 201 Created\r\n", then=b"X-More: 1\r\n"),
    "says a byte of its reason at a time": _drip(first=b"HTTP/1.1 422 No\r\nContent-Length: 9000\r\n\r\n", then=b"n"),
    "asks to be waited for": _drip(first=b"HTTP/1.1 100 Continue\r\n\r\n", then=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "has more headers than anybody": lambda line: line.sendall(b"HTTP/1.1 201 Created\r\n" + b"X: 1\r\n" * 1000 + b"\r\n"),
}


@pytest.mark.parametrize("receiver", SILENT)
def test_no_receiver_holds_up_the_others(shop: Shop, monkeypatch: pytest.MonkeyPatch, receiver: str) -> None:
    """One attempt is over within seconds, whatever trickles in; nothing is settled by it."""
    with AwkwardReceiver(SILENT[receiver]) as awkward:
        state, reason = sent_to(shop, awkward, monkeypatch)
        assert (state, bool(reason)) == ("due", True)
        assert len(awkward.requests) == 1


def test_no_answer_about_one_car_keeps_no_other_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again later; meanwhile the next one is sent, of whichever dealer it is."""
    first = closed(shop)
    with AwkwardReceiver(lambda line: None) as receiver:
        monkeypatch.setenv("HEALTH_RECORD_URL", receiver.url)
        one, other = closed(shop), closed(shop)

        def says(line: socket.socket) -> None:
            if one.id not in receiver.requests[-1]:
                answer("201 Created")(line)

        receiver.says = says
        assert sends(shop) == 2
        assert first.id not in str(receiver.requests)
    assert {item.work_order_id: item.record_state for item in listed(shop, "due").items} == {one.id: "due"}
    assert [item.work_order_id for item in listed(shop, "taken").items] == [other.id]


def test_a_password_of_the_address_is_sent_and_told_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a log, also of what goes wrong, nor in an answer."""
    said = answer("503 Away", b"", "broken header", "\x00 another")
    with caplog.at_level(logging.DEBUG), capture_logs() as told, AwkwardReceiver(said) as receiver:
        receiver.url = f"http://workshop:s%40fe-word@{receiver.host}/records?key=hidden-key"
        assert sent_to(shop, receiver, monkeypatch)[0] == "due"
        [request] = receiver.requests
        assert request.startswith("POST /records?key=hidden-key HTTP/1.1\r\n")
        assert "Authorization: Basic d29ya3Nob3A6c0BmZS13b3Jk\r\n" in request
        assert f"Host: {receiver.host}\r\n" in request
    everything = f"{told}{caplog.text}{listed(shop, 'due')}"
    assert [one for one in ("s%40fe-word", "s@fe-word", "hidden-key", "d29ya3Nob3A6c0BmZS13b3Jk") if one in everything] == []


@pytest.mark.parametrize(
    "wrong",
    ["ftp://records", "records", "http://", "http://x:0/", "http://x:y/", "http://x/a b", "http://x/档案", "http://a\nb/"],
)
def test_what_is_no_address_stops_the_start(shop: Shop, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("HEALTH_RECORD_URL", wrong)
    with pytest.raises(SettingsError, match="HEALTH_RECORD_URL") as refused:
        WorkshopService.check(shop.desk.executor.settings)
    assert str(refused.value).startswith("HEALTH_RECORD_URL must be an address such as https://records.example/v1, or")


def test_who_is_told_to_stop_takes_nothing_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due is there for the next leader."""
    with HealthRecordSandbox() as sandbox:
        monkeypatch.setenv("HEALTH_RECORD_URL", sandbox.url)
        closed(shop)
        stopped = Event()
        stopped.set()
        assert (errands(shop).look(stopped), sandbox.received) == (False, [])
        assert sends(shop) == 1


def test_an_attempt_that_is_answered_too_late_overrules_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader that was frozen between sending and noting wakes up: what was settled meanwhile stays so."""
    with HealthRecordSandbox() as sandbox:
        monkeypatch.setenv("HEALTH_RECORD_URL", sandbox.url)
        closed(shop)
        rows: Any = WorkshopService.errands()["send_health_record"]
        [due] = shop.desk.executor.due_timers(9, ["send_health_record"])
        shop.desk.executor.fire(due, rows.take)
        shop.desk.pass_time(minutes=1)
        sends(shop)
        late = adapter.Answered("refused", "too late")
        shop.desk.executor.run_for(due.dealer, lambda work: rows.note(work, due.subject, late))
    assert [one.record_state for one in listed(shop, "taken").items] == ["taken"]
