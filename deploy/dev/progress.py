"""Shows that a long step goes on: one line that is written anew on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

TERMINAL_SECONDS = 0.5
OTHER_SECONDS = 10.0


class Progress:
    """One step. `at` says, from all that the program has printed so far, how far it is."""

    def __init__(self, step: str, at: Callable[[str], str], stream: TextIO | None = None) -> None:
        self._step = step
        self._at = at
        self._stream = sys.stderr if stream is None else stream
        self._terminal = self._stream.isatty()
        self._every = TERMINAL_SECONDS if self._terminal else OTHER_SECONDS
        self._begun = time.monotonic()
        self._shown = self._begun

    def tick(self, printed: Callable[[], str]) -> None:
        """Say where the step is, if it is time to; `printed` is asked only then."""
        now = time.monotonic()
        if now - self._shown < self._every:
            return
        self._shown = now
        line = f"  {self._step}: {self._at(printed())} ({now - self._begun:.0f} s)"
        if self._terminal:
            self._stream.write(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}")
        else:
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def end(self) -> None:
        """Leave nothing behind on a terminal."""
        if self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def last_line(printed: str) -> str:
    """What a program said last: how far it is, for one of which nothing better is known."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return lines[-1][:100] if lines else "begun"
