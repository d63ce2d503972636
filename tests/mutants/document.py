"""docs/mutants.md: what the runs saw, one row per mutant."""

from collections import Counter

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import ROOT
from tests.mutants.run import Outcome

DOCUMENT = ROOT / "docs" / "mutants.md"
HEAD = """# Mutants

Written by `make mutants` from what it saw; do not edit it. Each safeguard is switched off alone, in a copy of the tree. The tests
named here then went red, each for the reason that stands beside it; with nothing switched off all of them pass.

| safeguard | switched off | tests that went red | what they said | seconds |
|---|---|---|---|---|
"""
SAID = 90


def record(one: Outcome) -> None:
    """Write the mutant's row anew."""
    rows = read() | {one.mutant.name: _row(one)}
    DOCUMENT.write_text(HEAD + "".join(rows[mutant.name] for mutant in MUTANTS if mutant.name in rows), encoding="utf-8")


def read() -> dict[str, str]:
    """The rows by safeguard, as they stand in the document."""
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    return {line.split("|")[1].strip(): line for line in text.removeprefix(HEAD).splitlines(keepends=True)}


def _row(one: Outcome) -> str:
    # A test over all services or both buses counts once, with how many of its cases failed.
    key = one.mutant.name.startswith("UNIQUE ")
    red = Counter(failure.test if key else failure.test.partition("[")[0] for failure in one.red)
    tests = "<br>".join(f"`{test}`" + (f" ({times} cases)" if times > 1 else "") for test, times in red.items())
    said = "<br>".join(dict.fromkeys(_cell(failure.headline) for failure in one.red))
    return f"| {one.mutant.name} | {one.mutant.switched_off} | {tests} | {said} | {one.seconds:.0f} |\n"


def _cell(headline: str) -> str:
    short = headline if len(headline) <= SAID else f"{headline[:SAID]}…"
    return f"`{short.replace('|', '/')}`"
