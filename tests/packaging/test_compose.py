"""deploy/compose.yaml says what the processes really do; and each check is seen to go red. No engine is needed."""

import re
import subprocess
from collections.abc import Callable
from functools import cache

import pytest

from locales import languages
from tests.packaging.breaks import BREAKS, Break
from tests.packaging.checks import CHECKS, SCRIPT, made_secrets
from tests.packaging.composition import KNOWN, ROOT, Composition


@cache
def as_it_is() -> Composition:
    """Read once."""
    return Composition.of()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_composition_says_what_is_so(check: Callable[[Composition], list[str]]) -> None:
    """What the check's docstring says."""
    assert check(as_it_is()) == []


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: f"{one.check.__name__}-{one.complaint}")
def test_each_check_goes_red(broken: Break) -> None:
    """One thing is made wrong, and the check says which."""
    given = Composition.of()
    broken.make(given)
    complaints = broken.check(given)
    assert any(broken.complaint in one for one in complaints), complaints


def test_no_check_was_never_seen_red() -> None:
    """A check that nothing can turn red checks nothing."""
    assert {broken.check for broken in BREAKS} == set(CHECKS)


def test_secrets_are_made_once_and_read_by_those_who_may() -> None:
    """The folder is its owner's alone; its files can be read by the users of containers. Nothing is made anew."""
    made = made_secrets()
    assert made.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in made.iterdir()} == {0o444}
    contents = [one.read_text(encoding="utf-8") for one in made.iterdir()]
    assert len(set(contents)) == len(contents) - contents.count("") + 1
    before = {one.name: one.read_text(encoding="utf-8") for one in made.iterdir()}
    (made / "crm").unlink()
    subprocess.run(["sh", str(SCRIPT), str(made)], check=True, timeout=60)
    after = {one.name: one.read_text(encoding="utf-8") for one in made.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"crm"}


def test_the_image_keeps_every_language_that_is_spoken() -> None:
    """Of how others write dates it keeps nothing."""
    kept = re.findall(r"-not -name '(\w+)", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))
    assert sorted(kept) == sorted(["root", *languages()])


def test_an_engine_is_told_all_that_stands_in_the_file() -> None:
    """`make packaging` knows every line of it."""
    assert {line for service in as_it_is().services.values() for line in service} <= KNOWN
