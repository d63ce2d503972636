"""Vehicle identification numbers (Rule C1, docs/domain.md)."""

from chassis import Invalid
from contracts.crm.settings import VinCheck

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


def doubtful(vin: str, check: VinCheck) -> bool:
    """Whether to warn of the VIN's check digit. Raises Invalid for a wrong one where the dealer's market is strict."""
    if check == "off" or vin[_CHECK] == (expected := check_digit(vin)):
        return False
    if check == "strict":
        raise Invalid.field("vin", "wrong_check_digit", expected=expected)
    return True
