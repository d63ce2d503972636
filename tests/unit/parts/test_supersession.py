"""Chains of supersessions, on plain mappings (Rule P1)."""

from hypothesis import given
from hypothesis import strategies as st

from services.parts.catalogue.supersession import interchangeable


def test_what_is_used_up_first_is_the_oldest_whichever_is_asked_for():
    successors = {"A": "B", "B": "C"}
    for asked_for in "ABC":
        assert interchangeable(asked_for, successors) == ["A", "B", "C"]


def test_a_sibling_with_the_same_successor_is_no_substitute():
    assert interchangeable("A1", {"A1": "B", "A2": "B"}) == ["A1", "B"]
    assert interchangeable("B", {"A1": "B", "A2": "B"}) == ["A2", "A1", "B"]


@given(st.sampled_from("ABCDE"), st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")))
def test_each_part_is_named_once_whatever_the_links_are(asked_for, successors):
    found = interchangeable(asked_for, successors)
    assert len(found) == len(set(found))
    assert asked_for in found
