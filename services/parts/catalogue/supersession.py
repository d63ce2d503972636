"""Chains of supersessions: a number, the one that replaces it directly, and so on."""

from collections.abc import Mapping


def chain(number: str, successors: Mapping[str, str]) -> list[str]:
    """The number and everything that replaces it, the final successor last; stops where the chain would close."""
    found = {number: None}
    while (following := successors.get(number)) is not None and following not in found:
        found[following] = None
        number = following
    return list(found)


def interchangeable(number: str, successors: Mapping[str, str]) -> list[str]:
    """What may be taken for a part, in the order in which it is used up: what it replaces, the oldest first, it, its successors.

    Old stock goes first whichever number of the chain is asked for: the catalogue of cars shows the newest one.
    """
    replaced: dict[str, list[str]] = {}
    for one, successor in sorted(successors.items()):
        replaced.setdefault(successor, []).append(one)
    older: list[str] = []
    level = [number]
    while level := [one for newer in level for one in replaced.get(newer, ()) if one not in older and one != number]:
        older += level
    newer = [one for one in chain(number, successors)[1:] if one not in older]
    return [*reversed(older), number, *newer]


def closed(successors: Mapping[str, str]) -> set[str]:
    """The numbers whose chain comes back to them; each link is walked once, however long the chains are."""
    found: set[str] = set()
    done: set[str] = set()
    for start in successors:
        path: dict[str, int] = {}
        number = start
        while number in successors and number not in done and number not in path:
            path[number] = len(path)
            number = successors[number]
        if number in path:
            found.update(list(path)[path[number] :])
        done.update(path)
    return found
