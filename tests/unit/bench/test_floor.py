"""The floor that pages are measured on: each screen has something at its address."""

import re

from bench.fleet.floor import STANDS
from console.screens import SCREENS


def test_every_placeholder_of_the_screens_stands_on_the_floor():
    """A screen that came since the measurement was last run would end it."""
    named = {name for screen in SCREENS for page in screen.pages for name in re.findall(r"<(\w+)>", page.path)}
    assert named == set(STANDS)
