"""Small MP4 files, box by box: a picture, and what cameras hide beside it."""

import struct

MOST = {"photo_bytes": 20_000_000, "video_bytes": 150_000_000, "video_seconds": 60}
WHERE = b"+31.2304+121.4737/"
"""Shanghai, as QuickTime writes it."""


def box(kind: bytes, *inside: bytes) -> bytes:
    """A box."""
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def track(
    handler: bytes, sizes: list[int], chunks: list[int], *, seconds: int, codec: bytes = b"avc1", more: bytes = b""
) -> bytes:
    """A track whose samples, one a chunk, stand at these places."""
    stbl = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), box(codec, bytes(78))),
        box(b"stts", struct.pack(">IIII", 0, 1, len(sizes), 1000 * seconds // len(sizes))),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stsz", struct.pack(">III", 0, 0, len(sizes)), *(struct.pack(">I", size) for size in sizes)),
        box(b"stco", struct.pack(">II", 0, len(chunks)), *(struct.pack(">I", at) for at in chunks)),
    )
    mdia = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, 1000 * seconds, 0, 0)),
        box(b"hdlr", struct.pack(">II4s", 0, 0, handler), bytes(13)),
        box(b"minf", box(b"vmhd", bytes(12)), stbl),
    )
    return box(b"trak", box(b"tkhd", bytes(76), struct.pack(">II", 640 << 16, 480 << 16)), mdia, more)


def film(*, seconds: int = 2, brand: bytes = b"isom", end: bytes = b"", codec: bytes = b"avc1", astray: int = 0) -> bytes:
    """A film of two pictures. It says where it was taken in user data, in a track of its own, and in a gap of the media data."""
    ftyp = box(b"ftyp", brand, struct.pack(">I", 0), brand)
    picture, place, gap = b"PICTURE1", b"GPS" + WHERE, b"freeGPS " + WHERE
    media = picture + place + gap + picture
    at = len(ftyp) + 8
    first, told, second = at, at + len(picture), at + len(picture + place + gap)
    user = box(b"udta", box(b"\xa9xyz", WHERE))
    moov = box(
        b"moov",
        box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 1000 * seconds), bytes(80)),
        track(b"vide", [len(picture)] * 2, [first, second + astray], seconds=seconds, codec=codec, more=user),
        track(b"meta", [len(place)], [told], seconds=seconds),
        box(b"meta", WHERE),
        user,
    )
    return ftyp + box(b"mdat", media) + box(b"uuid", WHERE) + moov + end


def element(kind: int, *inside: bytes) -> bytes:
    """An element of a WebM."""
    content = b"".join(inside)
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + (len(content) | 1 << 56).to_bytes(8, "big") + content


def webm(*, seconds: int = 2, doc_type: bytes = b"webm", track_type: int = 1) -> bytes:
    """A WebM of one picture, with a tag that says where it was taken."""
    picture = element(0xE0, element(0xB0, b"\x02\x80"), element(0xBA, b"\x01\xe0"))
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")), element(0x7BA9, WHERE))
    tracks = element(0x1654AE6B, element(0xAE, element(0xD7, b"\x01"), element(0x83, bytes([track_type])), picture))
    cluster = element(0x1F43B675, element(0xE7, (1000 * seconds).to_bytes(3, "big")), element(0xA3, b"\x81\x00\x00\x80PICTURE1"))
    tags = element(0x1254C367, element(0x7373, element(0x67C8, element(0x45A3, b"LOCATION"), element(0x4487, WHERE))))
    return element(0x1A45DFA3, element(0x4282, doc_type)) + element(0x18538067, info, tracks, cluster, tags)
