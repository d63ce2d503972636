"""What may stand in a text that people read: nothing that they cannot see and that changes what they do see.

Refused are control characters, what turns the direction of the writing beside it (a name or an amount would read as another one),
and what has no width. Scripts need some of it, and those keep it: joiners where letters join or emoji are put together, direction
marks beside letters that are written from right to left, the tags of a flag.
"""

import re
import unicodedata

HIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
"""Never part of a text, as a class of a regular expression; a tab and the end of a line are."""

_SUSPECT = re.compile("[\u061c\u200c-\u200f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]")
_JOINERS, _MARKS = "\u200c\u200d", "\u061c\u200e\u200f"
_FLAG, _TAGS = "\U0001f3f4", range(0xE0020, 0xE0080)


def is_legible(text: str) -> bool:
    """Whether each joiner, direction mark and tag in it stands where its script needs it; HIDDEN is looked for elsewhere."""
    return text.isascii() or all(_has_its_place(text, found.start()) for found in _SUSPECT.finditer(text))


def _has_its_place(text: str, at: int) -> bool:
    letter, before = text[at], text[at - 1] if at else ""
    if letter in _JOINERS:
        return bool(before) and _joins(before)
    if letter in _MARKS:
        return any(unicodedata.bidirectional(one) in ("R", "AL") for one in text if one not in _MARKS)
    return ord(letter) in _TAGS and bool(before) and (before == _FLAG or ord(before) in _TAGS)


def _joins(letter: str) -> bool:
    """A letter or mark of a script that joins its letters, or part of an emoji. Latin, Greek and Cyrillic letters have case; Han,
    kana and hangul are wide."""
    category = unicodedata.category(letter)
    if category in ("So", "Sk") or letter == "\ufe0f":
        return True
    return category in ("Lo", "Lm", "Mn", "Mc") and unicodedata.east_asian_width(letter) not in ("W", "F")
