"""Text that names one thing however it is typed: part numbers, plates, phones, references, logins.

Two forms of such a text are kept. Its spelling is shown: as it was written, without what nobody sees and with one kind of blank
and of dash. Its key is compared: what must not tell two writings of one thing apart is gone from it. Lengths are those of these
forms, not of what was typed (`ß` becomes `SS`, a full-width letter an ordinary one).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate

from chassis.wire.rules import rule

MIDDLE_DOTS = "\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb"
_ALSO_DASHES = "\u2212\u2043\u02d7\u30fc"
"""Minus, hyphen bullet, modifier minus, and the long vowel sign that Japanese keyboards give for a dash."""
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and marks that show nothing."""
_BLANKS = re.compile(" +")
_SEPARATORS = re.compile(f"[ \\-{MIDDLE_DOTS}]+")
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_SHORT_OF_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class _Visible(dict[int, str]):
    """What stands for a character in a spelling; each is looked up once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _visible(chr(code))
        return found


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf" or letter in _FILLERS or "\ufe00" <= letter <= "\ufe0f":
        return ""
    if category[0] == "Z" or letter in "\t\n\r":
        return " "
    if category == "Pd" or letter in _ALSO_DASHES:
        return "-"
    return letter


class _Digits(dict[int, str]):
    """The digits of every script are digits."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = found = str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter
        return found


_VISIBLE, _DIGITS = _Visible(), _Digits()


def _until_it_stays(text: str, step: Callable[[str], str]) -> str:
    # What is taken out may have kept two letters from becoming one; a spelling that is read again must not change any more.
    while (following := step(text)) != text:
        text = following
    return text


def clean(text: str) -> str:
    """The text as it is shown: compatible forms (NFKC), nothing invisible, single blanks, none at the ends, one kind of dash."""
    if text.isascii():  # most are, and a price file has a hundred thousand of them
        return _BLANKS.sub(" ", text.translate(_VISIBLE)).strip(" ")
    return _until_it_stays(text, lambda one: _BLANKS.sub(" ", unicodedata.normalize("NFKC", one.translate(_VISIBLE))).strip(" "))


def shows_something(text: str) -> bool:
    """Whether there is anything to read: more than blanks, line ends and what nobody sees."""
    return any(_VISIBLE[ord(letter)].strip(" ") for letter in text)


def capitals(text: str) -> str:
    """`clean`, in capitals and plain digits."""
    if text.isascii():
        return clean(text).upper()
    return _until_it_stays(text, lambda one: clean(one).translate(_DIGITS).casefold().upper())


def small(text: str) -> str:
    """`clean`, in small letters, without blanks: how logins and codes of dealers are written."""
    return _until_it_stays(text, lambda one: clean(one).translate(_DIGITS).casefold().replace(" ", ""))


def unblanked(text: str) -> str:
    """`capitals` without blanks; a dash keeps its place."""
    return _until_it_stays(text, lambda one: capitals(one).replace(" ", ""))


def bare(text: str) -> str:
    """`capitals` without blanks, dashes and middle dots."""
    return _until_it_stays(text, lambda one: _SEPARATORS.sub("", capitals(one)))


def digits(text: str) -> str:
    """The digits alone."""
    return "".join(letter for letter in capitals(text) if letter in "0123456789")


def plate_key(text: str) -> str:
    """Letters and digits of a number plate. Where two letters of an alphabet stood apart, a dash: B-NO 1234 is not BN-O 1234.

    A plate with Han characters has letters in fixed places, and nobody writes its dot with care: 沪A·D12345 is 沪AD12345.
    """
    groups = _LETTERS_AND_DIGITS.findall(capitals(text))
    if any(_HAN.search(group) for group in groups):
        return "".join(groups)
    key = ""
    for group in groups:
        key += "-" + group if key and key[-1].isalpha() and group[0].isalpha() else group
    return key


@dataclass(frozen=True)
class TextKey:
    """A kind of text that names things: `key` gives what is compared, `spelling` what is shown and what its fields read.

    `most` bounds both forms. `pattern` is what a spelling must look like, and `error` the rule that others break; `empty` is the
    rule that a text without a key breaks.
    """

    most: int
    spelling: Callable[[str], str] = clean
    key: Callable[[str], str] = bare
    pattern: str | None = None
    error: str = "not_valid"
    empty: str = "needs_letters_or_digits"

    def field(self) -> "KeyField":
        """The field of such a text, for use in Annotated[str, PLATE.field()]."""
        return KeyField(self)

    def read(self, text: str) -> str:
        """The spelling of what was typed. Raises ValidationError with the rule it breaks."""
        if len(text) > 100 * self.most:
            raise ValidationError(rule("length_between", least=1, most=self.most))
        spelling = self.spelling(text)
        if _SHORT_OF_TEXT.search(spelling):
            raise ValidationError("control_characters")
        key = self.key(spelling)
        if not key:
            nothing = self.empty
            raise ValidationError(nothing)
        if max(len(spelling), len(key)) > self.most:
            raise ValidationError(rule("length_between", least=1, most=self.most))
        return spelling


class KeyField(fields.String):
    """A text of one kind, read as its spelling."""

    def __init__(self, kind: TextKey) -> None:
        checks: list[Any] = [validate.Length(min=1, max=kind.most)]
        if kind.pattern is not None:
            error = kind.error
            checks = [validate.Regexp(kind.pattern, error=error)]
        super().__init__(validate=checks)
        self.kind = kind

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return self.kind.read(super()._deserialize(value, *args, **kwargs))
