"""Alerts and dashboards name metrics that there are, and runbooks that say what to do; what is generated is current."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.process.metrics import described
from contracts.workshop.events import WorkOrderDelivered
from deploy.watching import dashboards, kubernetes
from servicelane.metrics_doc import render

ROOT = Path(__file__).parents[2]
GROUPS: list[dict[str, Any]] = yaml.safe_load(kubernetes.RULES.read_text(encoding="utf-8"))["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule]
STORIES = yaml.safe_load(kubernetes.RULES.with_name("rules_test.yaml").read_text(encoding="utf-8"))["tests"]
OF_A_FILE = {"servicelane_reconcile_findings", "servicelane_reconcile_finished_seconds", "servicelane_backup_finished_seconds"}
OF_THE_LIBRARY = {"servicelane_process_cpu_seconds_total", "servicelane_process_resident_memory_bytes"}
PARTS = ("", "_bucket", "_count", "_sum")


def queries() -> Iterator[tuple[str, str]]:
    """Every query, with where it stands."""
    for rule in RULES:
        yield rule.get("alert", rule.get("record", "")), rule["expr"]
    for board in dashboards.BOARDS:
        for panel in board.panels:
            for query, _ in panel.queries:
                yield panel.title, query


@pytest.mark.parametrize(("where", "query"), list(queries()))
def test_a_query_asks_for_metrics_that_there_are(where: str, query: str) -> None:
    """By the names of today, and by labels that they have."""
    known = {f"{one.name}{part}": one for one in described() for part in (PARTS if one.buckets else PARTS[:1])}
    asked = set(re.findall(r"servicelane_\w+", query)) - OF_A_FILE - OF_THE_LIBRARY
    assert asked <= known.keys(), where
    for name, matchers in re.findall(r"(servicelane_\w+)\{([^}]*)\}", query):
        labels = set(re.findall(r"(\w+)[=!]", matchers)) - {"le"}
        assert labels <= set(known[name].labels), where
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    assert set(re.findall(r"servicelane:[\w:]+", query)) <= recorded, where


def test_the_budget_is_of_the_three_effects_of_a_delivery() -> None:
    """Whoever else does something after a delivery is looked at, too."""
    asked = {tuple(sorted(found.split("|"))) for _, query in queries() for found in re.findall(r'subscriber=~"([^"]+)"', query)}
    [effects] = asked
    assert set(effects) <= set(WorkOrderDelivered.subscribers)
    assert {one.partition(".")[0] for one in effects} == {"billing", "parts", "crm"}


def test_five_seconds_are_an_edge_of_a_bucket() -> None:
    """Or nobody could tell what came in time."""
    [effects] = [one for one in described() if one.name == "servicelane_effect_seconds"]
    assert 5 in effects.buckets
    assert all('le="5.0"' in query for _, query in queries() if "effect_seconds_bucket{" in query and "le=" in query)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda one: one["alert"])
def test_an_alert_has_a_runbook_that_knows_it(alert: dict[str, Any]) -> None:
    """It says what is wrong in a line, whom to call, and where it is said what to do; that page names the alert."""
    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"].keys() == {"summary", "runbook"}
    runbook = ROOT / alert["annotations"]["runbook"]
    assert f"`{alert['alert']}`" in runbook.read_text(encoding="utf-8")
    assert f"`{alert['alert']}`" in (ROOT / "docs/operating.md").read_text(encoding="utf-8")


def test_every_alert_has_a_story_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    """promtool tells them (make drills)."""
    told = [(one["alertname"], bool(one["exp_alerts"])) for story in STORIES for one in story["alert_rule_test"]]
    assert set(told) == {(rule["alert"], fires) for rule in ALERTS for fires in (True, False)}


def test_what_is_generated_is_current() -> None:
    """The reference of the metrics, the dashboards, and the rules of a cluster."""
    made = {ROOT / "docs/metrics.md": render(), kubernetes.ALERTS: kubernetes.render(), **dashboards.files()}
    for file, text in made.items():
        assert file.read_text(encoding="utf-8") == text, f"{file.name} is out of date: run `make docs`"
    assert set(dashboards.files()) == set(dashboards.FOLDER.glob("*.json"))


def test_a_cluster_has_the_same_rules() -> None:
    """But for the name of the job, which the operator gives."""
    theirs = yaml.safe_load(kubernetes.render())["spec"]["groups"]
    assert str(theirs).replace('job=~".*servicelane"', 'job="servicelane"') == str(GROUPS)
