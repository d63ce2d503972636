"""Hypothesis, asked within a parametrized test."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st


def holds(check: Callable[[st.DataObject], None], *, examples: int) -> None:
    """The check passes with whatever it draws, so many times.

    A test that is both parametrized and `@given` hands the settings of each case on to the next, as their parent. Where there
    is no database of examples (`CI` is set) all of them are walked through, and a thousand cases are more than Python's stack.
    """
    settings(max_examples=examples)(given(data=st.data())(check))()
