"""What the console says: every text gets its values, every state it shows has a word, a shape and a colour."""

from typing import get_args

from console.screens import order
from console.showing import SHAPES, TONES
from contracts.shared import Payer
from locales import SOURCE, sentence
from tests.contracts.console_texts import WORDS, said
from tests.contracts.test_catalogues import places


def test_a_text_gets_the_values_it_has_places_for() -> None:
    """Wherever a template or a page says it."""
    assert list(said())
    wrong = [(where, code) for where, code, values in said() if places(sentence(code, SOURCE)) != values]
    assert not wrong


def test_a_state_that_is_shown_has_a_tone() -> None:
    """One for each value its contract knows, and no other."""
    for kind, tones in TONES.items():
        assert set(tones) == set(get_args(WORDS[kind])), kind
        assert set(tones.values()) <= set(SHAPES), kind


def test_the_payers_that_can_be_chosen_are_all_there_are() -> None:
    """In the order of the contract."""
    assert get_args(Payer) == order.PAYERS
