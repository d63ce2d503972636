"""Services and gateway are built one way: a registration table, capabilities, and inside them nouns, gerunds and queries."""

import ast
import re
import tomllib
from collections.abc import Iterator
from inspect import getmembers, unwrap
from pathlib import Path
from typing import Any

import pytest

import chassis
from chassis.service.registration import Subscribed, Timed
from servicelane.suite import SERVICES, service_class

ROOT = Path(__file__).parents[2]
PACKAGES = {name: ROOT / ("gateway" if name == "gateway" else f"services/{name}") for name in SERVICES}
NO_CAPABILITY = {"migrations", "http", "docs"}
LONGEST_FACE = 51

every_service = pytest.mark.parametrize("service", SERVICES)


def capabilities(service: str) -> list[Path]:
    """The packages of a service that hold its rules."""
    folders = (path.parent for path in PACKAGES[service].glob("*/__init__.py"))
    return sorted(folder for folder in folders if folder.name not in NO_CAPABILITY)


def rows(service: str) -> Iterator[tuple[str, Any, bool]]:
    """The registration table: the row's name, its use case, whether it is a query."""
    for name, row in getmembers(service_class(service)):
        if isinstance(row, Subscribed | Timed):
            yield name, row.use_case, False
        elif hasattr(row, "contract"):
            yield name, row.use_case, row.contract.__mro__[1].__name__ == "Query"


@every_service
def test_a_use_case_stands_in_a_gerund_module_of_a_capability_and_a_query_among_the_queries(service: str) -> None:
    """So that everybody knows where to look; what the chassis offers ready-made is excepted."""
    misplaced = []
    for name, use_case, is_query in rows(service):
        module = unwrap(use_case).__module__
        if module.startswith("chassis."):
            continue
        place = module.rpartition(".")[2]
        if not (place == "queries" if is_query else place.endswith("ing")):
            misplaced.append(f"{service}.{name} is answered by {module}.{use_case.__name__}")
    assert not misplaced, "\n".join(misplaced)


@every_service
def test_a_noun_module_holds_no_use_case(service: str) -> None:
    """Rules know no unit of work by the name of a command; what takes `(work, command)` is a use case."""
    offenders = []
    for file in nouns(service):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and [one.arg for one in node.args.args] in (
                ["work", "command"],
                ["work", "event"],
            ):
                offenders.append(f"{file.relative_to(ROOT)}: {node.name}")
    assert not offenders, "\n".join(offenders)


@every_service
def test_a_timer_that_is_set_has_a_row(service: str) -> None:
    """By a name that is written out where it is set: a timer that nobody knows would stay due for ever."""
    named = set()
    for file in PACKAGES[service].rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "set_timer":
                name = node.args[1]
                assert isinstance(name, ast.Constant), f"{file.relative_to(ROOT)}:{node.lineno} does not write the name out"
                named.add(name.value)
    assert named == {*service_class(service).timers(), *service_class(service).errands()}


@every_service
def test_every_capability_says_what_lives_in_it(service: str) -> None:
    """And the service has some."""
    assert capabilities(service)
    for folder in capabilities(service):
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))), f"{folder} does not say"


def nouns(service: str) -> list[Path]:
    """The modules of a service's capabilities that are neither use cases nor queries."""
    files = (file for folder in capabilities(service) for file in folder.glob("*.py"))
    return sorted(file for file in files if file.stem not in ("__init__", "queries") and not file.stem.endswith("ing"))


SESSION = re.compile(r"\b(work|batch|self)\.session\b")


@every_service
def test_use_cases_do_not_reach_for_the_session(service: str) -> None:
    """The unit of work offers what they need; how a race is decided stands there, once."""
    offenders = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder in capabilities(service)
        for file in sorted(folder.rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if SESSION.search(line)
    ]
    assert not offenders, "\n".join(offenders)


@pytest.mark.parametrize("line", ["work.session.execute(x)", "rows = batch.session.scalars(y)"])
def test_a_session_is_found(line: str) -> None:
    """The search above can find something."""
    assert SESSION.search(line)


def test_the_face_of_the_chassis_is_short() -> None:
    """What services see is a handful of names, all of them there."""
    assert len(chassis.__all__) <= LONGEST_FACE
    assert [name for name in chassis.__all__ if not hasattr(chassis, name)] == []


@every_service
def test_every_service_has_an_order_of_its_capabilities(service: str) -> None:
    """import-linter holds it: a lower capability knows nothing of an upper one, and none of the registration table."""
    linted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = {contract["id"]: contract["layers"] for contract in linted if contract["type"] == "layers"}[
        f"{service}-capabilities"
    ]
    assert layers[0] == "service"
    named = {name for layer in layers for name in layer.split(" | ")}
    assert {folder.name for folder in capabilities(service)} <= named
