"""What an orchestrator asks a process: is it alive, is it ready, and its metrics. Plain HTTP on `Settings.probe_address`.

- `GET /healthz`: 200 while every liveness check passes; else 503, and the process wants to be restarted;
- `GET /readyz`: 200 while every readiness check passes; else 503, and nothing should be sent to it;
- `GET /metrics`: Prometheus' text format.
"""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from time import monotonic
from typing import Any

import eventlet
import eventlet.wsgi
import structlog
from werkzeug.wrappers import Request, Response

from chassis.process.logs import mask_text
from chassis.process.metrics import Exposition
from chassis.process.server import listen

log = structlog.get_logger()

Check = Callable[[], None]

_SOCKET_SECONDS = 5.0
_CONNECTIONS = 32
_LOOK_SECONDS = 0.5
_BACKLOG = 50


class CheckTimedOut(Exception):
    """A check took longer than its deadline."""


class Probes:
    """The probes of one process.

    A check is a name and a function that raises when things are not well. Checks run at the same time, each for at most
    `deadline_seconds`; one that takes longer has failed. A check must wait the green way, or it stops the process it watches.
    """

    def __init__(self, address: str | None, metrics: Exposition, *, deadline_seconds: float = 2.0) -> None:
        self._listen_on = address
        self._metrics = metrics
        self._deadline = deadline_seconds
        self._liveness: dict[str, Check] = {}
        self._readiness: dict[str, Check] = {}
        self._said: dict[tuple[str, str], str] = {}
        self._listener: _Listener | None = None
        self._server: Any = None
        self._measuring: Any = None

    def register_liveness(self, name: str, check: Check) -> None:
        """The process is alive only while this check passes."""
        self._liveness[name] = check

    def register_readiness(self, name: str, check: Check) -> None:
        """The process is ready only while this check passes."""
        self._readiness[name] = check

    @property
    def address(self) -> tuple[str, int] | None:
        """Where the probes are served now: host and port; None while they are not."""
        return None if self._listener is None else self._listener.getsockname()[:2]

    def start(self) -> None:
        """Serve the probes, if there is an address. Raises SettingsError when that address cannot be used."""
        if self._listen_on is None:
            return
        self._listener = _Listener(listen(self._listen_on, "PROBE_ADDRESS", backlog=_BACKLOG))
        self._server = eventlet.spawn(
            eventlet.wsgi.server,
            self._listener,
            self,
            max_size=_CONNECTIONS,
            keepalive=False,
            log_output=False,
            debug=False,
            socket_timeout=_SOCKET_SECONDS,
        )
        self._measuring = eventlet.spawn(self._measure)

    def stop(self) -> None:
        """Answer nobody any more; requests under way are left to end by themselves."""
        if self._listener is not None:
            self._server.kill()
            self._measuring.kill()
            self._listener.close()
            self._listener = self._server = self._measuring = None

    def _measure(self) -> None:
        """How late this thread is when it wants a turn, others are, too: a message, a request, a heartbeat."""
        while True:
            wanted = monotonic() + _LOOK_SECONDS
            eventlet.sleep(_LOOK_SECONDS)
            self._metrics.late(monotonic() - wanted)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The WSGI application."""
        return self._answer(Request(environ, populate_request=False))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path not in ("/healthz", "/readyz", "/metrics"):
            return _problem(404, "There is nothing here.")
        if request.method != "GET":
            response = _problem(405, "A probe is read with GET.")
            response.headers["Allow"] = "GET"
            return response
        if request.content_length or "Transfer-Encoding" in request.headers:
            return _problem(400, "A probe takes no body.")
        if request.path == "/metrics":
            return Response(self._metrics.exposition(), content_type=self._metrics.content_type)
        if request.path == "/healthz":
            return self._report("liveness", self._liveness)
        return self._report("readiness", self._readiness)

    def _report(self, kind: str, checks: dict[str, Check]) -> Response:
        running = {name: eventlet.spawn(self._state, check) for name, check in checks.items()}
        found = [{"name": name, **state.wait()} for name, state in running.items()]
        for check in found:
            self._say_if_new(kind, check)
        passed = all(check["state"] == "passed" for check in found)
        body = {"state": "passed" if passed else "failed", "checks": found}
        return Response(json.dumps(body), 200 if passed else 503, content_type="application/json")

    def _state(self, check: Check) -> dict[str, str]:
        try:
            with eventlet.Timeout(self._deadline, CheckTimedOut(f"no answer within {self._deadline:g} s")):
                check()
        except Exception as error:  # noqa: BLE001  # a check may fail in any way: how it failed is its answer
            return {"state": "failed", "reason": mask_text(f"{type(error).__name__}: {error}")}
        return {"state": "passed"}

    def _say_if_new(self, kind: str, check: dict[str, str]) -> None:
        before = self._said.get((kind, check["name"]), "passed")
        self._said[kind, check["name"]] = check["state"]
        if check["state"] != before:
            log.warning("probe_check_changed", kind=kind, check=check["name"], state=check["state"], reason=check.get("reason"))


class _Listener:
    """A listening socket whose accept() outlives what eventlet's server would die of: aborted clients, no file handle left."""

    def __init__(self, listening: Any) -> None:
        self.family = listening.family
        self._listening = listening
        self._closed = False

    def accept(self) -> Any:
        while True:
            try:
                return self._listening.accept()
            except OSError as error:
                if self._closed:
                    raise
                log.warning("probe_accept_failed", reason=str(error))
                eventlet.sleep(0.1)

    def getsockname(self) -> Any:
        return self._listening.getsockname()

    def close(self) -> None:
        self._closed = True
        self._listening.close()


def _problem(status: int, detail: str) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(json.dumps(body), status, content_type="application/problem+json")
