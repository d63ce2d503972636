"""Emptying parts of a copy: what stood there is zeros, and nothing moves, so that all that points into the file still holds."""

import shutil
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20
Range = tuple[int, int]
"""Where something begins, and where it has ended."""


def copied(file: BinaryIO, target: Path) -> BinaryIO:
    """A copy that can be written to."""
    file.seek(0)
    copy = target.open("w+b")
    shutil.copyfileobj(file, copy, _BLOCK)
    return copy


def empty(copy: BinaryIO, start: int, end: int) -> None:
    """Overwrite this range with zeros."""
    copy.seek(start)
    while start < end:
        length = min(_BLOCK, end - start)
        copy.write(bytes(length))
        start += length


def gaps(whole: Range, used: list[Range]) -> list[Range]:
    """What of `whole` no range of `used`, in order of their beginnings, covers."""
    start, end = whole
    left = []
    for begins, ends in used:
        if ends <= start or begins >= end:
            continue
        if begins > start:
            left.append((start, begins))
        start = max(start, ends)
    return [*left, (start, end)] if start < end else left
