"""Numbers are read as they are written in a shop, and in no other spelling; currencies are those one can pay with."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chassis import Hours, Money, Quantity, minor_digits

KINDS = [Quantity.of, Hours.of, lambda text: Money.of(text, "CNY")]


@pytest.mark.parametrize("read", KINDS, ids=["quantity", "hours", "money"])
@given(text=st.text(alphabet=st.sampled_from("0123456789+-_.,eE １０٣ \t\n' infNaN"), max_size=8))
@example("1_0")
@example("１０")
@example("٣")
@example(" 5")
@example("5 ")
@example("5\n")
@example("1e2")
@example("+5")
@example(".5")
@example("5.")
@example("1,5")
@example("NaN")
@example("-Infinity")
@example("")
def test_a_number_is_digits_with_at_most_one_point_and_a_minus(read, text: str) -> None:
    """Whatever else Decimal would read is a slip: refused, never another number than was meant."""
    plain = text.isascii() and text.removeprefix("-").replace(".", "", 1).isdigit() and not text.startswith((".", "-."))
    plain = plain and not text.endswith(".")
    try:
        read(text)
    except ValueError:
        return
    assert plain


@given(st.integers(-(10**15), 10**15), st.sampled_from([0, 1, 2, 3]))
def test_a_decimal_is_read_exactly(units: int, digits: int) -> None:
    """What was written comes back, to the last digit."""
    number = Decimal(units).scaleb(-digits)
    if digits <= Quantity.DIGITS and abs(units) * 10 ** (Quantity.DIGITS - digits) <= 10**15:
        assert Quantity.of(f"{number:f}").decimal == number


def test_too_many_digits_are_too_many_and_not_rounded() -> None:
    """Fifty decimals are refused as fifty decimals."""
    with pytest.raises(ValueError, match="too_many_decimals"):
        Quantity.of("1." + "0" * 39 + "1")
    with pytest.raises(ValueError, match="too_large"):
        Quantity.of("9" * 30)


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("CNY", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("RSD", 2), ("IQD", 3), ("KWD", 3), ("TND", 3), ("HUF", 2)],
)
def test_a_currency_has_the_minor_unit_of_iso_4217(currency: str, digits: int) -> None:
    """Not the decimals that prices are usually shown with: a dinar has its hundredth part although no shop shows it."""
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    "code",
    [
        "XXX",
        "XTS",
        "XAU",
        "XDR",
        "CHE",
        "CHW",
        "CLF",
        "COU",
        "MXV",
        "USN",
        "UYI",
        "UYW",
        "BOV",
        "XAD",
        "DEM",
        "FRF",
        "cny",
        "",
        "CN",
        "¥",
    ],
)
def test_what_nobody_can_pay_with_is_no_currency(code: str) -> None:
    """Codes for nothing, for tests, for gold, for funds and units of account; money that is gone; other spellings (Rule A6)."""
    with pytest.raises(ValueError, match="not_a_currency"):
        minor_digits(code)
