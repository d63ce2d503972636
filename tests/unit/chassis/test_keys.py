"""A text that names a thing is one thing however it is typed (ADR 0021)."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis.wire.keys import TextKey, bare, capitals, clean, plate_key, small, unblanked
from contracts.shared import BAY, DOCUMENT_NUMBER, LOGIN, OPERATION_CODE, PART_NUMBER, PHONE, PLATE, REFERENCE, VIN

KINDS = [PART_NUMBER, PLATE, VIN, PHONE, DOCUMENT_NUMBER, REFERENCE, BAY, LOGIN, OPERATION_CODE]

SAME_PART = [
    "06A-115561B",
    " 06A - 115 561 b ",
    "06A\u2011115561B",
    "０６Ａ－１１５５６１Ｂ",
    "06A\u2212\u200b115\u00a0561\u3000B\u202c",
]
SAME_PLATE = [
    "沪A·12345",
    "沪A12345",
    "沪a 12345",
    "沪A・12345",
    "沪Ａ－１２３４５",
    "\u202b沪A12345\u202c",
    "沪A\u00b7\u200d12345",
]


@pytest.mark.parametrize("typed", SAME_PART)
def test_one_part_however_its_number_is_typed(typed: str) -> None:
    """Blanks, dashes, case, full-width and invisible characters tell no parts apart."""
    assert PART_NUMBER.read(typed) == "06A-115561B"
    assert PART_NUMBER.key(typed) == PART_NUMBER.key("06A115561B")


@pytest.mark.parametrize("typed", SAME_PLATE)
def test_one_car_however_its_plate_is_typed(typed: str) -> None:
    """Also where the middle dot is that of another script."""
    assert PLATE.key(PLATE.read(typed)) == "沪A12345"


def test_two_cars_whose_plates_differ_in_the_place_of_the_dash() -> None:
    """A German plate names its district before the dash; how the dash is written says nothing."""
    assert PLATE.key("B-NO 1234") != PLATE.key("BN-O 1234")
    assert PLATE.key("b no1234") == PLATE.key("B\u2011NO 1234") == PLATE.key("Ｂ－ＮＯ　１２３４") == "B-NO1234"


def test_a_new_energy_plate_has_no_dash_between_its_letters() -> None:
    """沪A·D12345 is written without its dot as often."""
    assert PLATE.key("沪A·D12345") == PLATE.key("沪AD12345")


def test_what_was_said_is_kept() -> None:
    """The spelling is shown: without what nobody sees, but with the separators as they were written."""
    assert PHONE.read(" 021\u201158881234 \u202a-\u202c 8006") == "021-58881234 - 8006"
    assert PLATE.read("沪a·12345") == "沪A·12345"
    assert REFERENCE.read("wx-\u200b2026 / 7") == "WX-2026/7"


def test_lengths_are_those_of_the_normalised_text() -> None:
    """Not of what was typed: `ß` becomes two letters, an invisible one none."""
    kind = TextKey(most=4, spelling=capitals)
    assert kind.read("ａ\u200bｂ\u200bｃ\u200bｄ\u200b") == "ABCD"
    assert kind.read("ßß") == "SSSS"
    for too_long in ("ßßß", "ABCDE", "A" * 10_000):
        with pytest.raises(ValidationError, match="length_between"):
            kind.read(too_long)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        *product(KINDS, ["", " \u3000", "\u200b", "\u3164"]),
        *product([PLATE, VIN, PHONE, BAY], [" - ", "・"]),
    ],
)
def test_a_text_that_names_nothing_is_refused(kind: TextKey, typed: str) -> None:
    """Blanks, dashes and dots alone."""
    with pytest.raises(ValidationError, match="needs_"):
        kind.read(typed)


def test_a_phone_needs_digits() -> None:
    """Letters are no number."""
    with pytest.raises(ValidationError, match="needs_a_number"):
        PHONE.read("call me")


@pytest.mark.parametrize("typed", ["A\x00B", "A\x1bB", "A\ud800", "A\x85\x01"])
def test_what_is_no_text_is_refused(typed: str) -> None:
    """Control characters and halves of characters."""
    with pytest.raises(ValidationError, match="control_characters"):
        PART_NUMBER.read(typed)


@pytest.mark.parametrize("form", [clean, capitals, small, unblanked, bare, plate_key])
@given(typed=st.text())
def test_a_form_stays_what_it_is(form: Callable[[str], str], typed: str) -> None:
    """Read again - from an event, a file, a cursor - it does not change, and it is that of the spelling too."""
    once = form(typed)
    assert form(once) == once
    assert form(clean(typed)) == once
