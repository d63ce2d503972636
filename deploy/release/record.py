"""What was released: `releases.json` beside this file, the last one at its end."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.dev.infrastructure import PROJECT
from servicelane.suite import SERVICES

RECORD = Path("deploy") / "release" / "releases.json"
_REVISION = re.compile(r"(\d{4})_\w+\.py")


@dataclass(frozen=True)
class Release:
    """A version, the day it was cut, and up to which revision it knows the database of each service."""

    version: str
    day: str
    revisions: dict[str, str]

    @property
    def tag(self) -> str:
        """What its commit is called."""
        return f"v{self.version}"


def releases(project: Path = PROJECT) -> list[Release]:
    """All there were, the first one first."""
    return [Release(**one) for one in json.loads((project / RECORD).read_text(encoding="utf-8"))]


def released_revisions(project: Path = PROJECT) -> dict[str, str]:
    """Up to which revision the last release knows the database of each service; nothing before the first release."""
    made = releases(project)
    return made[-1].revisions if made else {}


def revisions_of(project: Path) -> dict[str, str]:
    """Up to which revision the tree knows the database of each service."""
    found = {}
    for name, door in SERVICES.items():
        folder = project / door.partition(":")[0].replace(".", "/")
        found[name] = max(one[1] for file in folder.with_name("migrations").iterdir() if (one := _REVISION.fullmatch(file.name)))
    return found


def write(project: Path, made: list[Release]) -> None:
    """Keep it."""
    text = json.dumps([asdict(one) for one in made], indent=2)
    (project / RECORD).write_text(text + "\n", encoding="utf-8")
