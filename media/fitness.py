"""What an examination says: what a file is, or the rule it breaks."""

from dataclasses import dataclass
from typing import Any

MEGABYTE = 1_000_000
MOST_PIXELS = 64_000_000
"""No phone's photo has more than 50 million in its usual mode; an image that unfolds to more is refused before it does."""


class Unfit(Exception):
    """The file cannot be taken; `code` names the rule it breaks."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Limits:
    """How large a photo or paper, and how large and long a video may be."""

    photo_bytes: int
    video_bytes: int
    video_seconds: int


@dataclass(frozen=True)
class Found:
    """What is kept of a file: what it is, how large a picture, how long a video, and whether there is a small picture of it."""

    content_type: str
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    thumbnail: bool = False


def require_size(size: int, most: int) -> None:
    """Raises Unfit for a file with more bytes than that."""
    if size > most:
        raise Unfit("file_too_large", most=most // MEGABYTE)
