"""Whatever the house refuses, it can say why: its code is listed, and every language has a sentence for it."""

import re
from importlib import import_module

import pytest

import chassis.wire.errors
from chassis.wire.errors import ServiceError
from contracts.problems import PROBLEMS
from servicelane.suite import SERVICES
from tests.contracts.refusal_codes import raised, raised_in

FOLDERS = {name: "gateway" if name == "gateway" else f"services/{name}" for name in SERVICES}
OTHER_ERRORS = {
    name for name, one in vars(chassis.wire.errors).items() if isinstance(one, type) and issubclass(one, ServiceError)
} - {
    "Refused",
    "ServiceError",
}
every_service = pytest.mark.parametrize("service", SERVICES)


def refusals(service: str) -> frozenset[str]:
    """The refusals a service's contract lists."""
    return import_module(f"contracts.{service}.refusals").REFUSALS


@every_service
def test_every_refusal_is_listed(service: str) -> None:
    """Its code stands in the contract of the service that raises it."""
    found = list(raised(FOLDERS[service], {"Refused"}))
    unreadable = [one.place for one in found if not one.codes]
    assert not unreadable, "the code must be readable in the source: " + ", ".join(unreadable)
    untitled = [f"{one.place}: {code}" for one in found for code in one.codes if code not in refusals(service)]
    assert not untitled, "\n".join(untitled)


@every_service
def test_every_listed_refusal_exists(service: str) -> None:
    """A code that nobody raises is dead text for the translators."""
    found = {code for one in raised(FOLDERS[service], {"Refused"}) for code in one.codes}
    assert refusals(service) - found == set()


@pytest.mark.parametrize("where", [*SERVICES, "problems"])
def test_a_code_is_a_few_plain_words(where: str) -> None:
    """It stands in the problem's type, and a service gives no general code a meaning of its own."""
    codes = PROBLEMS if where == "problems" else refusals(where)
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z_]*", code)] == []
    assert where == "problems" or not codes & PROBLEMS.keys()


@pytest.mark.parametrize("folder", ["chassis", *FOLDERS.values()])
def test_every_other_error_is_listed_too(folder: str) -> None:
    """What is no refusal by a rule of the trade stands among the interface's problems."""
    assert {"NotFound", "Unavailable", "DeadlineExceeded"} <= OTHER_ERRORS
    untitled = [f"{one.place}: {code}" for one in raised(folder, OTHER_ERRORS) for code in one.codes if code not in PROBLEMS]
    assert not untitled, "\n".join(untitled)


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("raise Refused('slot_full')", ("slot_full",)),
        ("raise Refused(\n    'slot_full' if full else 'closed',\n    at=at)", ("slot_full", "closed")),
        ("CODE = 'closed'\nraise Refused(CODE)", ("closed",)),
        ("CODES = {'bay': 'bay_occupied'}\nraise Refused(CODES[kind])", ("bay_occupied",)),
        ("raise Refused(make_up_a_code())", ()),
    ],
)
def test_codes_are_read_from_the_source(source: str, codes: tuple[str, ...]) -> None:
    """However the refusal spells its code; what cannot be read is known to be unreadable."""
    assert [one.codes for one in raised_in(source, {"Refused"}, "module")] == [codes]
