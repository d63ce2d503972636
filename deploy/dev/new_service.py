"""`make service NAME=loyalty`: write a new service that works, from deploy/template, and enter it where services are listed.

Only the standard library is used. Nothing is overwritten: a name that is taken is refused before anything is written.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from string import Template

PROJECT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[a-z][a-z_]{1,19}")
LIKE = "crm"
"""The service whose entries in the lists are repeated for the new one."""


class NotWritten(Exception):
    """The service could not be written; the text says why."""


def write_service(name: str, project: Path = PROJECT) -> list[Path]:
    """Write the service and its entries; the files that were written or changed. Raises NotWritten."""
    if not NAME.fullmatch(name):
        raise NotWritten(f"{name!r} is no name for a service: 2 to 20 lower-case letters and underscores, a letter first")
    if any((project / folder / name).exists() for folder in ("services", "contracts")):
        raise NotWritten(f"there is a service {name} already")
    changed = _listed(name, project)
    written = dict([*_from_template(name, project), *_clustered(name, project)])
    for target, text in {**written, **changed}.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return sorted([*written, *changed])


def _from_template(name: str, project: Path) -> list[tuple[Path, str]]:
    values = {"service": name, "Service": "".join(word.title() for word in name.split("_"))}
    template = project / "deploy" / "template"
    files = []
    for source in sorted(template.rglob("*.tmpl")):
        kind, *rest = source.relative_to(template).with_suffix("").parts
        target = project / ("tests/services" if kind == "tests" else kind) / name / Path(*rest)
        if kind == "locales":
            target = project / "locales" / rest[0] / "LC_MESSAGES" / f"{name}.po"
        if target.suffix == ".json":
            target = project / "contracts" / "samples" / f"{name}.entry.{target.stem}.v1.json"
        files.append((target, Template(source.read_text(encoding="utf-8")).substitute(values)))
    return files


def _listed(name: str, project: Path) -> dict[Path, str]:
    """The files in which services are listed, with the new one behind the one it is like."""
    class_name = "".join(word.title() for word in name.split("_")) + "Service"
    entries = {
        "servicelane/suite.py": (
            f'    "{LIKE}": "services.{LIKE}.service:CrmService",\n',
            f'    "{name}": "services.{name}.service:{class_name}",\n',
        ),
        "contracts/gateway/events.py": (f'        "{LIKE}.record_dealer",\n', f'        "{name}.record_dealer",\n'),
        "deploy/secrets.sh": (f" {LIKE}", f" {name}"),
    }
    changed = {}
    for file, (line, added) in entries.items():
        text = (project / file).read_text(encoding="utf-8")
        if text.count(line) != 1:
            raise NotWritten(f"{file} does not list {LIKE} as it did: deploy/dev/new_service.py must be mended")
        changed[project / file] = text.replace(line, line + added)
    changed[project / "tests/architecture/test_imports.py"] = _proven(
        name, (project / "tests/architecture/test_imports.py").read_text(encoding="utf-8")
    )
    changed[project / "pyproject.toml"] = _linted(name, (project / "pyproject.toml").read_text(encoding="utf-8"))
    changed[project / "deploy/compose.yaml"] = _composed(name, (project / "deploy/compose.yaml").read_text(encoding="utf-8"))
    return changed


CLUSTER = "deploy/kubernetes"
CLUSTERED = {
    f"{CLUSTER}/base/kustomization.yaml": rf"\b{LIKE}, ",
    f"{CLUSTER}/base/migration.yaml": rf"            - name: {LIKE.upper()}_PASSWORD\n(?:.*\n){{5}}",
    "docs/kubernetes.md": rf", `servicelane-{LIKE}`",
    f"{CLUSTER}/overlays/group/scaling.yaml": (
        rf"  - apiVersion: .*\n    kind: ScaledObject\n    metadata: {{ name: servicelane-{LIKE},.*\n(?:    .*\n)+"
    ),
}
"""What is repeated for the new service in the manifests of deploy/kubernetes and in what is told of them, by file."""


def _clustered(name: str, project: Path) -> list[tuple[Path, str]]:
    """The manifests with the new service: a folder of its own, and its place wherever services are listed."""
    base = project / CLUSTER / "base"
    own = (base / LIKE).iterdir()
    files = [(base / name / file.name, _dashed(file.read_text(encoding="utf-8"), name)) for file in own]
    for file, pattern in CLUSTERED.items():
        text = (project / file).read_text(encoding="utf-8")
        found = re.search(pattern, text)
        if found is None:
            raise NotWritten(f"{file} does not list {LIKE} as it did: deploy/dev/new_service.py must be mended")
        files.append((project / file, text.replace(found[0], found[0] + _dashed(found[0], name), 1)))
    return files


def _dashed(text: str, name: str) -> str:
    """Renamed, as _renamed() does; in a cluster no underscore may stand in the name of an object."""
    return _renamed(text.replace(f"-{LIKE}", f"-{name.replace('_', '-')}"), name)


def _linted(name: str, text: str) -> str:
    own = f'[[tool.importlinter.contracts]]\nid = "{LIKE}-capabilities"\n'
    if text.count(own) != 1:
        raise NotWritten(f"pyproject.toml does not give {LIKE} an order of its capabilities as it did")
    order = (
        f'[[tool.importlinter.contracts]]\nid = "{name}-capabilities"\nname = "The capabilities of {name} stand in one order"\n'
        f'type = "layers"\ncontainers = ["services.{name}"]\nlayers = ["service", "entry", "model"]\n'
        'exhaustive = true\nexhaustive_ignores = ["migrations"]\n\n'
    )
    return text.replace(own, order + own)


def _proven(name: str, text: str) -> str:
    """With an import that breaks the new service's order: each rule of the linter is seen red."""
    line = re.search(rf'    Offence\("{LIKE}-capabilities".*\n', text)
    if line is None:
        raise NotWritten(f"tests/architecture/test_imports.py does not break the order of {LIKE} as it did")
    own = f'    Offence("{name}-capabilities", "services/{name}/entry/offender.py", "from services.{name} import service"),\n'
    return text.replace(line[0], line[0] + own, 1)


def _composed(name: str, text: str) -> str:
    block = re.search(rf"  {LIKE}:\n(?:    .*\n)+\n", text)
    password = re.search(rf"^ +{LIKE.upper()}_PASSWORD_FILE: .*\n", text, re.MULTILINE)
    given = re.search(rf"\b{LIKE}, ", text)
    secret = re.search(rf"^  {LIKE}: {{ file: .*\n", text, re.MULTILINE)
    for found in (block, password, given, secret):
        if found is None:
            raise NotWritten(f"deploy/compose.yaml does not list {LIKE} as it did")
        text = text.replace(found[0], found[0] + _renamed(found[0], name), 1)
    return text


def _renamed(text: str, name: str) -> str:
    return text.replace(LIKE.upper(), name.upper()).replace(LIKE, name)


def main() -> int:
    """Write the service the command line names; a failure is one line on standard error and exit status 2."""
    parser = argparse.ArgumentParser(prog="make service", description="Write a new service that works.")
    parser.add_argument("name", help="its name: lower-case letters and underscores, such as loyalty")
    try:
        files = write_service(parser.parse_args().name)
    except NotWritten as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command's answer
        return 2
    for file in files:
        print(file.relative_to(PROJECT))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
