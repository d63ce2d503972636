"""Which encoding a text file has: it says so itself, or it is UTF-8, or it is found out - and it is never guessed in silence."""

import codecs
import unicodedata

from charset_normalizer import from_bytes

from chassis.wire.rules import rule
from files.content import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_LEGACY = ("gb18030", "cp1252")
_SAMPLE = 20_000
_CREDIBLE = 0.75
"""Of what is not ASCII, so much is what people write in an encoding. Big5 and Shift JIS make little more than half of it."""
_WESTERN_SIGNS = frozenset("°®™–—’“”…€£½²")


def decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text of a file and the encoding it was read with, `encoding` if that was named. Raises Unreadable."""
    for mark, name, codec in _BOMS:
        if data.startswith(mark) and encoding in (None, name):
            return _strictly(data, codec), name
    if encoding is not None:
        return _strictly(data, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error.start)
    found = _legacy_encoding(data)
    return _strictly(data, found), found


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable(rule("not_in_encoding", encoding=codec.removesuffix("-sig")), row=_row(data, error.start)) from None


def _refuse_damaged_utf8(data: bytes, start: int) -> None:
    # A file that is UTF-8 but for a few bytes is damaged: another encoding would read all the rest of it wrongly.
    replaced = data.decode("utf-8", "replace")
    damaged = replaced.count("\ufffd")
    sound = sum(1 for character in replaced if character > "\x7f") - damaged
    if sound > damaged:
        raise Unreadable(rule("not_in_encoding", encoding="utf-8"), row=_row(data, start))


def _legacy_encoding(data: bytes) -> str:
    # Only lines with something to tell them apart by count; the whole file would take seconds.
    telling: list[bytes] = []
    size = 0
    for line in data.splitlines():
        if not line.isascii():
            telling.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    sample = b"\n".join(telling)
    for match in from_bytes(sample, cp_isolation=list(_LEGACY)):
        if _credible(sample, match.encoding):
            return match.encoding
    raise Unreadable(rule("encoding_unknown"))


def _credible(sample: bytes, encoding: str) -> bool:
    """Whether this reads as text. Almost any bytes have a meaning in these encodings: names made of signs or of characters that
    nobody uses are those of a third encoding.
    """
    characters = [character for character in sample.decode(encoding, "replace") if character > "\x7f"]
    common = _in_common_chinese if encoding == "gb18030" else _in_western_use
    return sum(1 for character in characters if common(character)) >= _CREDIBLE * len(characters)


def _in_common_chinese(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _in_western_use(character: str) -> bool:
    return character in _WESTERN_SIGNS or (unicodedata.category(character) in ("Lu", "Ll") and character not in "ƒµ")


def _row(data: bytes, position: int) -> int:
    before = data[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
