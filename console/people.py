"""What people are called. Papers name who acted by login; the gateway's list of a dealer's staff says whose that is."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from console.gateway import Refusal

KEPT_SECONDS = 60.0
NEW_SECONDS = 10.0
"""A login that nobody has is looked for again after so long: somebody may have begun to work here."""
PAGE = 200
"""As many as a list of the gateway has at once."""


class Reader(Protocol):
    """Reads what the gateway says of one dealer; raises Refusal."""

    def __call__(self, path: str, /, **query: object) -> Mapping[str, object]: ...


@dataclass
class _Directory:
    names: dict[str, str] = field(default_factory=dict)
    read_at: float = float("-inf")


class People:
    """The names of each dealer's staff, remembered for a while; also of who was locked or works there no longer."""

    def __init__(self) -> None:
        self._directories: dict[str, _Directory] = {}

    def name(self, dealer: str, login: str, read: Reader) -> str:
        """What somebody is called; the login itself of who is no person there, such as a program."""
        known = self._directories.setdefault(dealer, _Directory())
        age = time.monotonic() - known.read_at
        if age > (KEPT_SECONDS if login in known.names else NEW_SECONDS):
            known.read_at = time.monotonic()  # whoever comes meanwhile makes do with what is known
            with suppress(Refusal):  # a page is not refused for want of a name
                known.names = {one["login"]: one["name"] for one in _everybody(read)}
        return known.names.get(login, login)


def _everybody(read: Reader) -> Iterator[Mapping[str, str]]:
    for active in ("true", "false"):
        cursor: object = None
        while True:
            page = read("/staff", active=active, limit=PAGE, cursor=cursor)
            items = page["items"]
            assert isinstance(items, list)
            yield from items
            cursor = page["next_cursor"]
            if cursor is None:
                break
