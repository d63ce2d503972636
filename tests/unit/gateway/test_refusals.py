"""Every refusal of the gateway is listed, every general problem too."""

import ast
from pathlib import Path

import gateway
from contracts.gateway.refusals import REFUSALS
from contracts.problems import PROBLEMS

SOURCES = list(Path(gateway.__file__).parent.rglob("*.py"))


def _codes(name: str, position: int) -> set[str]:
    calls = (node for source in SOURCES for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call))
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == name and len(call.args) > position
        if isinstance(argument := call.args[position], ast.Constant)
    }


def test_every_refusal_is_listed_and_no_other() -> None:
    """In contracts/gateway/refusals.py."""
    assert _codes("Refused", 0) == set(REFUSALS)


def test_every_problem_of_the_doors_is_listed() -> None:
    """In contracts/problems.py."""
    said = _codes("Problem", 1)
    assert {"not_authenticated", "too_many_requests"} <= said
    assert said <= set(PROBLEMS)
