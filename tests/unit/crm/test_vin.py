"""Rule C1: what is a VIN."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire import Part
from chassis.wire.errors import Invalid
from contracts.shared import VIN, Vin
from services.crm.vehicle.vin import check_digit, doubtful

REAL = "1M8GDM9AXKP042788"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


class Car(Part):
    """Anything with a VIN."""

    vin: Vin


def test_the_published_test_vector_has_the_check_digit_x():
    assert check_digit(REAL) == "X"
    assert doubtful(REAL, "strict") is False


@pytest.mark.parametrize(("vin", "digit"), [("11111111111111111", "1"), ("1HGCM82633A004352", "3"), ("5GZCZ43D13S812715", "1")])
def test_well_known_vins_have_the_digit_they_carry(vin, digit):
    assert check_digit(vin) == digit


def test_a_vin_is_stored_in_capitals_without_blanks():
    assert VIN.read(" 1m8gdm9axkp 042788") == REAL


@pytest.mark.parametrize(
    "vin",
    [
        "1M8GDM9AXKP04278",
        "1M8GDM9AXKP0427888",
        "IM8GDM9AXKP042788",
        "1M8GDM9AXKPO42788",
        "1M8GQM9AXKP042788",
        "",
    ],
)
def test_what_is_not_17_characters_or_has_i_o_q_is_no_vin_anywhere(vin):
    with pytest.raises(Invalid) as refusal:
        Car.load({"vin": vin})
    assert list(refusal.value.details["errors"]) == ["vin"]


def test_a_wrong_check_digit_is_refused_where_the_market_is_strict():
    with pytest.raises(Invalid) as refusal:
        doubtful("1M8GDM9A1KP042788", "strict")
    assert refusal.value.details["errors"] == {"vin": ['wrong_check_digit {"expected": "X"}']}


def test_a_wrong_check_digit_is_warned_of_or_ignored_where_the_market_is_lenient():
    assert doubtful("1M8GDM9A1KP042788", "warn") is True
    assert doubtful("1M8GDM9A1KP042788", "off") is False


@given(st.text(LETTERS, min_size=17, max_size=17))
def test_exactly_one_check_digit_fits_a_vin(vin):
    """Position 9 has no weight of its own: putting the expected digit there makes any VIN right, every other one wrong."""
    right = vin[:8] + check_digit(vin) + vin[9:]
    assert doubtful(right, "strict") is False
    fitting = [digit for digit in "0123456789X" if not doubtful(vin[:8] + digit + vin[9:], "warn")]
    assert fitting == [check_digit(vin)]


@given(st.text(LETTERS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_noticed(vin, place, digit):
    """All weights but position 9's are prime to 11: no single changed digit slips through."""
    right = vin[:8] + check_digit(vin) + vin[9:]
    wrong = right[:place] + digit + right[place + 1 :]
    if right[place].isdigit() and wrong != right:
        assert doubtful(wrong, "warn")
