"""Where the samples of a track stand, and how long they last: the tables of an MP4's `stbl`."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from media.emptying import Range
from media.fitness import Unfit

_UNPACKED = (b"sowt", b"twos", b"raw ", b"in24", b"in32", b"fl32", b"fl64", b"lpcm", b"NONE")
"""Sound that no codec packed: its tables count otherwise (QuickTime), and no phone writes it."""

Tables = dict[bytes, bytes]


def media_ranges(tables: Tables) -> list[Range]:
    """Where in the file the track's chunks stand. Raises Unfit for tables that contradict one another."""
    if _table(tables, b"stsd")[8 + 4 : 8 + 8] in _UNPACKED:
        raise Unfit("video_form_not_taken")
    chunks = _offsets(tables)
    sizes = _sizes(tables, _counts(tables, len(chunks)))
    return [(start, start + size) for start, size in zip(chunks, sizes, strict=True)]


def media_seconds(header: bytes, tables: Tables) -> Fraction:
    """How long the track lasts, by its samples; `header` is its `mdhd`."""
    at, shape = (20, ">I") if header[:1] == b"\x01" else (12, ">I")
    if len(header) < at + 4:
        raise Unfit("file_is_damaged")
    [scale] = struct.unpack(shape, header[at : at + 4])
    if not scale:
        raise Unfit("file_is_damaged")
    return Fraction(sum(count * delta for count, delta in _entries(tables, b"stts", 2)), scale)


def _table(tables: Tables, kind: bytes) -> bytes:
    found = tables.get(kind)
    if found is None or len(found) < 8:
        raise Unfit("file_is_damaged")
    return found


def _entries(tables: Tables, kind: bytes, width: int, *, each: str = "I") -> list[tuple[int, ...]]:
    """The rows of a table that begins with their number."""
    table = _table(tables, kind)
    [number] = struct.unpack(">I", table[4:8])
    row = struct.Struct(">" + each * width)
    if len(table) < 8 + number * row.size:
        raise Unfit("file_is_damaged")
    return list(row.iter_unpack(table[8 : 8 + number * row.size]))


def _offsets(tables: Tables) -> list[int]:
    large = b"co64" in tables
    return [offset for (offset,) in _entries(tables, b"co64" if large else b"stco", 1, each="Q" if large else "I")]


def _counts(tables: Tables, chunks: int) -> Iterator[int]:
    """How many samples each chunk has."""
    runs = _entries(tables, b"stsc", 3)
    firsts = [*(first for first, _, _ in runs), chunks + 1]
    if chunks and (not runs or firsts[0] != 1 or any(later <= earlier for earlier, later in pairwise(firsts))):
        raise Unfit("file_is_damaged")
    for (first, samples, _), following in zip(runs, firsts[1:], strict=True):
        yield from (samples for _ in range(first, following))


def _sizes(tables: Tables, counts: Iterator[int]) -> Iterator[int]:
    """How many bytes each chunk has."""
    table = _table(tables, b"stsz")
    if len(table) < 12:
        raise Unfit("file_is_damaged")
    uniform, number = struct.unpack(">II", table[4:12])
    if uniform:
        yield from (count * uniform for count in counts)
        return
    if len(table) < 12 + 4 * number:
        raise Unfit("file_is_damaged")
    each = struct.unpack(f">{number}I", table[12 : 12 + 4 * number])
    at = 0
    for count in counts:
        if at + count > number:
            raise Unfit("file_is_damaged")
        yield sum(each[at : at + count])
        at += count
