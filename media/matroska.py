"""WebM: elements in elements (EBML, RFC 8794). What tags, attachments and chapters say is emptied; picture and sound stay."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import BinaryIO

from media.emptying import copied
from media.fitness import Found, Unfit

HEAD, DOC_TYPE, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
SEEK, CUES, VOID = 0x114D9B74, 0x1C53BB6B, 0xEC
SCALE, DURATION, MUXER, WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
TRACK, TRACK_TYPE, PICTURE, WIDTH, HEIGHT = 0xAE, 0x83, 0xE0, 0xB0, 0xBA
TIMESTAMP, BLOCK, GROUP, BLOCK_OF_GROUP, LASTS, BUILDS_ON, PADDING = 0xE7, 0xA3, 0xA0, 0xA1, 0x9B, 0xFB, 0x75A2

KEPT: dict[int, frozenset[int]] = {
    SEGMENT: frozenset({SEEK, INFO, TRACKS, CLUSTER, CUES}),
    INFO: frozenset({SCALE, DURATION, MUXER, WRITER}),
    TRACKS: frozenset({TRACK}),
    CLUSTER: frozenset({TIMESTAMP, BLOCK, GROUP, 0xA7, 0xAB}),
    GROUP: frozenset({BLOCK_OF_GROUP, LASTS, BUILDS_ON, PADDING}),
}
"""What an element may hold; one that is no key here is kept with all that it holds."""

_PLAYED = (1, 2)
_USUAL_SCALE = 1_000_000
_A_SECOND = 1_000_000_000
_SMALL = 64


@dataclass(frozen=True)
class Element:
    """Where an element begins, where its content does, and where it ends; `open` if it does not say where."""

    kind: int
    start: int
    content: int
    end: int
    open: bool


def clean(file: BinaryIO, size: int, target: Path) -> Found:
    """Write the video without what it says besides. Raises Unfit for what is cut off, is no WebM, or has other tracks."""
    tree = _Tree(file, size)
    head, *rest = tree.inside(Element(0, 0, 0, size, open=False))
    if not any(one.kind == DOC_TYPE and tree.content(one).rstrip(b"\0") == b"webm" for one in tree.inside(head)):
        raise Unfit("file_type_not_taken")
    if [one.kind for one in rest] != [SEGMENT]:
        raise Unfit("file_is_damaged")
    seen = _Seen()
    dropped = list(_walk(tree, rest[0], seen))
    if not set(seen.tracks) <= set(_PLAYED):
        raise Unfit("video_form_not_taken")
    if not seen.clusters or 1 not in seen.tracks:
        raise Unfit("file_is_damaged")
    with copied(file, target) as copy:
        for one in dropped:
            copy.seek(one.start)
            copy.write(_nothing(one.end - one.start))
    ticks = max(seen.last, seen.duration)
    return Found("video/webm", width=seen.width, height=seen.height, seconds=ceil(ticks * seen.scale / _A_SECOND))


class _Seen:
    """What the walk through a file has come by."""

    def __init__(self) -> None:
        self.scale = _USUAL_SCALE
        self.duration = 0
        self.last = 0
        self.clusters = 0
        self.tracks: list[int] = []
        self.width: int | None = None
        self.height: int | None = None


def _walk(tree: "_Tree", holder: Element, seen: _Seen) -> Iterator[Element]:
    """What is dropped of an element; what is kept is noted."""
    began = 0
    for one in tree.inside(holder):
        if one.kind not in KEPT[holder.kind]:
            yield one
        elif one.kind in KEPT:
            seen.clusters += one.kind == CLUSTER
            yield from _walk(tree, one, seen)
        elif one.kind == SCALE:
            seen.scale = tree.whole(one)
        elif one.kind == DURATION:
            seen.duration = ceil(tree.real(one))
        elif one.kind == TRACK:
            _note_track(tree, one, seen)
        elif one.kind == TIMESTAMP:
            began = tree.whole(one)
            seen.last = max(seen.last, began)
        elif one.kind == BLOCK:
            seen.last = max(seen.last, began + tree.offset(one))


def _note_track(tree: "_Tree", track: Element, seen: _Seen) -> None:
    for one in tree.inside(track):
        if one.kind == TRACK_TYPE:
            seen.tracks.append(tree.whole(one))
        elif one.kind == PICTURE:
            measures = {inner.kind: tree.whole(inner) for inner in tree.inside(one) if inner.kind in (WIDTH, HEIGHT)}
            seen.width, seen.height = measures.get(WIDTH) or None, measures.get(HEIGHT) or None


def _nothing(length: int) -> bytes:
    """An element of that length which says nothing."""
    for digits in range(1, 9):
        content = length - 1 - digits
        if 0 <= content < (1 << 7 * digits) - 1:
            return bytes([VOID]) + (content | 1 << 7 * digits).to_bytes(digits, "big") + bytes(content)
    raise Unfit("file_is_damaged")


class _Tree:
    """The elements of a file. Raises Unfit where one does not fit into that which holds it."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def inside(self, holder: Element) -> Iterator[Element]:
        """The elements an element holds; one that is open ends where one begins that it cannot hold."""
        at = holder.content
        while at < holder.end:
            one = self._element(at, holder.end)
            if one.open:
                one = Element(one.kind, one.start, one.content, self._end_of(one, holder.end), open=False)
            yield one
            at = one.end

    def content(self, one: Element) -> bytes:
        """What a small element holds."""
        if one.end - one.content > _SMALL:
            raise Unfit("file_is_damaged")
        return self._read(one.content, one.end - one.content)

    def whole(self, one: Element) -> int:
        """A whole number."""
        return int.from_bytes(self.content(one), "big")

    def real(self, one: Element) -> float:
        """A real number."""
        held = self.content(one)
        shape = {4: ">f", 8: ">d"}.get(len(held))
        if shape is None:
            raise Unfit("file_is_damaged")
        found: float = struct.unpack(shape, held)[0]
        if not 0 <= found < 1e15:
            raise Unfit("file_is_damaged")
        return found

    def offset(self, block: Element) -> int:
        """When a block is shown, after its cluster began."""
        held = self._read(block.content, min(12, block.end - block.content))
        at = _digits(held[:1], most=8)
        if len(held) < at + 2:
            raise Unfit("file_is_damaged")
        found: int = struct.unpack(">h", held[at : at + 2])[0]
        return found

    def _element(self, at: int, end: int) -> Element:
        head = self._read(at, min(12, end - at))
        named = _digits(head[:1], most=4)
        sized = _digits(head[named : named + 1], most=8)
        content = at + named + sized
        if len(head) < named + sized:
            raise Unfit("file_is_damaged")
        kind = int.from_bytes(head[:named], "big")
        size = int.from_bytes(head[named : named + sized], "big") - (1 << 7 * sized)
        is_open = size == (1 << 7 * sized) - 1
        if is_open and kind not in (SEGMENT, CLUSTER):
            raise Unfit("file_is_damaged")
        if not is_open and content + size > end:
            raise Unfit("file_is_damaged")
        return Element(kind, at, content, end if is_open else content + size, open=is_open)

    def _end_of(self, one: Element, most: int) -> int:
        if one.kind == SEGMENT:
            return most
        at = one.content
        while at < most:
            inner = self._element(at, most)
            if inner.kind in (CLUSTER, CUES, 0x1254C367):
                return at
            at = inner.end
        return at

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        return self._file.read(length)


def _digits(first: bytes, *, most: int) -> int:
    """How many bytes a number takes that begins so."""
    found = 9 - first[0].bit_length() if first and first[0] else 9
    if found > most:
        raise Unfit("file_is_damaged")
    return found
