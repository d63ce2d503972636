"""Chassis numbers as they are typed: with blanks or dashes, wide or small letters."""

import re
import unicodedata

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_LIKE_ONE = re.compile(r"[A-Z0-9]{12,}")
"""No plate is so long; whose it is no file may know, but another dealer of the group."""


def bare_vin(typed: str) -> str:
    """Its letters and digits, as a file has them."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()


def is_vin(typed: str) -> bool:
    """Whether it is a whole chassis number."""
    return bool(_VIN.fullmatch(bare_vin(typed)))


def like_a_vin(typed: str) -> bool:
    """Whether it was meant as one, whole or mistyped."""
    return bool(_LIKE_ONE.fullmatch(bare_vin(typed)))
