"""The documents say what is so: their links lead somewhere, their commands and rules exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from servicelane.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").rglob("*.md"))
RULE = re.compile(r"\b[BWPLCG]\d{1,2}\b")
CITED = re.compile(r"\bRules? ((?:[BWPLCG]\d{1,2}(?:, | and | to )?)+)")
TYPED = re.compile(r"`servicelane [^`]*`|^ {4,}.*servicelane .*$", re.MULTILINE)
COMMAND = re.compile(r"(?<![\w/.-])servicelane ((?:[a-z-]+)(?: [a-z-]+)?)")
TARGET = re.compile(r"`make ([a-z-]+)|^\s+make ([a-z-]+)", re.MULTILINE)

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def commands() -> set[str]:
    """Every command of the command line, with its subcommands."""
    found = set()
    for name, command in get_command(app).commands.items():
        found |= {name} | {f"{name} {inner}" for inner in getattr(command, "commands", {})}
    return found


@every_document
def test_links_lead_somewhere(document: Path) -> None:
    """Relative links name files of the project."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@every_document
def test_commands_exist(document: Path) -> None:
    """What a document tells to type can be typed."""
    text = "\n".join(TYPED.findall(document.read_text(encoding="utf-8")))
    known = commands()
    groups = {name.partition(" ")[0] for name in known if " " in name}
    typed = [words if words.split()[0] in groups else words.split()[0] for words in COMMAND.findall(text)]
    assert set(typed) - known - groups == set()


@every_document
def test_make_targets_exist(document: Path) -> None:
    """And what it tells to make can be made."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {one or other for one, other in TARGET.findall(document.read_text(encoding="utf-8"))}
    assert named - targets == set()


def test_every_rule_that_the_code_names_is_written_down() -> None:
    """`Rule W8` in a docstring leads to a row of docs/domain.md."""
    written = set(re.findall(r"^\| ([BWPLCG]\d{1,2}) \|", (ROOT / "docs/domain.md").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        rule
        for package in ("chassis", "contracts", "files", "services", "gateway", "console", "servicelane", "locales", "media")
        for file in (ROOT / package).rglob("*.py")
        for rules in CITED.findall(file.read_text(encoding="utf-8"))
        for rule in RULE.findall(rules)
    }
    assert named
    assert named - written == set()


def test_no_rule_the_code_keeps_is_marked_as_later() -> None:
    """A rule that domain code names is built, at least in part: the column is kept honest."""
    rows = (ROOT / "docs/domain.md").read_text(encoding="utf-8")
    later = set(re.findall(r"^\| ([BWPLCG]\d{1,2}) \| later \|", rows, re.MULTILINE))
    states = set(re.findall(r"^\| [BWPLCG]\d{1,2} \| (\w+) \|", rows, re.MULTILINE))
    assert states == {"built", "partly", "later"}
    named = {
        rule
        for file in ROOT.glob("services/**/*.py")
        for rules in CITED.findall(file.read_text(encoding="utf-8"))
        for rule in RULE.findall(rules)
    }
    assert named & later == set()


def test_every_decision_and_runbook_is_listed() -> None:
    """A record that its folder's README does not name is never read."""
    for folder in ("decisions", "runbooks"):
        index = (ROOT / "docs" / folder / "README.md").read_text(encoding="utf-8")
        files = {file.name for file in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}
        assert {name for name in files if name not in index} == set(), folder
