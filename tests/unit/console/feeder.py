"""A gateway that does nothing but feed: it knows sessions, and says in its change feed what a test wants."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import requests
from eventlet.queue import Empty, Queue
from flask import Flask, Response, request

from chassis.process.metrics import HttpMetrics
from chassis.process.server import STREAM, Server
from console.app import build_app
from console.live.tabs import WATCH, Live
from console.settings import ConsoleSettings
from deploy.dev.state import free_port
from tests.doors.listening import Listener, listening
from tests.waiting import awaited

DEALER, OTHER = "sh-pudong", "bj-chaoyang"
ORDER = "0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d10"
PROBLEM = "application/problem+json"


@dataclass
class Heard:
    """A stream that was asked for at the feeder."""

    dealer: str
    handle: str
    last: str
    says: Queue = field(default_factory=Queue)
    over: bool = False


class Feeder:
    """Sessions are called by their handles: `li` is Li's, who works at the dealers that `people` says, in the roles there."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, list[str]]] = {
            "li": {DEALER: ["technician"]},
            "wang": {DEALER: ["foreman"], OTHER: ["foreman"]},
        }
        self.asked = 0
        self.silent = False
        self.streams: list[Heard] = []
        self.port = free_port()
        self._server: Server | None = None
        self.start()

    def start(self) -> None:
        """Answer."""
        self._server = Server(self._app(), f"127.0.0.1:{self.port}", connections=50)
        self._server.start()

    def stop(self) -> None:
        """Be gone, streams and all."""
        if self._server is not None:
            for stream in self.open:
                stream.says.put(None)
            self._server.stop(0)
            self._server = None

    @property
    def open(self) -> list[Heard]:
        """The streams that are open."""
        return [one for one in self.streams if not one.over]

    def tells(self, subject: str = ORDER, *, dealer: str = DEALER, **facts: Any) -> str:
        """Something changed; the id of the event."""
        known = {"event_id": str(uuid4()), "type": "workshop.work_order.dispatched", "subject": subject}
        change = {**known, "work_order_id": None, "appointment_id": None, **facts}
        self.says(f"event: change\n{mark()}data: {json.dumps(change)}\n\n", dealer)
        return str(change["event_id"])

    def says(self, text: str, dealer: str = DEALER) -> None:
        """Anything."""
        for stream in self.open:
            if stream.dealer == dealer:
                stream.says.put(text)

    def ends(self) -> None:
        """Every stream ends as it should: with its token, or because a gateway drains."""
        for stream in self.open:
            stream.says.put(None)

    def _app(self) -> Flask:
        app = Flask("feeder")
        app.add_url_rule("/v1/tokens", view_func=self._tokens, methods=["POST"])
        app.add_url_rule("/v1/tokens/revoke", view_func=self._revoke, methods=["POST"])
        app.add_url_rule("/v1/me", view_func=self._me)
        app.add_url_rule("/v1/openapi.json", view_func=self._document)
        app.add_url_rule("/v1/dealers/<dealer>/changes", view_func=self._changes)
        return app

    def _tokens(self) -> Any:
        handle = request.form["refresh_token"]
        if handle not in self.people:
            return _problem(400, "session_ended")
        return {"access_token": f"of:{handle}", "refresh_token": handle, "expires_in": 600}

    def _revoke(self) -> Any:
        self.people.pop(request.form["token"], None)
        return Response(status=204)

    def _whose(self) -> str | None:
        handle = request.headers["Authorization"].removeprefix("Bearer of:")
        return handle if handle in self.people else None

    def _me(self) -> Any:
        self.asked += 1
        if self.silent:
            return _problem(503, "bus_unavailable")
        handle = self._whose()
        if handle is None:
            return _problem(401, "not_authenticated")
        place = {"name": "店", "time_zone": "Asia/Shanghai", "currency": "CNY", "locale": "zh"}
        dealers = [{"dealer": dealer, "roles": roles, **place} for dealer, roles in self.people[handle].items()]
        return {"login": handle, "name": handle, "locale": "en", "group_roles": [], "dealers": dealers}

    def _document(self) -> Any:
        roles = {"get": {"x-roles": ["technician", "foreman"]}}
        return {"paths": {f"/v1/dealers/{{dealer}}{WATCH[1]}": roles}}

    def _changes(self, dealer: str) -> Any:
        handle = self._whose()
        if handle is None:
            return _problem(401, "not_authenticated")
        if not self.people[handle].get(dealer):
            return _problem(404, "not_found")
        stream = Heard(dealer, handle, request.headers["Last-Event-ID"])
        self.streams.append(stream)
        return Response(_said(stream, request.environ[STREAM]()), content_type="text/event-stream")


def _said(stream: Heard, there: Callable[[], bool]) -> Iterator[bytes]:
    try:
        yield b"retry: 2000\n: open\n\n"
        while there():
            with suppress(Empty):
                text = stream.says.get(timeout=0.05)
                if text is None:
                    return
                yield text.encode()
    finally:
        stream.over = True


def _problem(status: int, code: str) -> Response:
    return Response(json.dumps({"code": code, "title": code}), status, content_type=PROBLEM)


def mark(seconds: float = 0) -> str:
    """The id of an event that is heard now, or so much later."""
    return f"id: {int((time.time() + seconds) * 1000)}\n"


class Replica:
    """A console before the feeder, on a socket."""

    def __init__(self, feeder: Feeder, **settings: Any) -> None:
        self.app = build_app(
            ConsoleSettings(f"http://127.0.0.1:{feeder.port}", secure_cookie=False, **settings), HttpMetrics("console")
        )
        self.live: Live = self.app.extensions["parts"].live
        self.server = Server(self.app, "127.0.0.1:0", connections=10)
        self.server.start()

    def stop(self) -> None:
        """As a process does."""
        self.live.close()
        self.server.stop(5)

    @contextmanager
    def tab(self, handle: str, dealer: str = DEALER, since: float | None = None, **headers: str) -> Iterator[Listener]:
        """A tab of this session, that is live."""
        at = int((time.time() if since is None else since) * 1000)
        with listening(self.server.address, f"/d/{dealer}/live?since={at}", "", Cookie=f"lane={handle}", **headers) as listener:
            awaited(lambda: "live" in listener.events or "away" in listener.events, "the tab to be told where it is")
            yield listener


def keys(listener: Listener) -> list[list[str]]:
    """What the tab was told of, change by change."""
    return [one for told in listener.told for one in json.loads(told)]


@pytest.fixture
def feeder() -> Iterator[Feeder]:
    """The gateway."""
    feeder = Feeder()
    yield feeder
    feeder.stop()


@pytest.fixture
def replica(feeder: Feeder) -> Iterator[Callable[..., Replica]]:
    """`replica(streams=3)`: a console with these settings."""
    running: list[Replica] = []

    def started(**settings: Any) -> Replica:
        running.append(Replica(feeder, **settings))
        return running[-1]

    yield started
    for one in running:
        one.stop()


def address(console: Replica, path: str = f"/d/{DEALER}/live") -> str:
    host, port = console.server.address
    return f"http://{host}:{port}{path}"


def opened(console: Replica, handle: str = "li", path: str = f"/d/{DEALER}/live", **headers: str) -> int:
    """The status of one more stream, which nobody goes on reading."""
    with requests.get(address(console, path), headers=headers, cookies={"lane": handle}, stream=True, timeout=20) as answer:
        return answer.status_code
