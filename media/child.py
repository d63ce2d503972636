"""The process that looks at one file: on its standard input; what it finds it says on its standard output, as JSON.

It has its own bounds of memory, time and space, knows no secret, and ends with the file. What is kept it writes into the folder
that is named: `content`, and `thumbnail` of a photo.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from media.fitness import Found, Limits, Unfit, require_size
from media.kinds import kind_of

_MEMORY_BYTES = 1_500_000_000
_CPU_SECONDS = 60


def main(folder: str, limits: str) -> int:
    """Look, and say what was found. Anything unforeseen ends it with a traceback, and the file counts as damaged."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = asdict(examined(sys.stdin.buffer, Path(folder), Limits(**json.loads(limits))))
    except Unfit as unfit:
        said = {"unfit": unfit.code, "values": unfit.values}
    sys.stdout.write(json.dumps(said))
    return 0


def examined(file: BinaryIO, folder: Path, limits: Limits) -> Found:
    """What the file is; what is kept of it stands in the folder. Raises Unfit."""
    size = os.fstat(file.fileno()).st_size
    kind = kind_of(file)
    if kind is None:
        raise Unfit("file_type_not_taken")
    video = kind.startswith("video/")
    require_size(size, limits.video_bytes if video else limits.photo_bytes)
    found = _kept(file, size, kind, folder)
    if found.seconds is not None and found.seconds > limits.video_seconds + 1:  # a camera that stops at 60 s stops a little later
        raise Unfit("video_too_long", most=limits.video_seconds)
    return found


def _kept(file: BinaryIO, size: int, kind: str, folder: Path) -> Found:
    # What decodes photos is loaded for photos only: it takes longest to load.
    target = folder / "content"
    if kind.startswith("image/"):
        from media import photo  # noqa: PLC0415

        file.seek(0)
        return photo.clean(file, kind, target, folder / "thumbnail")
    from media import boxes, matroska, paper  # noqa: PLC0415

    if kind == "application/pdf":
        return paper.clean(file, size, target)
    if kind == "video/webm":
        return matroska.clean(file, size, target)
    if kind in ("video/mp4", "video/quicktime"):
        return boxes.clean(file, size, kind, target)
    raise Unfit("video_form_not_taken")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
