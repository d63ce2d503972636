"""What comes down a stream of the gateway's change feed: its events, and what a page may name to be told of one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One event; a comment has no name and no data, and is a sign of life."""

    name: str
    data: str
    id: str


def events(lines: Iterable[bytes]) -> Iterator[Event]:
    """The server-sent events in these lines."""
    block: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.decode(errors="replace").partition(":")
            block[name] = value.removeprefix(" ")
        elif block:
            yield Event(block.get("event", ""), block.get("data", ""), block.get("id", ""))
            block = {}


def keys_of(change: Mapping[str, Any]) -> list[str]:
    """What a part of a page may depend on to be told of it: the service, the kind of thing, the thing, and where that belongs."""
    kind = change["type"].rpartition(".")[0]
    named = (kind.partition(".")[0], kind, change["subject"], change.get("work_order_id"), change.get("appointment_id"))
    return [*dict.fromkeys(str(one) for one in named if one)]


def told(change: Mapping[str, Any]) -> str:
    """The same as browsers are told it."""
    return json.dumps(keys_of(change), separators=(",", ":"))
