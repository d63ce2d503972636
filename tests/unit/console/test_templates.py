"""What a template names is there: a name that nobody gives it ends its page, and only where the page looks like that."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

from chassis.process.metrics import HttpMetrics
from console.app import build_app
from console.settings import ConsoleSettings

FOLDER = Path(__file__).parents[3] / "console/templates"


@pytest.fixture(scope="module")
def app() -> Flask:
    """A console whose gateway is nowhere."""
    return build_app(ConsoleSettings(gateway_url="http://127.0.0.1:9"), HttpMetrics("console-templates"))


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*ui.html")))
def test_components_name_only_what_they_are_given(app: Flask, name: str) -> None:
    """They do not see the values of the page: what they need are their arguments, or what every template has."""
    tree = app.jinja_env.parse((FOLDER / name).read_text("utf-8"))
    own = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
    assert meta.find_undeclared_variables(tree) - own <= {*app.jinja_env.globals}


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.html")))
def test_a_dealer_is_shown_by_its_name(name: str) -> None:
    """Where people read; its code stands in addresses, which programs read."""
    shown = re.findall(r"\b(?!desk\b)\w+\.dealer\b(?!\.)(?! \| dealer\b)", (FOLDER / name).read_text("utf-8"))
    assert [one for one in shown if one not in ("shell.dealer",)] == []


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.html")))
def test_a_queue_fits_a_phone(name: str) -> None:
    """Each of its rows is a card there: columns would be a letter wide, and their tags broken."""
    assert '<table class="list" data-rows' not in (FOLDER / name).read_text("utf-8")
