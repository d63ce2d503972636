"""What a file is by how it begins. Neither its name nor what its sender calls it counts."""

from typing import BinaryIO

_HEAD = 64
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5", b"3gp6")


def kind_of(file: BinaryIO) -> str | None:
    """The media type of a file that can be taken; None for any other."""
    file.seek(0)
    head = file.read(_HEAD)
    starts = {
        "image/jpeg": b"\xff\xd8\xff",
        "image/png": b"\x89PNG\r\n\x1a\n",
        "application/pdf": b"%PDF-",
        "video/webm": b"\x1a\x45\xdf\xa3",
    }
    for kind, start in starts.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _of_boxes(head[8:12]) if head[4:8] == b"ftyp" else None


def _of_boxes(brand: bytes) -> str | None:
    if brand in _HEIC:
        return "image/heic"
    if brand == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if brand in _MP4 else None
