"""MP4 and MOV: boxes in boxes (ISO/IEC 14496-12, QuickTime File Format).

Cameras write where they are into boxes of user data (`udta`, `meta`, `uuid`), into tracks of their own beside picture and
sound, and some into gaps of the media data. So what is not needed to play the video is emptied, whatever it is: boxes that are
not on the list, and every byte of media data that no picture and no sound stands in.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import BinaryIO

from media.emptying import copied, empty, gaps
from media.fitness import Found, Unfit
from media.samples import media_ranges, media_seconds

KEPT: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"ftyp", b"moov", b"mdat"}),
    b"moov": frozenset({b"mvhd", b"trak"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stco", b"co64", b"stss", b"stps", b"sdtp", b"sgpd", b"sbgp"}
    ),
}
"""What a box may hold; a box that is no key here is kept with all that it holds."""

PICTURE, SOUND = b"vide", b"soun"
_MOST_BOXES = 10_000
_MOST_TABLE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Box:
    """Where a box begins, where its content does, and where it ends."""

    kind: bytes
    start: int
    content: int
    end: int


class Tree:
    """The boxes of a file. Raises Unfit where one does not fit into that which holds it."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._left = _MOST_BOXES

    def inside(self, box: Box | None = None) -> Iterator[Box]:
        """The boxes a box holds; those of the file, if none is named."""
        at, end = (0, self._size) if box is None else (box.content, box.end)
        while at < end:
            self._left -= 1
            header = self.read(at, min(16, end - at))
            if self._left < 0 or len(header) < 8:
                raise Unfit("file_is_damaged")
            size, kind = struct.unpack(">I4s", header[:8])
            content = at + 8
            if size == 1 and len(header) == 16:
                size, content = struct.unpack(">Q", header[8:])[0], at + 16
            elif size == 0 and box is None:
                size = end - at
            if at + size > end or at + size < content:
                raise Unfit("file_is_damaged")
            yield Box(kind, at, content, at + size)
            at += size

    def one(self, box: Box, *path: bytes) -> Box:
        """The box that this path leads to. Raises Unfit if it is not there."""
        for kind in path:
            found = next((inner for inner in self.inside(box) if inner.kind == kind), None)
            if found is None:
                raise Unfit("file_is_damaged")
            box = found
        return box

    def content(self, box: Box) -> bytes:
        """What a box holds. Raises Unfit for more than a table of a short video can have."""
        if box.end - box.content > _MOST_TABLE:
            raise Unfit("file_is_damaged")
        return self.read(box.content, box.end - box.content)

    def read(self, at: int, length: int) -> bytes:
        """So many bytes from there."""
        self._file.seek(at)
        return self._file.read(length)


def clean(file: BinaryIO, size: int, kind: str, target: Path) -> Found:
    """Write the video without all that is not needed to play it. Raises Unfit for one that is cut off or in fragments."""
    tree = Tree(file, size)
    top = list(tree.inside())
    if any(box.kind == b"moof" for box in top):
        raise Unfit("video_form_not_taken")
    movie = next((box for box in top if box.kind == b"moov"), None)
    if movie is None:
        raise Unfit("file_is_damaged")
    tracks = {box: tree.content(tree.one(box, b"mdia", b"hdlr"))[8:12] for box in tree.inside(movie) if box.kind == b"trak"}
    played = [box for box, handler in tracks.items() if handler in (PICTURE, SOUND)]
    pictures = [box for box in played if tracks[box] == PICTURE]
    if not pictures:
        raise Unfit("file_type_not_taken")
    tables = [
        {inner.kind: tree.content(inner) for inner in tree.inside(tree.one(box, b"mdia", b"minf", b"stbl"))} for box in played
    ]
    media = [(box.content, box.end) for box in top if box.kind == b"mdat"]
    used = sorted(found for table in tables for found in media_ranges(table))
    if any(not any(start <= begins and ends <= end for start, end in media) for begins, ends in used):
        raise Unfit("file_is_damaged")
    dropped = list(_dropped(tree, None, set(played)))
    with copied(file, target) as copy:
        for box in dropped:
            copy.seek(box.start + 4)
            copy.write(b"free")
            empty(copy, box.content, box.end)
        for whole in media:
            for start, end in gaps(whole, used):
                empty(copy, start, end)
    seconds = max(
        media_seconds(tree.content(tree.one(box, b"mdia", b"mdhd")), table) for box, table in zip(played, tables, strict=True)
    )
    width, height = _measures(tree.content(tree.one(pictures[0], b"tkhd")))
    return Found(kind, width=width, height=height, seconds=ceil(seconds))


def _dropped(tree: Tree, holder: Box | None, played: set[Box]) -> Iterator[Box]:
    for box in tree.inside(holder):
        if box.kind not in KEPT[b"" if holder is None else holder.kind] or (box.kind == b"trak" and box not in played):
            yield box
        elif box.kind in KEPT:
            yield from _dropped(tree, box, played)


def _measures(header: bytes) -> tuple[int | None, int | None]:
    """Width and height of a track, as they are before it is turned."""
    if len(header) < 8:
        raise Unfit("file_is_damaged")
    width, height = struct.unpack(">II", header[-8:])
    return (width >> 16) or None, (height >> 16) or None
