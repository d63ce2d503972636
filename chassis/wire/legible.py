"""What may stand in a text that people read: nothing that they cannot see and that changes what they do see.

Refused are control characters, what turns the direction of the writing beside it (a name or an amount would read as another one),
and what has no width. Scripts need some of it, and those keep it: joiners where letters join or emoji are put together, direction
marks beside letters that are written from right to left, the tags of a flag, what chooses the form of an ideograph or an emoji.
"""

import re
import unicodedata

HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
)
"""Never part of a text, as a class of a regular expression; a tab and the end of a line are."""

_SUSPECT = re.compile(
    "[\u061c\u180b-\u180d\u180f\u200c-\u200f\ufe00-\ufe0f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_NOTHING_TO_SEE = re.compile(f"[{HIDDEN}]|{_SUSPECT.pattern}")
_JOINERS, _MARKS = "\u200c\u200d", "\u061c\u200e\u200f"
_FLAG, _TAGS = "\U0001f3f4", range(0xE0020, 0xE0080)
_FORMS, _MORE_FORMS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
_MONGOLIAN_FORMS, _MONGOLIAN = "\u180b\u180c\u180d\u180f", range(0x1820, 0x18AB)
_KEYS = "0123456789#*"
"""An emoji when a form of theirs is chosen, and a frame put around them."""


def is_legible(text: str) -> bool:
    """Whether each joiner, direction mark, tag and chosen form in it stands where its script needs it; HIDDEN is elsewhere."""
    return text.isascii() or all(_has_its_place(text, found.start()) for found in _SUSPECT.finditer(text))


def legible(text: str) -> str:
    """What is left of a text that somebody else wrote, without all that might not stand in it."""
    return _NOTHING_TO_SEE.sub("", text)


def _has_its_place(text: str, at: int) -> bool:
    letter, before = text[at], text[at - 1] if at else ""
    if letter in _JOINERS:
        return bool(before) and _joins(before)
    if letter in _MARKS:
        return any(unicodedata.bidirectional(one) in ("R", "AL") for one in text if one not in _MARKS)
    if letter in _MONGOLIAN_FORMS:
        return bool(before) and ord(before) in _MONGOLIAN
    if ord(letter) in _FORMS or ord(letter) in _MORE_FORMS:
        return bool(before) and _has_forms(before)
    return ord(letter) in _TAGS and bool(before) and (before == _FLAG or ord(before) in _TAGS)


def _has_forms(letter: str) -> bool:
    """An ideograph, an emoji, a symbol: what a variation selector chooses a form of."""
    wide = unicodedata.category(letter) == "Lo" and unicodedata.east_asian_width(letter) == "W"
    return wide or letter in _KEYS or unicodedata.category(letter) in ("So", "Sm", "Po")


def _joins(letter: str) -> bool:
    """A letter or mark of a script that joins its letters, or part of an emoji. Latin, Greek and Cyrillic letters have case; Han,
    kana and hangul are wide."""
    category = unicodedata.category(letter)
    if category in ("So", "Sk") or letter == "\ufe0f":
        return True
    return category in ("Lo", "Lm", "Mn", "Mc") and unicodedata.east_asian_width(letter) not in ("W", "F")
