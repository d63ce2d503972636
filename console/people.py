"""What people and dealers are called. Papers name who acted by login and where by code; the gateway's lists say whose that is."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
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


class Names:
    """The names that a list of the gateway has at each dealer, remembered for a while."""

    def __init__(self, listed: Callable[[Reader], Iterator[tuple[str, str]]]) -> None:
        self._listed = listed
        self._directories: dict[str, _Directory] = {}

    def name(self, dealer: str, code: str, read: Reader) -> str:
        """What has this login or code; the code itself of what is not listed there, such as a program."""
        known = self._directories.setdefault(dealer, _Directory())
        age = time.monotonic() - known.read_at
        if age > (KEPT_SECONDS if code in known.names else NEW_SECONDS):
            known.read_at = time.monotonic()  # whoever comes meanwhile makes do with what is known
            with suppress(Refusal):  # a page is not refused for want of a name
                known.names = dict(self._listed(read))
        return known.names.get(code, code)


def staff(read: Reader) -> Iterator[tuple[str, str]]:
    """Everybody who works at the dealer, and who was locked or works there no longer; two of one name are told apart."""
    everybody = [one for active in ("true", "false") for one in _whole(read, "/staff", active=active)]
    alike = Counter(_spoken(one["name"]) for one in everybody)
    numbers = Counter((_spoken(one["name"]), one.get("staff_number")) for one in everybody)
    for one in everybody:
        name, number = one["name"], one.get("staff_number")
        if alike[_spoken(name)] == 1:
            yield one["login"], name
        else:
            whose = number if number and numbers[_spoken(name), number] == 1 else one["login"]
            yield one["login"], f"{name} ({whose})"


def dealers(read: Reader) -> Iterator[tuple[str, str]]:
    """Every dealer of the group."""
    return ((one["dealer"], one["name"]) for one in _whole(read, "/dealer-names"))


def _spoken(name: str) -> str:
    """A name as one hears it: blanks and capitals tell nobody apart."""
    return "".join(name.split()).casefold()


def _whole(read: Reader, path: str, **query: str) -> Iterator[Mapping[str, str]]:
    cursor: object = None
    while True:
        page = read(path, limit=PAGE, cursor=cursor, **query)
        items = page["items"]
        assert isinstance(items, list)
        yield from items
        cursor = page["next_cursor"]
        if cursor is None:
            break
