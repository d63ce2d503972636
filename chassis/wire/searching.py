"""How a name is found however it is typed: both sides are folded by one rule, here; each database would fold its own way."""

import unicodedata
from itertools import islice, product

from pypinyin import Style, pinyin

from chassis.wire.keys import capitals

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_READINGS = 8
"""How many readings of a name are kept: a character may have several (单 is shan as a surname, dan as a word)."""


def folded(text: str) -> str:
    """Small letters without accents, blanks and dashes: Öztürk is ozturk, İpek ipek, straße strasse."""
    plain = unicodedata.normalize("NFKD", capitals(text).casefold()).translate(_LETTERS)
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in " -")


def forms(name: str) -> str:
    """What a name is found by: folded, and for Chinese ones in pinyin, whole and by initials; one a line."""
    found = {folded(name): None}
    if any("\u3400" <= letter <= "\u9fff" for letter in name):
        for style in (Style.NORMAL, Style.FIRST_LETTER):
            syllables = pinyin(capitals(name), style=style, heteronym=True)
            found.update((folded("".join(reading)), None) for reading in islice(product(*syllables), _READINGS))
    return "\n".join(found)
