"""The client of the gateway: deadlines, repeats that are safe and none that are not, refusals with their types."""

from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
from flask import Flask, Response, request

from chassis.process.server import Server
from console.gateway import Call, Caller, Gateway, Refusal
from deploy.dev.state import free_port

CALLER = Caller(language="zh", request_id="front-desk-7", address="203.0.113.9, 127.0.0.1", token="a-token")
PROBLEM = "application/problem+json"

Answers = list[Callable[[], Any]]


class Scripted:
    """A gateway that answers as it is told, one after the other, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: Answers = []
        self.asked: list[dict[str, str]] = []
        app = Flask("gateway")
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST", "PUT"])
        self._server = Server(app, "127.0.0.1:0", connections=10)
        self._server.start()
        self.url = "http://{}:{}".format(*self._server.address)

    def stop(self) -> None:
        """Answer no more."""
        self._server.stop(0)

    def _answer(self, path: str) -> Any:
        self.asked.append(dict(request.headers))
        return self.answers.pop(0)()


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """The gateway."""
    gateway = Scripted()
    yield gateway
    gateway.stop()


def good() -> Any:
    return {"id": "7"}


def away() -> Any:
    return Response('{"code": "bus_unavailable", "title": "Nobody."}', 503, content_type=PROBLEM)


def html() -> Any:
    return Response("<h1>Bad gateway</h1>", 502, content_type="text/html")


def never() -> Any:
    eventlet.sleep(30)


def test_a_command_is_repeated_under_its_key(scripted: Scripted) -> None:
    """Once; whoever asks is named with each of the two."""
    scripted.answers = [away, good]
    call = Call("POST", "/v1/x", body={}, key="the-key", if_match='"3"')
    assert Gateway(scripted.url, seconds=5).ask(call, CALLER).body == {"id": "7"}
    assert [one["Idempotency-Key"] for one in scripted.asked] == ["the-key"] * 2
    first = scripted.asked[0]
    assert (first["Authorization"], first["Accept-Language"], first["If-Match"]) == ("Bearer a-token", "zh", '"3"')
    assert (first["X-Request-Id"], first["X-Forwarded-For"]) == ("front-desk-7", "203.0.113.9, 127.0.0.1")


def test_what_may_have_been_done_is_not_done_again(scripted: Scripted) -> None:
    """A command without a key: its outcome is told as it came."""
    scripted.answers = [away, good]
    with pytest.raises(Refusal) as refused:
        Gateway(scripted.url, seconds=5).ask(Call("POST", "/v1/tokens", form={}), CALLER)
    assert (refused.value.status, refused.value.code, len(scripted.asked)) == (503, "bus_unavailable", 1)


def test_nobody_waits_for_ever(scripted: Scripted) -> None:
    """A deadline holds for both attempts together."""
    scripted.answers = [never]
    with eventlet.Timeout(5, AssertionError("the deadline did not hold")), pytest.raises(Refusal) as refused:
        Gateway(scripted.url, seconds=1).ask(Call("GET", "/v1/x"), CALLER)
    assert (refused.value.status, refused.value.code) == (504, "gateway_unreachable")


def test_what_is_no_problem_document_is_no_answer_of_the_gateways(scripted: Scripted) -> None:
    """Something stands between; its words are not shown."""
    scripted.answers = [html, html]
    with pytest.raises(Refusal) as refused:
        Gateway(scripted.url, seconds=5).ask(Call("GET", "/v1/x"), CALLER)
    assert (refused.value.status, refused.value.code, refused.value.sentence) == (502, "gateway_unreachable", "")


def test_a_gateway_that_is_not_there_is_unreachable() -> None:
    """At once."""
    gateway = Gateway(f"http://127.0.0.1:{free_port()}", seconds=5)
    assert not gateway.answers()
    with pytest.raises(Refusal) as refused:
        gateway.ask(Call("GET", "/v1/x"), CALLER)
    assert refused.value.code == "gateway_unreachable"
