"""Reads that many ask for at once: a colleague's change sends every open board of a dealer to look."""

import gzip
import json
import time
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

import eventlet
from eventlet.event import Event

Read = Callable[[], Any]

_FAST = 1
GATHERING_SECONDS = 0.1
"""The same is read at most once in so long: pages that are sent to look do so within a tenth of a second of each other."""


class Alike(dict[str, Any]):
    """An answer that many are given as it is: it is written, and compressed, once for all of them. Nobody changes it."""

    @cached_property
    def written(self) -> bytes:
        """As it is sent."""
        return written(dict(self))

    @cached_property
    def compressed(self) -> bytes:
        """The same in gzip."""
        return compressed(self.written)


def written(answer: Any) -> bytes:
    """An answer as it is sent."""
    return json.dumps(answer, ensure_ascii=False).encode()


def compressed(body: bytes) -> bytes:
    """The same in gzip, quickly."""
    return gzip.compress(body, _FAST, mtime=0)


class SharedReads:
    """Whoever asks while the same is being read, or was a moment ago, shares the next answer with all who wait for it.

    That read begins after each of them has asked: everybody sees what was true when they asked, so also what they have just
    done. Answers are shared as they are: nobody changes one.
    """

    def __init__(self) -> None:
        self._reading: dict[Hashable, Event] = {}
        self._next: dict[Hashable, Event] = {}

    def ask(self, what: Hashable, read: Read) -> Any:
        """What `read` answers, whoever's. When another one's read fails, this one reads for itself."""
        if what not in self._reading:
            return self._read(what, read)
        if what in self._next:
            answered, answer = self._next[what].wait()
            return answer if answered else read()
        self._next[what] = following = Event()
        answered, answer = False, None
        try:
            while what in self._reading:
                self._reading[what].wait()
            del self._next[what]  # whoever asks from here on asks after it has begun
            answer = self._read(what, read)
            answered = True
        finally:
            if self._next.get(what) is following:
                del self._next[what]
            following.send((answered, answer))
        return answer

    def _read(self, what: Hashable, read: Read) -> Any:
        self._reading[what] = over = Event()
        began = time.monotonic()
        try:
            return read()
        finally:
            eventlet.spawn_after(began + GATHERING_SECONDS - time.monotonic(), self._over, what, over)

    def _over(self, what: Hashable, over: Event) -> None:
        del self._reading[what]
        over.send()
