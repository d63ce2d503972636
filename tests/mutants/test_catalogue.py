"""The catalogue of mutants is complete and fits the code as it is, and docs/mutants.md tells of a run of all of it."""

import pytest
from sqlalchemy import UniqueConstraint

from servicelane.suite import SERVICES
from tests.architecture.service_tables import metadata_of
from tests.mutants.catalogue import MUTANTS
from tests.mutants.document import read
from tests.mutants.mutant import ROOT, Mutant
from tests.mutants.run import Outcome, Red

A_MUTANT = Mutant("inbox", "nothing", "x.py", "a", "b", ("tests/x.py::test_one", "tests/x.py::test_two[b]"), complaint="3 times")


def test_every_business_key_has_its_mutant() -> None:
    """Whatever a service's tables declare unique, also in a later revision."""
    declared = {
        f"UNIQUE {service}-{table.name}-{'-'.join(column.name for column in key.columns if column.name != 'dealer_id')}"
        for service in SERVICES
        for table in metadata_of(service).sorted_tables
        for key in table.constraints
        if isinstance(key, UniqueConstraint)
    }
    assert {mutant.name for mutant in MUTANTS if mutant.name.startswith("UNIQUE ")} == declared


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_changes_exactly_one_place(mutant: Mutant) -> None:
    """What the code no longer says cannot be switched off."""
    assert (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.code) == 1


def test_the_document_has_a_row_for_each() -> None:
    """A new safeguard was switched off at least once, and seen to be missed."""
    assert list(read()) == [mutant.name for mutant in MUTANTS], "run `make mutants` (or only what is new: ARGS='its name')"


@pytest.mark.parametrize(
    ("red", "killed"),
    [
        ([("test_one", "it is there 3 times"), ("test_two[b]", "3 times")], True),
        ([("test_one[a]", "3 times"), ("test_two[b]", "3 times"), ("test_one[c]", "3 times")], True),
        ([], False),
        ([("test_one", "3 times")], False),
        ([("test_one", "3 times"), ("test_two[a]", "3 times")], False),
        ([("test_one", "3 times"), ("test_two[b]", "the broker is away")], False),
    ],
    ids=["all red", "several cases", "all green", "one green", "another case", "another reason"],
)
def test_a_mutant_is_killed_when_each_of_its_tests_says_why(red: list[tuple[str, str]], killed: bool) -> None:
    """A test that is red for another reason proves nothing."""
    assert Outcome(A_MUTANT, tuple(Red(f"tests/x.py::{test}", said) for test, said in red), 1.0).killed == killed
