"""The tabs that are looked at: what each is told, for as long as its own session may know it."""

import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote
from weakref import WeakSet
from zoneinfo import ZoneInfo

import eventlet
import structlog

from chassis.process.metrics import HttpMetrics
from chassis.process.ring import KEPT_SECONDS, Change
from console.gateway import Gateway, Refusal
from console.live.hearing import Event, events
from console.live.line import SKEW_SECONDS, Ear, Line
from console.roles import Roles
from console.session import Sessions, SignedOut

log = structlog.get_logger()

WATCH = ("GET", "/changes")
"""Who may call this operation of a dealer may be told of its changes."""
LINGER_SECONDS = 10.0
"""So long a line is kept for the next page of who has just left one."""
ALIVE_SECONDS = 15.0
ASKED_AGAIN_SECONDS, KNOWN_SECONDS = 1.0, 0.9
"""A tab's session is asked for so often, and what was answered so long ago at most is good: it ends within two seconds."""
ASKED_EACH_SECOND = 20
"""Beyond so many tabs those who only wait are asked for less often. Nobody is told anything without being asked for."""
_LOOK_SECONDS = 1.0
_AT_ONCE = 100
_OLDEST_SECONDS = KEPT_SECONDS / 2
_PATIENCE_SECONDS = 3.0
"""So long a line may take to be there before the first who waits for it is told that it is not."""


class TooMany(Exception):
    """No more streams: of this session, or of this replica."""

    status = 429


class ShuttingDown(Exception):
    """The replica takes no more streams."""

    status = 503


class Live:
    """Every open tab and line of this replica."""

    def __init__(
        self, gateway: Gateway, sessions: Sessions, roles: Roles, metrics: HttpMetrics, *, most: int, most_of_one: int
    ) -> None:
        self.closed = False
        self._gateway = gateway
        self._sessions = sessions
        self._roles = roles
        self._metrics = metrics
        self._most = most
        self._most_of_one = most_of_one
        self._open: WeakSet[Tab] = WeakSet()  # held by the responses: one that nobody reads is gone with its response
        self._lines: dict[str, Line] = {}
        self._listening: defaultdict[str, list[Tab]] = defaultdict(list)
        self._count()

    def open(self, ear: Ear, dealer: str, zone: ZoneInfo, since: float) -> "Tab":
        """The stream of one more tab. Raises TooMany, ShuttingDown."""
        if self.closed:
            raise ShuttingDown
        tabs = [one for one in self._open if one.there()]
        if len(tabs) >= self._most or sum(one.ear.session == ear.session for one in tabs) >= self._most_of_one:
            raise TooMany
        tab = Tab(self, ear, dealer, zone, since)
        self._open.add(tab)
        self._count()
        return tab

    def end(self, *, session: str = "", login: str = "") -> None:
        """This session has ended, or all of this person's: whatever was opened with it ends at once."""
        for tab in list(self._open):
            tab.ended = tab.ended or tab.ear.session == session or tab.ear.login == login
        for dealer, line in list(self._lines.items()):
            if all(tab.ended for tab in self._listening[dealer]):
                self._drop(dealer)
            line.ring.wake()

    def close(self) -> None:
        """End every stream now, and begin no more: browsers find another replica."""
        self.closed = True
        for dealer, line in list(self._lines.items()):
            self._drop(dealer)
            line.ring.wake()

    def join(self, tab: "Tab") -> Line:
        """The line a tab listens to from now on."""
        self._listening[tab.dealer].append(tab)
        line = self._lines.get(tab.dealer)
        if line is None:
            now = time.time()
            since = min(max(tab.since - 2 * SKEW_SECONDS, now - _OLDEST_SECONDS), now)
            self._lines[tab.dealer] = line = Line(
                lambda ear, mark: self._hear(tab.dealer, ear, mark),
                lambda: self._whose(tab.dealer),
                self._over,
                since,
            )
        line.start()
        return line

    def leave(self, tab: "Tab") -> None:
        """It listens no more. A line that was heard with its session goes on with another one's, or waits a moment for it."""
        self._open.discard(tab)
        self._count()
        others = self._listening[tab.dealer]
        if tab in others:
            others.remove(tab)
        line = self._lines.get(tab.dealer)
        if line is None:
            return
        if not others:
            eventlet.spawn_after(LINGER_SECONDS, self._drop_idle, tab.dealer, line)
        elif line.ear is not None and line.ear.session not in {one.ear.session for one in others}:
            line.restart()

    def may(self, tab: "Tab") -> bool:
        """Whether its session lives and may know what happens at the dealer.

        Raises Refusal while the gateway does not say.
        """
        try:
            person = self._sessions.person(tab.ear.handle, tab.ear.caller, KNOWN_SECONDS)
        except SignedOut:
            return False
        held = next((one.roles for one in person.dealers if one.id == tab.dealer), ())
        return self._roles.allow(held, *WATCH, tab.ear.caller)

    @property
    def pace(self) -> float:
        """How many seconds a tab that only waits lets pass before it asks again."""
        return max(ASKED_AGAIN_SECONDS, len(self._open) / ASKED_EACH_SECOND)

    @contextmanager
    def _hear(self, dealer: str, ear: Ear, mark: str) -> Iterator[Iterator[Event]]:
        path = f"/v1/dealers/{quote(dealer, safe='')}{WATCH[1]}"
        with self._sessions.with_token(ear.handle, ear.caller, lambda caller: self._gateway.listen(path, caller, mark)) as stream:
            yield events(stream.lines())

    def _whose(self, dealer: str) -> Ear | None:
        """Whoever has listened longest goes last, so that one who is refused does not stand in the others' way."""
        tabs = self._listening[dealer]
        for tab in list(tabs):
            tabs.append(tabs.pop(0))
            if not tab.ended and tab.there():
                return tab.ear
        return None

    def _over(self, ear: Ear) -> None:
        """The gateway says that a session a line was heard with has ended: the line itself goes on with another one."""
        for tab in list(self._open):
            tab.ended = tab.ended or tab.ear.session == ear.session

    def _drop_idle(self, dealer: str, line: Line) -> None:
        if self._lines.get(dealer) is line and not self._listening[dealer]:
            self._drop(dealer)

    def _drop(self, dealer: str) -> None:
        self._lines.pop(dealer).stop()

    def _count(self) -> None:
        self._metrics.streams_stand_at(len(self._open))


