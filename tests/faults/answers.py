"""What clients were answered: the list that invariant I9 is checked against."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests

from deploy.local.desk import PatientClient


@dataclass
class Tally:
    """How the gateway answered: by status (0: the connection broke), the most repeats of one request, the longest wait.

    `most_errors`: how often at most one request was answered that it cannot be answered now, by a gateway that was there.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    most_repeats: int = 0
    most_errors: int = 0
    longest_seconds: float = 0.0

    def clear(self) -> None:
        """Begin to count anew."""
        self.statuses.clear()
        self.most_repeats, self.most_errors, self.longest_seconds = 0, 0, 0.0

    @property
    def defects(self) -> list[str]:
        """Answers that no fault excuses: a client is told what to do next, or that it must ask again."""
        return [f"answered {times} times with status {status}" for status, times in self.statuses.items() if status == 500]


class CountingClient(PatientClient):
    """Counts what it is answered."""

    def __init__(self, addresses: Sequence[str], refresh_token: str, *, dealer: str, tally: Tally) -> None:
        super().__init__(addresses, refresh_token, dealer=dealer)
        self.tally = tally
        self._mine = threading.local()

    def once(self, method: str, path: str, **how: Any) -> requests.Response:
        """Ask one replica once; whatever it answers."""
        started = time.monotonic()
        try:
            answer = super().once(method, path, **how)
        except requests.RequestException:
            self.tally.statuses[0] += 1
            self._mine.failed = False
            raise
        finally:
            self.tally.longest_seconds = max(self.tally.longest_seconds, time.monotonic() - started)
        self.tally.statuses[answer.status_code] += 1
        self._mine.failed = answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        return answer

    def _before_repeat(self, repeats: int) -> None:
        self.tally.most_repeats = max(self.tally.most_repeats, repeats)
        self._mine.errors = (self._mine.errors if repeats > 1 else 0) + self._mine.failed
        self.tally.most_errors = max(self.tally.most_errors, self._mine.errors)
        super()._before_repeat(repeats)
