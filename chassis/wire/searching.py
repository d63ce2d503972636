"""How a name is found however it is typed: both sides are folded by one rule, here; each database would fold its own way."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Any, NamedTuple

from pypinyin import Style, pinyin

from chassis.wire.keys import MIDDLE_DOTS, capitals

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
"""How these letters are written where a keyboard has none: Müller is Mueller."""
_SAYS_NOTHING = frozenset({"Zs", "Pd", "Pi", "Pf", "Sk"})
"""Blanks, dashes, quotation marks, accents that stand alone."""
_NOR_DO = "'\"" + "\u02b9\u02bb\u02bc\u02bd\u02be\u02bf" + MIDDLE_DOTS
_DOT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
"""Of initials: J.R. Of a number it says something."""
_UMLAUT = re.compile(r"^([ln])v")
_READINGS = 8
"""How many readings of a name are kept: a character may have several (单 is shan as a surname, dan as a word)."""


class _Telling(dict[int, str]):
    """What tells names apart, and nothing for the rest; each letter is looked up once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        silent = unicodedata.combining(letter) or unicodedata.category(letter) in _SAYS_NOTHING or letter in _NOR_DO
        self[code] = found = "" if silent else letter
        return found


_TELLING = _Telling()


def folded(text: str) -> str:
    """Small letters without accents, blanks, dashes, apostrophes and middle dots, whichever of them a keyboard gives.

    Öztürk is ozturk, İpek ipek, straße strasse, O’Connor oconnor, 艾力·买买提 艾力买买提.
    """
    plain = unicodedata.normalize("NFKD", capitals(text).casefold()).translate(_LETTERS)
    return _DOT.sub("", plain.translate(_TELLING))


def writings(text: str) -> list[str]:
    """What somebody who types this may mean: folded, and with umlauts spelled out if there are any."""
    spelled = unicodedata.normalize("NFC", capitals(text).casefold()).translate(_SPELLED)
    return list(dict.fromkeys((folded(text), folded(spelled))))


@lru_cache(maxsize=4096)  # a price file says one name many times
def forms(name: str) -> str:
    """What a name is found by: folded, umlauts spelled out, Chinese ones in pinyin, whole and by initials; one a line."""
    found = dict.fromkeys(writings(name))
    for style in (Style.NORMAL, Style.FIRST_LETTER):
        found.update(dict.fromkeys(_readings(folded(name), style)))
    return "\n".join(found)


def may_be_one_name(one: str, other: str) -> bool:
    """Whether these are one person's name as two people write it: folded alike, or one as the other's pinyin.

    Two Chinese names that only sound alike are two names.
    """
    first, second = folded(one), folded(other)
    return first == second or first in _readings(second, Style.NORMAL) or second in _readings(first, Style.NORMAL)


def _readings(plain: str, style: Style) -> list[str]:
    """What a Chinese name is in Latin letters, by each way to read it; nothing for others."""
    if not any("\u3400" <= letter <= "\u9fff" for letter in plain):
        return []
    syllables = product(*pinyin(plain, style=style, heteronym=True))
    return [written for reading in islice(syllables, _READINGS) for written in _latin(reading)]


def _latin(syllables: Sequence[str]) -> list[str]:
    """A reading in Latin letters. Its ü is typed as v, as u, and as yu in passports: 吕 is lv, lu and lyu."""
    if not any(_UMLAUT.match(one) for one in syllables):
        return ["".join(syllables)]
    return ["".join(_UMLAUT.sub(rf"\1{written}", one) for one in syllables) for written in ("v", "u", "yu")]


_LAST_DIGITS = re.compile(r"[0-9]{1,6}")
_BEGINNING = re.compile(r"([A-Z]*)([0-9]{0,4})([0-9]{0,6})")


class Span(NamedTuple):
    """From one value to another, both included."""

    first: Any
    last: Any


def beginning(key: str) -> Span:
    """Every text that begins with a key: text is sorted by code point on every database (servicelane/provision.py).

    A range, because row-level security keeps LIKE from being a look into an index.
    """
    return Span(key, key + "\U0010ffff")


class Numbers(NamedTuple):
    """Numbers such as RO-2026-000123: of which years, None for any, and which of each year's."""

    years: Span | None
    counts: Span


def numbers_meant(typed: str, series: str) -> Numbers | None:
    """Which numbers of a series somebody means who types one without its dashes: whole, its beginning, or its last digits.

    RO20260001 is the beginning of RO-2026-000100 to RO-2026-000199, 123 is the 123rd of any year. None for what is none of these.
    """
    if _LAST_DIGITS.fullmatch(typed):
        return Numbers(None, Span(int(typed), int(typed)))
    match = _BEGINNING.fullmatch(typed)
    if match is None or not series.startswith(match[1]):
        return None
    return Numbers(_filled(match[2], 4), _filled(match[3], 6))


def _filled(digits: str, places: int) -> Span:
    return Span(int(digits.ljust(places, "0")), int(digits.ljust(places, "9")))
