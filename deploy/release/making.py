"""The two steps of a release: cut it, which changes files that a commit takes in; tag that commit."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from deploy.dev.processes import InfrastructureError, run, say
from deploy.release import shapes
from deploy.release.changes import FILE, UNRELEASED, Changelog
from deploy.release.record import RECORD, Release, releases, revisions_of, write

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
SAID_BY = {
    "pyproject.toml": re.compile(r'^(version = ")([^"]*)(")$', re.MULTILINE),
    "deploy/kubernetes/overlays/small/kustomization.yaml": re.compile(r'(servicelane/suite, .*newTag: ")([^"]*)(")'),
    "deploy/kubernetes/overlays/group/kustomization.yaml": re.compile(r'(servicelane/suite, .*newTag: ")([^"]*)(")'),
    "deploy/env.example": re.compile(r"^(#VERSION=)(.*)()$", re.MULTILINE),
}
"""Who names the version of the tree: pyproject.toml says it, the others are brought to it."""
BRANCH = "main"
GREEN = (("make", "check"), ("make", "test"))
GREEN_SECONDS = 3 * 3600
GIT_SECONDS = 60


def version_of(project: Path) -> str:
    """The version of the tree."""
    return str(tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def cut(project: Path, version: str) -> None:
    """Make the tree that of a release: version, changelog, record. One that was cut and not tagged is cut anew.

    Raises InfrastructureError that says what stands in the way.
    """
    if VERSION.fullmatch(version) is None:
        raise InfrastructureError(f"{version!r} is not a version: three numbers, as semver.org has them, 1.4.0.")
    _clean(project)
    made = [one for one in releases(project) if one.version != version]
    if _tagged(project, f"v{version}"):
        raise InfrastructureError(f"{version} was released: its tag is there, and stays.")
    if made and _numbers(version) <= _numbers(made[-1].version):
        raise InfrastructureError(f"{version} does not come after {made[-1].version}.")
    day = datetime.now(UTC).date().isoformat()
    changelog = Changelog.read(project)
    changelog.release(version, day)
    changelog.write(project)
    for name, pattern in SAID_BY.items():
        text = (project / name).read_text(encoding="utf-8")
        (project / name).write_text(pattern.sub(rf"\g<1>{version}\g<3>", text), encoding="utf-8")
    write(project, [*made, Release(version, day, revisions_of(project))])
    shapes.write(project, shapes.shapes())
    say(f"{version} is cut. Look through {FILE}, commit all of it (`Release {version}`); once that is on {BRANCH}: make release")


def tag(project: Path, *, tested: bool) -> None:
    """Tag the commit of a release that was cut, once everything is green. Raises InfrastructureError that says what is not."""
    release = ready(project)
    _clean(project)
    branch = _git(project, "rev-parse", "--abbrev-ref", "HEAD")
    if branch != BRANCH:
        raise InfrastructureError(f"Releases are tagged on {BRANCH}, this is {branch}.")
    if _tagged(project, release.tag):
        raise InfrastructureError(f"There is {release.tag} already. The next one: make release VERSION=…")
    for command in () if tested else GREEN:
        say(f"{' '.join(command)} …")
        run(command, seconds=GREEN_SECONDS, cwd=project)
    _clean(project)
    text = Changelog.read(project).sections[f"{release.version} - {release.day}"]
    message = f"ServiceLane {release.version}\n\n{text}\n"
    _git(project, "tag", "--annotate", "--cleanup=whitespace", "--message", message, release.tag)
    say(f"{release.tag} names {_git(project, 'rev-parse', '--short', 'HEAD')}. Others get it by: git push origin {release.tag}")


def ready(project: Path) -> Release:
    """The release that the tree is. Raises InfrastructureError for a tree that is none."""
    made = releases(project)
    if not made:
        raise InfrastructureError("Nothing was cut yet: make release VERSION=0.1.0")
    release, version = made[-1], version_of(project)
    if version != release.version:
        raise InfrastructureError(f"pyproject.toml says {version}, {RECORD} says {release.version}.")
    for name, pattern in SAID_BY.items():
        said = {one[1] for one in pattern.findall((project / name).read_text(encoding="utf-8"))}
        if said != {version}:
            raise InfrastructureError(f"{name} says {', '.join(sorted(said)) or 'nothing'}, not {version}.")
    changelog = Changelog.read(project)
    if not changelog.sections.get(f"{version} - {release.day}"):
        raise InfrastructureError(f"{FILE} has nothing under `## {version} - {release.day}`.")
    if changelog.sections.get(UNRELEASED):
        raise InfrastructureError(f"{FILE} has something under `## {UNRELEASED}`: cut {version} anew, or the next one.")
    now = revisions_of(project)
    if now != release.revisions:
        differ = ", ".join(name for name in now if now[name] != release.revisions.get(name))
        raise InfrastructureError(
            f"Revisions came after {version} was cut ({differ}): cut it anew, make release VERSION={version}"
        )
    if shapes.read(project) != shapes.shapes():
        raise InfrastructureError(f"What services say changed after {version} was cut. Anew: make release VERSION={version}")
    return release


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split("."))


def _clean(project: Path) -> None:
    if changed := _git(project, "status", "--porcelain"):
        raise InfrastructureError(f"The tree is not clean: {', '.join(line[2:].strip() for line in changed.splitlines()[:5])}.")


def _tagged(project: Path, name: str) -> bool:
    return bool(_git(project, "tag", "--list", name))


def _git(project: Path, *arguments: str) -> str:
    return run(["git", "-C", str(project), *arguments], seconds=GIT_SECONDS).strip()
