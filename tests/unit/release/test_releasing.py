"""A release is cut from a tree and tagged, and whatever is not in order stops it, with one line."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.dev.processes import InfrastructureError
from deploy.release import making
from deploy.release.changes import Changelog
from deploy.release.making import SAID_BY, cut, ready, tag
from deploy.release.record import RECORD, releases, revisions_of
from servicelane.suite import SERVICES

CHANGES = "# Changelog\n\n## Unreleased\n\n### Added\n- Cars fly.\n\n### Changed\n- Less rain.\n"
FILES = {
    "pyproject.toml": '[project]\nname = "servicelane"\nversion = "0.0.0"\n',
    "CHANGELOG.md": CHANGES,
    "deploy/env.example": "#VERSION=0.0.0\n",
    str(RECORD): "[]\n",
    **{
        f"deploy/kubernetes/overlays/{name}/kustomization.yaml": 'images:\n  - { name: servicelane/suite, newTag: "0.0.0" }\n'
        for name in ("small", "group")
    },
    **{f"{door.partition('.service:')[0].replace('.', '/')}/migrations/0001_first.py": "" for door in SERVICES.values()},
}


def git(tree: Path, *arguments: str) -> str:
    """What git says of the tree."""
    own = ["-c", "user.name=Wang Fang", "-c", "user.email=wang@example.com"]
    return subprocess.run(["git", *own, *arguments], cwd=tree, check=True, capture_output=True, text=True).stdout.strip()


def commit(tree: Path) -> None:
    """All there is."""
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", "next")


def write(tree: Path, name: str, text: str) -> None:
    """A file of the tree, committed."""
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")
    commit(tree)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with changes that are in no release. Its tests are green."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    for name, value in (("user.name", "Wang Fang"), ("user.email", "wang@example.com")):
        git(tmp_path, "config", name, value)
    commit(tmp_path)
    monkeypatch.setattr(making, "GREEN", (("true",),))
    return tmp_path


def released(tree: Path, version: str) -> None:
    """Cut, committed, tagged."""
    cut(tree, version)
    commit(tree)
    tag(tree, tested=False)


def test_a_release_is_cut_and_tagged(tree: Path) -> None:
    """One version everywhere, the changes under it, the revisions written down; the tag says what is new."""
    released(tree, "0.1.0")
    release = ready(tree)
    assert (release.version, release.revisions) == ("0.1.0", dict.fromkeys(SERVICES, "0001"))
    assert all("0.1.0" in (tree / name).read_text() for name in SAID_BY)
    assert Changelog.read(tree).sections == {
        "Unreleased": "",
        f"0.1.0 - {release.day}": CHANGES.partition("\n\n## Unreleased\n\n")[2].strip(),
    }
    assert "### Added\n- Cars fly." in git(tree, "tag", "--list", "--format=%(contents)", "v0.1.0")


def test_the_next_one_stands_above_it(tree: Path) -> None:
    """And has its own changes only."""
    released(tree, "0.1.0")
    text = (tree / "CHANGELOG.md").read_text()
    write(tree, "CHANGELOG.md", text.replace("## Unreleased\n", "## Unreleased\n\n### Added\n- Boats.\n"))
    released(tree, "0.2.0")
    assert [one.version for one in releases(tree)] == ["0.1.0", "0.2.0"]
    assert list(Changelog.read(tree).sections.values())[1] == "### Added\n- Boats."


def test_what_was_cut_and_not_tagged_is_cut_anew(tree: Path) -> None:
    """Something landed in between: its changes stand with those of their kind, and its revision is in the record."""
    cut(tree, "0.1.0")
    commit(tree)
    text = (tree / "CHANGELOG.md").read_text()
    write(tree, "CHANGELOG.md", text.replace("## Unreleased\n", "## Unreleased\n\n### Changed\n- More sun.\n"))
    write(tree, "services/crm/migrations/0002_next.py", "")
    cut(tree, "0.1.0")
    commit(tree)
    assert ready(tree).revisions["crm"] == "0002"
    section = Changelog.read(tree).sections[f"0.1.0 - {ready(tree).day}"]
    assert section == "### Changed\n- More sun.\n- Less rain.\n\n### Added\n- Cars fly."


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.2", "is not a version"),
        ("01.2.3", "is not a version"),
        ("0.1.0", "its tag is there"),
        ("0.0.9", "does not come after 0.1.0"),
    ],
)
def test_no_version_comes_twice_or_before_another(tree: Path, version: str, why: str) -> None:
    """Versions only rise."""
    released(tree, "0.1.0")
    with pytest.raises(InfrastructureError, match=why):
        cut(tree, version)


def test_nothing_is_released_that_changes_nothing(tree: Path) -> None:
    """Whoever reads the changelog must learn what is new."""
    released(tree, "0.1.0")
    with pytest.raises(InfrastructureError, match="says nothing under"):
        cut(tree, "0.2.0")


def _unclean(tree: Path) -> None:
    (tree / "new").touch()


def _other_version(tree: Path) -> None:
    write(tree, "pyproject.toml", FILES["pyproject.toml"])


def _overlay_behind(tree: Path) -> None:
    name = "deploy/kubernetes/overlays/group/kustomization.yaml"
    write(tree, name, FILES[name])


def _later_change(tree: Path) -> None:
    write(tree, "CHANGELOG.md", (tree / "CHANGELOG.md").read_text().replace("## Unreleased\n", "## Unreleased\n\n- Boats.\n"))


def _later_revision(tree: Path) -> None:
    write(tree, "services/crm/migrations/0002_next.py", "")


def _later_contract(tree: Path) -> None:
    write(tree, "deploy/release/contracts.json", "{}\n")


def _no_section(tree: Path) -> None:
    write(tree, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n")


def _on_a_branch(tree: Path) -> None:
    git(tree, "checkout", "--quiet", "-b", "mine")


def _red(tree: Path) -> None:
    making.GREEN = (("false",),)  # type: ignore[assignment]  # the fixture takes it back


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (_unclean, "not clean: new"),
        (_other_version, "pyproject.toml says 0.0.0"),
        (_overlay_behind, "group/kustomization.yaml says 0.0.0, not 0.1.0"),
        (_later_change, "something under `## Unreleased`"),
        (_later_revision, r"came after 0.1.0 was cut \(crm\)"),
        (_later_contract, "What services say changed after 0.1.0 was cut"),
        (_no_section, "has nothing under `## 0.1.0"),
        (_on_a_branch, "tagged on main, this is mine"),
        (_red, "false failed"),
    ],
)
def test_what_is_not_in_order_is_not_tagged(tree: Path, wrong: Callable[[Path], None], why: str) -> None:
    """One line says what."""
    cut(tree, "0.1.0")
    commit(tree)
    wrong(tree)
    with pytest.raises(InfrastructureError, match=why):
        tag(tree, tested=False)
    assert git(tree, "tag") == ""


def test_a_tree_that_was_not_cut_is_no_release(tree: Path) -> None:
    """The first thing to be said is how."""
    with pytest.raises(InfrastructureError, match="make release VERSION="):
        tag(tree, tested=True)


def test_our_own_record_knows_every_service() -> None:
    """Each service has its revisions where the record looks for them."""
    from deploy.dev.infrastructure import PROJECT

    assert set(revisions_of(PROJECT)) == set(SERVICES)
