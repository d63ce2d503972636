"""What the console says: every text gets its values, every state it shows has a word, a shape and a colour."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

from console.screens import order
from console.tags import SHAPES, TONES
from contracts.shared import Payer
from locales import SOURCE, sentence
from tests.contracts.console_texts import WORDS, said
from tests.contracts.published import MESSAGES, name
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


NOT_SHOWN = {
    "abc_class",  # a letter
    "because",  # why an appointment has a tag
    "bring",  # what a reminder says, to be sent
    "contact",  # figures that no screen has yet
    "content_type",
    "customer: as_booked, new_owner",  # their names are
    "delimiter",  # of a file that is imported
    "effect",  # reconciliation's: the attention list says what is wrong with each
    "encoding",
    "fault",
    "certified_classes",  # a setting that no screen has
    "kept_classes",  # a setting that no screen has
    "kind: no_show, call_back",  # each has a list of its own
    "kind: person, program",  # who holds a token
    "left",  # how a car left the lane: it is not there any more
    "team_check",  # a setting of the dealer, which no screen shows
    "medium",  # a picture, a film and a paper show what they are
    "missing",
    "purpose",  # consents are kept by the API so far
    "refusal",
    "sort",
    "state: open, answered",  # lists of what is open, and of what is over
    "state: open, done, settled",
    "state: open, resolved, withdrawn",
    "state: open, moved, released, delivered",  # a reservation's: the pick list has what is open
    "tax_mode",
    "vin_check",
    "vin_warning",
    "unknown_because",  # why the customer's page names no time: a sentence each
    "why_not",  # why somebody else is proposed: a sentence each, with what it is about
    "why",
}
"""Words of the interface that no screen shows, with the reason where that is not plain."""


def enums(kind: Any) -> Iterator[tuple[str, ...]]:
    """The sets of words in an annotation."""
    if get_origin(kind) is Literal:
        yield tuple(one for one in get_args(kind) if one is not None)
    for inner in get_args(kind):
        if not isinstance(inner, str | int):
            yield from enums(inner)


def test_every_word_of_the_contracts_has_a_word_in_every_language_or_is_not_shown() -> None:
    """Whatever a person reads is a word: each set of words is one of the kinds that screens say, or part of one."""
    known = [{word for args in get_args(kind) for word in (get_args(args) or (args,))} for kind in WORDS.values()]
    new = {
        f"{field}: {', '.join(words)} ({name(message)})"
        for message in MESSAGES
        for field, kind in get_type_hints(message, include_extras=True).items()
        for words in enums(kind)
        if field not in NOT_SHOWN and f"{field}: {', '.join(words)}" not in NOT_SHOWN
        if not any(set(words) <= of_kind for of_kind in known)
    }
    assert not new, "\n".join(sorted(new))
