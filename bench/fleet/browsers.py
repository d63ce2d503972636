"""Browsers before the console: boards that are open and kept up to date as its script does, and somebody who walks about.

    python -m bench.cooperative bench.fleet.browsers      # a line of JSON says where and who, then a line per job

Told once: {"address": host:port of the console, "boards": [[dealer, handle]], "walk": {"handle", "pages": [path]}}. A job is
{"do": "open"}, which opens every board and answers how they stay up to date; {"do": "look", "seconds"}, which answers
what was asked meanwhile and how long each took; or {"do": "close"}.
"""

import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import cycle
from typing import Any

import eventlet

from bench.cooperative import lines

SEED = 2026
ANSWER_SECONDS = 30.0
OPENING = 20
"""So many boards are being opened at once."""
BETWEEN_PAGES = 0.25
STREAM = re.compile(r'data-events="([^"]+)" data-since="([0-9]+)"')
KEYS = re.compile(r'data-live="([^"]+)"')
PAUSE_SECONDS, LEAST_SECONDS, AGAIN_SECONDS, UNASKED_SECONDS, RETRY_SECONDS = (0.1, 0.2), 1.5, 2.5, 60.0, 2.0
"""As console/static/live.js has them: before it looks, between two looks, once more, unasked, and of a stream that broke off."""
STREAM_SECONDS = 60.0
AGAIN = {"X-Console-Look": "again"}
"""What the script says when it reads a page that it shows already."""


class Browser:
    """One browser: its session, its address and its kept connection."""

    def __init__(self, address: str, handle: str, number: int) -> None:
        self._address = address
        self._connection: HTTPConnection | None = None
        self._stream: HTTPResponse | None = None
        self._headers = {
            "Cookie": f"lane={handle}; lane-language=zh",
            "Accept-Encoding": "gzip",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}",
        }

    def get(self, path: str, **more: str) -> tuple[int, bytes]:
        """Status and body as it came. Raises OSError or HTTPException when the connection is lost."""
        connection = self._connection or HTTPConnection(self._address, timeout=ANSWER_SECONDS)
        self._connection = None
        connection.request("GET", path, headers={**self._headers, **more})
        answer = connection.getresponse()
        body = answer.read()
        if not answer.will_close:
            self._connection = connection
        return answer.status, body

    def events(self, path: str) -> Iterator[tuple[str, str, str]]:
        """What a stream says: name, data and mark of each event, until it ends. Raises OSError, HTTPException or ValueError."""
        connection = HTTPConnection(self._address, timeout=STREAM_SECONDS)
        connection.request("GET", path, headers={**self._headers, "Accept": "text/event-stream", "Accept-Encoding": "identity"})
        self._stream = answer = connection.getresponse()  # it has the socket from here on
        if answer.status != 200:
            raise ValueError(answer.status)
        said: dict[str, str] = {}
        for line in answer:
            name, _, value = line.decode().rstrip("\n").partition(":")
            if name:
                said[name] = value.removeprefix(" ")
            elif said:
                yield said.get("event", ""), said.get("data", ""), said.pop("id", "")
                said = {}

    def hang_up(self) -> None:
        """Close what is open."""
        for one in (self._stream, self._connection):
            if one is not None:
                one.close()


