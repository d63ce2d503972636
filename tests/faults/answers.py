"""Clients that ask until they are answered, and what they were answered: the list that invariant I9 is checked against."""

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from servicelane.client import REPEATABLE, Client, ProblemError

ATTEMPT_SECONDS = 14.0
"""Longer than the gateway's own deadline: whoever takes longer is frozen or gone."""
PATIENCE_SECONDS = 180.0
PAUSE_SECONDS = 0.2


class Unanswered(Exception):
    """Nobody answered, however often and wherever it was asked."""


@dataclass
class Tally:
    """How the gateway answered: by status (0: the connection broke), the most repeats of one request, the longest wait."""

    statuses: Counter[int] = field(default_factory=Counter)
    most_repeats: int = 0
    longest_seconds: float = 0.0

    def clear(self) -> None:
        """Begin to count anew."""
        self.statuses.clear()
        self.most_repeats, self.longest_seconds = 0, 0.0

    @property
    def defects(self) -> list[str]:
        """Answers that no fault excuses: a client is told what to do next, or that it must ask again."""
        return [f"answered {times} times with status {status}" for status, times in self.statuses.items() if status == 500]


def token(address: str, login: str, password: str) -> str:
    """An access token."""
    body = {"grant_type": "password", "username": login, "password": password}
    answer = requests.post(f"{address}/v1/tokens", json=body, timeout=ATTEMPT_SECONDS)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


class PatientClient(Client):
    """Asks every replica of the gateway in turn until it is answered; every repeat is under the same key or entity tag."""

    def __init__(self, addresses: list[str], token: str, *, dealer: str, tally: Tally) -> None:
        super().__init__(addresses[0], token, dealer=dealer)
        self._session.mount("http://", HTTPAdapter(pool_maxsize=64))
        self._bases = [f"{address}/v1/dealers/{dealer}" for address in addresses]
        self._next = cycle(self._bases)
        self.tally = tally

    def once(self, method: str, path: str, **how: Any) -> requests.Response:
        """Ask one replica once; whatever it answers."""
        started = time.monotonic()
        try:
            answer = self._session.request(method, next(self._next) + path, timeout=ATTEMPT_SECONDS, **how)
        except requests.RequestException:
            self.tally.statuses[0] += 1
            raise
        finally:
            self.tally.longest_seconds = max(self.tally.longest_seconds, time.monotonic() - started)
        self.tally.statuses[answer.status_code] += 1
        return answer

    def _request(self, method: str, path: str, **how: Any) -> Any:
        end, repeats = time.monotonic() + PATIENCE_SECONDS, 0
        while time.monotonic() < end:
            try:
                answer = self.once(method, path, **how)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code not in REPEATABLE:
                if answer.ok:
                    return answer.json()
                raise ProblemError(answer.json())
            repeats += 1
            self.tally.most_repeats = max(self.tally.most_repeats, repeats)
            time.sleep(PAUSE_SECONDS)
        raise Unanswered(f"{method} {path}: no answer within {PATIENCE_SECONDS:.0f} s")
