"""What is typed for a chassis number is one, or was meant as one, wherever it is typed."""

import pytest

from console.vins import bare_vin, is_vin, like_a_vin


@pytest.mark.parametrize(
    ("typed", "whole", "meant"),
    [
        ("LSVAA49J132047371", True, True),
        ("lsvaa49j 1320-47371", True, True),
        ("ＬＳＶＡＡ４９Ｊ１３２０４７３７１", True, True),
        ("LSVAA49J13204737", False, True),
        ("LSVAA49J13204737O", False, True),
        ("沪A·12345", False, False),
        ("沪AD12345", False, False),
        ("1234 5678", False, False),
        ("<script>", False, False),
        ("- - - - - - - -", False, False),
        ("", False, False),
    ],
)
def test_one_judgement_for_search_and_history(typed: str, whole: bool, meant: bool) -> None:
    """Rule W22: a whole one is looked for; one that was meant so and is none is said to be mistyped."""
    assert (is_vin(typed), like_a_vin(typed)) == (whole, meant)


def test_it_is_asked_for_as_files_have_it() -> None:
    """Without what people write between."""
    assert bare_vin(" lsvaa49j-132047371 ") == "LSVAA49J132047371"
