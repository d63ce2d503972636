"""Having a file looked at by a process of its own."""

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from media.fitness import Found, Limits, Unfit

CHILD = ["-m", "media.child"]
_ROOT = Path(__file__).parents[1]
_LOOK_SECONDS = 0.01
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Examined:
    """What is kept of a file: what it is, where its content lies for now, and its small picture, if it has one."""

    found: Found
    sha256: str
    size: int
    content: Path
    thumbnail: Path | None


class Slow(Exception):
    """The examination was not done in time."""


def examine(file: BinaryIO, folder: Path, limits: Limits, *, seconds: float) -> Examined:
    """Have a file looked at that stands on the disk; what is kept of it is written into the folder.

    Raises Unfit naming the rule that the file breaks; Slow when it takes longer than that.
    """
    said = _said(file, folder, limits, seconds)
    if "unfit" in said:
        broken = said["unfit"]
        raise Unfit(broken, **said["values"])
    found, content = Found(**said), folder / "content"
    with content.open("rb") as kept:
        sha256 = checksum(kept)
    return Examined(found, sha256, content.stat().st_size, content, folder / "thumbnail" if found.thumbnail else None)


def _said(file: BinaryIO, folder: Path, limits: Limits, seconds: float) -> dict[str, Any]:
    """What the child says; what it does not survive is damaged."""
    file.seek(0)
    command = [sys.executable, *CHILD, str(folder), json.dumps(asdict(limits))]
    until = time.monotonic() + seconds
    with (folder / "said").open("w+b") as said, (folder / "failed").open("w+b") as failed:
        child = subprocess.Popen(
            command, stdin=file, stdout=said, stderr=failed, cwd=_ROOT, env={"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin"}
        )
        try:
            while child.poll() is None:
                if time.monotonic() > until:
                    raise Slow
                time.sleep(_LOOK_SECONDS)  # requests of others have their turn meanwhile
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if child.returncode:
            raise Unfit("file_is_damaged")
        said.seek(0)
        return cast("dict[str, Any]", json.loads(said.read()))


def checksum(file: BinaryIO) -> str:
    """SHA-256 of a file, from its beginning; requests of others have their turn meanwhile."""
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
        time.sleep(0)
    return digest.hexdigest()
