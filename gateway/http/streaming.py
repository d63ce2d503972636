"""Server-sent events: the change feed as a response that goes on for as long as its caller may read it."""

import time
from collections.abc import Callable, Generator, Iterator
from weakref import WeakSet

import structlog
from flask import Response, request

from chassis.process.metrics import Metrics
from chassis.process.server import STREAM
from chassis.wire.errors import ServiceError
from gateway.feed.feed import Feed
from gateway.http.problems import Problem
from gateway.http.settings import HttpSettings

log = structlog.get_logger()

EVENT_STREAM = "text/event-stream"
SCHEMA = "ChangeStream"

ALIVE_SECONDS = 15.0
STANDING_SECONDS = 3.0
"""How often a stream asks whether its caller is there and may read it still."""
_AT_ONCE = 100
_RETRY_MILLISECONDS = 2_000
_RETRY_AFTER = {"Retry-After": "30"}
_MARK_DIGITS = 15


class Streams:
    """The open streams of this process: so many in all and so many of one caller, and none once it is closed."""

    def __init__(self, feed: Feed, settings: HttpSettings, metrics: Metrics) -> None:
        self._feed = feed
        self._settings = settings
        self._metrics = metrics
        # Held by the responses: one that nobody ever read is gone with its response.
        self._open: WeakSet[_Stream] = WeakSet()
        self.closed = False

    def open(self, *, principal: str, dealer: str, still: Callable[[], bool], ends_at: float) -> Response:
        """The caller's stream. It goes on until `ends_at`, and while `still` says so. Raises Problem for one too many."""
        if self.closed:
            raise Problem(503, "shutting_down")
        of_one = sum(one.principal == principal for one in self._open)
        if len(self._open) >= self._settings.streams or of_one >= self._settings.streams_of_one:
            raise Problem(429, "too_many_streams", headers=_RETRY_AFTER)
        there = request.environ.get(STREAM, _anywhere)()
        stream = _Stream(principal, self._said(dealer, _last_seen(), lambda: there() and still(), ends_at), self._end)
        self._open.add(stream)
        self._count()
        return Response(stream, content_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})

    def close(self) -> None:
        """End every stream now, and begin no more: their clients find another gateway."""
        self.closed = True
        self._feed.wake()

    def _said(self, dealer: str, since: float | None, still: Callable[[], bool], ends_at: float) -> Generator[bytes, None, None]:
        """What the stream says, event by event. It waits for the next one without holding anything of it."""
        reader = self._feed.reader(dealer, since)
        ask_again = 0.0
        try:
            # Who goes on has its own mark until it is told what it has missed.
            yield f"retry: {_RETRY_MILLISECONDS}\n: open\n{_mark(time.time()) if since is None else ''}\n".encode()
            alive_at = time.monotonic() + ALIVE_SECONDS
            while not self.closed and (left := ends_at - time.time()) > 0:
                now = time.monotonic()
                if now >= ask_again:
                    ask_again = now + STANDING_SECONDS
                    if not _may(still):
                        return
                found = reader.read(_AT_ONCE)
                if found is None:
                    said = f"event: resync\n{_mark(time.time())}data: {{}}\n\n"
                elif found:
                    said = "".join(f"event: change\n{_mark(one.at)}data: {one.told}\n\n" for one in found)
                elif now >= alive_at and self._feed.hears:
                    said = f": alive\n{_mark(time.time())}\n"
                else:
                    reader.wait(min(left, ask_again - now, max(alive_at - now, 1.0)))
                    continue
                alive_at = now + ALIVE_SECONDS
                yield said.encode()
        finally:
            reader.close()

    def _end(self, stream: "_Stream") -> None:
        self._open.discard(stream)
        self._count()

    def _count(self) -> None:
        self._metrics.streams_stand_at(len(self._open))


class _Stream:
    """The body of one response. Whoever sends it closes it, also when nothing of it was sent."""

    def __init__(self, principal: str, said: Generator[bytes, None, None], ended: Callable[["_Stream"], None]) -> None:
        self.principal = principal
        self._said = said
        self._ended = ended

    def __iter__(self) -> Iterator[bytes]:
        return self._said

    def close(self) -> None:
        """Nobody reads any more."""
        self._said.close()
        self._ended(self)


def _may(still: Callable[[], bool]) -> bool:
    try:
        return still()
    except ServiceError as error:  # nobody goes on with what they were allowed before
        log.warning("stream_cannot_be_allowed", error=str(error))
        return False


def _mark(at: float) -> str:
    """The id of an event: when it was heard here, in milliseconds. Another gateway finds the same place by it."""
    return f"id: {int(at * 1000)}\n"


def _last_seen() -> float | None:
    """When what the caller saw last was heard, in seconds since the epoch; at the beginning, where that is no mark of ours."""
    given = request.headers.get("Last-Event-ID")
    if not given:
        return None
    return int(given) / 1000 if given.isascii() and given.isdecimal() and len(given) <= _MARK_DIGITS else 0.0


def _anywhere() -> Callable[[], bool]:
    """Without our server nobody knows whether the client is there."""
    return lambda: True
