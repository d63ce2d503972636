"""Where files are kept: one small interface. A file is found by a key of its dealer and its checksum, and never changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from chassis.wire.errors import Unavailable

log = structlog.get_logger()

BLOCK = 64 * 1024
THUMBNAIL_TYPE = "image/jpeg"


@dataclass(frozen=True)
class Content:
    """A file, or a range of it, block by block. Whoever has it closes it."""

    size: int
    blocks: Iterator[bytes]
    close: Callable[[], None]


class Store(Protocol):
    """Keeps files. Raises Unavailable when it cannot."""

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Keep the file. When this returns it is there for good: whatever crashes, it can be read."""
        ...

    def get(self, key: str, start: int = 0, length: int | None = None) -> Content | None:
        """The file from `start` on, to its end or so many bytes; None if there is none. `size` is how much it has in all."""
        ...

    def delete(self, key: str) -> None:
        """Forget the file; nothing happens if there is none."""
        ...


def content_key(dealer: str, sha256: str) -> str:
    """Where a dealer's file with this checksum is."""
    return f"{dealer}/{sha256[:2]}/{sha256}"


def thumbnail_key(dealer: str, sha256: str) -> str:
    """Where the small picture of that file is."""
    return f"{content_key(dealer, sha256)}.thumbnail"


def away(error: Exception) -> Unavailable:
    """What whoever asked is told when the store cannot be reached, or is full."""
    log.warning("attachment_store_away", reason=type(error).__name__)
    return Unavailable("attachment_store_unavailable")
