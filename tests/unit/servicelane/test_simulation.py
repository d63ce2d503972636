"""What `simulate` says of simulated days, and with which exit status."""

import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.dev.infrastructure import PROJECT
from servicelane.cli import app
from servicelane.invariants import Finding
from servicelane.simulation import telling
from servicelane.simulation.rules import RULES, Sightings
from servicelane.simulation.running import Outcome
from tests.unit.servicelane.command import servicelane

ROW = re.compile(r"^\| ([A-Z][0-9]+) \| (built|partly|later) \|", re.MULTILINE)


def lived(monkeypatch: pytest.MonkeyPatch, *findings: Finding, **rules: int) -> None:
    """Have these days been lived."""
    seen = Sightings()
    for rule, times in rules.items():
        for _ in range(times):
            seen.saw(rule)
    outcome = Outcome(seen.counts(), 7, list(findings), 12.34)
    monkeypatch.setattr(telling, "simulate", lambda *asked: outcome)


def said(*options: str) -> Any:
    return CliRunner().invoke(app, ["simulate", *options])


def test_a_rule_that_no_day_lived_stands_there_as_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the table and in the JSON, beside those that happened."""
    lived(monkeypatch, B1=3)
    shown = said()
    cells = [[one.strip() for one in re.split("[│┃]", line)[1:-1]] for line in shown.stdout.splitlines()]
    times = {row[0]: row[-1] for row in cells if row and row[0] in RULES}
    assert (list(times), times["B1"], times["W31"]) == (list(RULES), "3", "0")
    told = json.loads(said("--json").stdout)
    assert told == {"rules": {**dict.fromkeys(RULES, 0), "B1": 3}, "orders": 7, "reconcile_ok": True, "seconds": 12.3}
    assert shown.exit_code == 0


def test_books_that_do_not_agree_end_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """And say what reconcile found."""
    lived(monkeypatch, Finding("I1", "dealer-1", "an invoice is missing"))
    shown, told = said(), said("--json")
    assert (shown.exit_code, told.exit_code) == (1, 1)
    assert "an invoice is missing" in shown.stdout
    assert json.loads(told.stdout)["reconcile_ok"] is False


def test_what_happened_counts_and_what_did_not_does_not() -> None:
    """A rule that is none is the programmer's mistake."""
    seen = Sightings()
    seen.saw("B1", happened=[])
    seen.saw("B1", happened={"id": 1})
    assert seen.counts()["B1"] == 1
    with pytest.raises(KeyError):
        seen.saw("B99")


def test_every_rule_that_is_built_can_be_lived() -> None:
    """Who builds one adds it to servicelane/simulation/rules.py, and its part to a day."""
    rules = dict(ROW.findall((PROJECT / "docs" / "domain.md").read_text(encoding="utf-8")))
    built = {rule for rule, state in rules.items() if state != "later"}
    assert built - set(RULES) == set()


def test_the_simulation_has_a_folder_of_its_own() -> None:
    """It lives no days on somebody's data."""
    done = servicelane("--embedded-data", PROJECT, "simulate")
    assert (done.returncode, "folder of its own" in done.stderr) == (2, True)
