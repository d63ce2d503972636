"""What the code of the house may not contain, whoever writes it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ("chassis", "contracts", "files", "services", "gateway", "console", "servicelane", "locales", "media")
PROJECT = (*HOUSE, "bench", "deploy", "tests")
LONGEST = 300

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "monotonic"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


def clocks_read(source: str) -> Iterator[str]:
    """Every place where a module asks the machine what time it is, as `line: call`."""
    tree = ast.parse(source)
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: (node.module or "", alias.name) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            asked = (names.get(owner, ("", owner))[1], node.attr)
        elif isinstance(node, ast.Name) and names.get(node.id, ("", ""))[0] == "time":
            asked = names[node.id]
        else:
            continue
        if asked in CLOCKS:
            yield f"{node.lineno}: {'.'.join(asked)}"


def test_capabilities_ask_no_clock_but_the_one_given() -> None:
    """They take `work.now`: a unit of work happens at one moment, and a test decides which."""
    packages = [ROOT / "services", *(ROOT / "gateway" / part for part in ("dealer", "account", "suite"))]
    files = [file for package in packages for file in sorted(package.rglob("*.py"))]
    assert len(files) > 100, "no capability was found: this test looks in the wrong place"
    offenders = [f"{file.relative_to(ROOT)}:{found}" for file in files for found in clocks_read(file.read_text(encoding="utf-8"))]
    assert not offenders, "\n".join(offenders)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "from datetime import datetime as moment\nmoment.utcnow()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "import time\ntime.time()",
        "from time import time\ntime()",
        "from datetime import datetime\nfield(default_factory=datetime.now)",
    ],
)
def test_a_clock_is_found_however_it_is_read(source: str) -> None:
    """The search above can find something."""
    assert list(clocks_read(source)) != []


def test_the_time_that_was_given_is_no_clock() -> None:
    """Nor are fields and methods that happen to be called the same."""
    source = "from datetime import time\nwork.now\nself.clock.now()\ntime(9, 30)\nrow.time\nwork.now.time()"
    assert list(clocks_read(source)) == []


def test_no_file_is_too_long_to_read() -> None:
    """A file of more than 300 lines wants to be two, whoever reads it: product, tests and tools alike."""
    lengths = {
        file.relative_to(ROOT): len(file.read_text(encoding="utf-8").splitlines())
        for package in PROJECT
        for file in sorted((ROOT / package).rglob("*.py"))
    }
    assert lengths
    offenders = [f"{file} has {lines} lines" for file, lines in lengths.items() if lines > LONGEST]
    assert not offenders, "split by what they are about, not by length:\n" + "\n".join(offenders)


def test_the_image_is_built_from_every_package_that_is_installed() -> None:
    """A package that the image leaves out is missed only when it starts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {one.removesuffix("*") for one in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    kept = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()}
    assert packages <= kept