class Seen:
    """What was asked, how long each took in ms, and what went wrong."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self.failed: Counter[str] = Counter()

    def get(self, browser: Browser, path: str, **more: str) -> bytes | None:
        """Ask once more on a new connection where the kept one was closed, as browsers do."""
        began = time.monotonic()
        for again in (False, True):
            try:
                status, body = browser.get(path, **more)
            except (OSError, HTTPException) as error:
                if again:
                    self.failed[type(error).__name__] += 1
                continue
            self.took.append((time.monotonic() - began) * 1000)
            if status == 200:
                return body
            self.failed[str(status)] += 1
            break
        return None


class Board:
    """One tab with a dealer's board, kept up to date as the page's script does it: by the console's stream (live.js)."""

    def __init__(self, browser: Browser, dealer: str, seen: Seen) -> None:
        self._browser = browser
        self._path = f"/d/{dealer}/board"
        self._seen = seen
        self._living: list[Any] = []
        self._keys: dict[str, bool] = {}
        self._looked_at = 0.0
        self._due: Any = None
        self._again: Any = None
        self.how = "not kept up to date"

    def open(self) -> None:
        """Load the page, and do from then on what its script does."""
        body = self._look()
        if body is None:
            return
        page = gzip.decompress(body).decode()
        keys = found[1].split() if (found := KEYS.search(page)) else []
        # A key that ends with ~ stands for what another service hears first: the page is looked at once more.
        self._keys = {key.rstrip("~"): key.endswith("~") for key in keys}
        if stream := STREAM.search(page):
            self.how = "told by the console's stream"
            self._living = [eventlet.spawn(self._listen, stream[1], stream[2]), eventlet.spawn(self._look_unasked)]

    def close(self) -> None:
        """The tab is closed."""
        for one in (*self._living, self._due, self._again):
            if one is not None:
                one.kill()
        self._browser.hang_up()

    def _listen(self, address: str, since: str) -> None:
        while True:
            try:
                for name, data, mark in self._browser.events(f"{address}?since={since}"):
                    since = mark or since
                    if name == "resync":
                        self._soon()
                    elif name == "change":
                        self._changed({key for keys in json.loads(data) for key in keys})
            except (OSError, HTTPException, ValueError) as error:
                self._seen.failed[f"stream: {type(error).__name__}"] += 1
            eventlet.sleep(RETRY_SECONDS)

    def _changed(self, keys: set[str]) -> None:
        ours = keys & self._keys.keys()
        if ours:
            self._soon()
        if any(self._keys[key] for key in ours):
            if self._again is not None:
                self._again.cancel()
            self._again = eventlet.spawn_after(AGAIN_SECONDS, self._soon)

    def _soon(self) -> None:
        if self._due is None:
            wait = max(random.uniform(*PAUSE_SECONDS), self._looked_at + LEAST_SECONDS - time.monotonic())
            self._due = eventlet.spawn_after(wait, self._look)

    def _look_unasked(self) -> None:
        eventlet.sleep(random.uniform(0, UNASKED_SECONDS))
        while True:
            self._look()
            eventlet.sleep(UNASKED_SECONDS)

    def _look(self) -> bytes | None:
        self._due, self._looked_at = None, time.monotonic()
        return self._seen.get(self._browser, self._path, **(AGAIN if self._keys else {}))


class Browsers:
    """All of them."""

    def __init__(self, given: dict[str, Any]) -> None:
        address, walk = given["address"], given["walk"]
        self._boards_seen, self._walk_seen = Seen(), Seen()
        self._boards = [
            Board(Browser(address, handle, number), dealer, self._boards_seen)
            for number, (dealer, handle) in enumerate(given["boards"])
        ]
        eventlet.spawn(self._walk, Browser(address, walk["handle"], len(self._boards)), walk["pages"])

    def open(self) -> dict[str, Any]:
        """Open every board."""
        started, pool = time.monotonic(), eventlet.GreenPool(OPENING)
        for board in self._boards:
            pool.spawn_n(board.open)
        pool.waitall()
        return {"seconds": time.monotonic() - started, "how": dict(Counter(board.how for board in self._boards))}

    def look(self, seconds: float) -> dict[str, Any]:
        """Go on for so long."""
        for seen in (self._boards_seen, self._walk_seen):
            seen.took, seen.failed = [], Counter()
        eventlet.sleep(seconds)
        return {
            "boards": self._boards_seen.took,
            "pages": self._walk_seen.took,
            "failed": self._boards_seen.failed + self._walk_seen.failed,
        }

    def close(self) -> dict[str, Any]:
        """Close every board."""
        for board in self._boards:
            board.close()
        return {}

    def _walk(self, browser: Browser, pages: list[str]) -> None:
        for path in cycle(pages):
            self._walk_seen.get(browser, path)
            eventlet.sleep(BETWEEN_PAGES)


def main() -> None:
    """Do job after job until the harness ends the process."""
    random.seed(SEED)
    received = lines()
    browsers = Browsers(json.loads(next(received)))
    for line in received:
        job = json.loads(line)
        answer = getattr(browsers, job.pop("do"))(**job)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
