"""PDF: taken as it is, if it is whole."""

import shutil
from pathlib import Path
from typing import BinaryIO

from media.fitness import Found, Unfit

_END = b"%%EOF"
_TAIL = 2048


def clean(file: BinaryIO, size: int, target: Path) -> Found:
    """Keep the paper. Raises Unfit for one that is cut off."""
    file.seek(max(0, size - _TAIL))
    if _END not in file.read():
        raise Unfit("file_is_damaged")
    file.seek(0)
    with target.open("wb") as kept:
        shutil.copyfileobj(file, kept, 1 << 20)
    return Found("application/pdf")