class Tab:
    """One tab's stream: the body of its response. Whoever sends it closes it, also when nothing of it was sent.

    It keeps nothing of what happens: who reads too slowly is told to read everything again.
    """

    def __init__(self, live: Live, ear: Ear, dealer: str, zone: ZoneInfo, since: float) -> None:
        self.ear = ear
        self.dealer = dealer
        self.since = since
        self.there: Callable[[], bool] = lambda: True
        self.ended = False
        self._live = live
        self._zone = zone
        self._said = self._say()
        self._proven = False
        self._shown: bool | None = None  # whether it was told that it is live
        self._owed = False  # something that could not be told when it came
        self._beats = 0
        self._alive_at = 0.0

    def __iter__(self) -> Iterator[bytes]:
        return self._said

    def close(self) -> None:
        """Nobody reads any more."""
        self._said.close()
        self._live.leave(self)

    def _say(self) -> Generator[bytes, None, None]:
        """What the stream says, event by event."""
        line = self._live.join(self)
        reader = line.reader(self.since)
        ask_at, patience = 0.0, time.monotonic() + _PATIENCE_SECONDS
        try:
            yield b"retry: 2000\n: open\n\n"
            while not self._live.closed and self.there():
                now, at = time.monotonic(), time.time()
                found = reader.read(_AT_ONCE) if line.live else []
                asks = now >= ask_at or found is None or bool(found)
                if asks:  # nothing is told on what was known of the session before
                    ask_at = now + self._live.pace
                    self._ask()
                if self.ended:
                    yield _event("out", at)
                    return
                self._owed = self._owed or found is None
                if line.live and self._proven:
                    said = self._news(line, found or [], at)
                else:
                    self._owed = self._owed or bool(found)
                    said = self._away(now, patience)
                if said:
                    self._alive_at = now + ALIVE_SECONDS
                    yield said
                elif not asks:  # else something may have come while it asked
                    reader.wait(_LOOK_SECONDS)
        finally:
            reader.close()

    def _ask(self) -> None:
        """Whether its session may know; not while the gateway does not say. One that may not has ended."""
        try:
            self._proven = self._live.may(self)
        except Refusal as refusal:
            log.warning("stream_cannot_be_allowed", code=refusal.code)
            self._proven = False
        else:
            self.ended = self.ended or not self._proven

    def _news(self, line: Line, found: list[Change], at: float) -> bytes:
        said = b""
        if not self._shown or (not found and (self._beats != line.beats or time.monotonic() >= self._alive_at)):
            seen = None if found or self._owed else at
            said += _event("live", seen, datetime.fromtimestamp(line.heard_at, self._zone).strftime("%H:%M:%S"))
        if self._owed:
            said += _event("resync", at)
        elif found:
            said += _event("change", found[-1].at, f"[{','.join(one.told for one in found)}]")
        self._shown, self._owed, self._beats = True, False, line.beats
        return said

    def _away(self, now: float, patience: float) -> bytes:
        if self._shown or (self._shown is None and now >= patience):
            self._shown = False
            return _event("away", None)
        return b": alive\n\n" if now >= self._alive_at else b""


def _event(name: str, at: float | None, data: str = "") -> bytes:
    mark = "" if at is None else f"id: {int(at * 1000)}\n"
    return f"event: {name}\n{mark}data: {data}\n\n".encode()
