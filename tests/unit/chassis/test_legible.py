"""What people type is what people see: a name has nothing in it that nobody reads and that makes it another one."""

import pytest

from chassis.wire.errors import Invalid
from contracts.signing import Signing


@pytest.mark.parametrize(
    "hidden",
    [
        *("\u202e", "\u2066", "\u200b", "\u200e", "\u200f", "\u061c", "\u00ad", "\u2028", "\ufeff"),
        *("\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\u034f", "\u17b4"),
        *("\u180b", "\ufe0f", "\U000e0100", "\U000e0041", "\U0001d173"),
    ],
)
def test_a_signers_name_hides_nothing(hidden: str) -> None:
    """What turns the writing, has no width, fills a letter's place or chooses a form where there is none to choose."""
    with pytest.raises(Invalid):
        Signing.load({"means": "typed", "name": f"Li{hidden}Na"})


@pytest.mark.parametrize(
    "name", ["李娜", "辻\U000e0100", "❤\ufe0f", "1\ufe0f\u20e3", "\u1820\u180b", "محمد \u200fعلي", "नि\u200dक"]
)
def test_scripts_keep_what_they_need(name: str) -> None:
    """The form of an ideograph in somebody's name, emoji, joined letters."""
    assert Signing.load({"means": "typed", "name": name}).name == name
