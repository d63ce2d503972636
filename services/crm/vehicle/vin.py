"""Vehicle identification numbers (Rule C1, docs/domain.md)."""

import re

from chassis import Invalid
from contracts.crm.settings import VinCheck

_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    **{"P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK = 8  # position 9, counted from 0


def check_digit(vin: str) -> str:
    """What position 9 of a well-formed VIN must be where the market uses check digits."""
    remainder = sum(_VALUES[letter] * weight for letter, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def normal_vin(text: str) -> str:
    """The VIN as it is stored: capitals without blanks."""
    return "".join(text.split()).upper()


def read_vin(text: str, check: VinCheck) -> tuple[str, bool]:
    """The VIN as it is stored, and whether to warn of its check digit.

    Raises Invalid for what cannot be a VIN at all, and for a wrong check digit where the dealer's market is strict.
    """
    vin = normal_vin(text)
    if not _SHAPE.fullmatch(vin):
        raise Invalid.field("vin", "not_a_vin")
    if check == "off" or vin[_CHECK] == (expected := check_digit(vin)):
        return vin, False
    if check == "strict":
        raise Invalid.field("vin", "wrong_check_digit", expected=expected)
    return vin, True
