"""The sections of CHANGELOG.md: what is unreleased becomes a release's."""

import re
from dataclasses import dataclass
from pathlib import Path

from deploy.dev.processes import InfrastructureError

FILE = "CHANGELOG.md"
UNRELEASED = "Unreleased"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_KIND = re.compile(r"^### (.+)$", re.MULTILINE)


@dataclass
class Changelog:
    """What stands before the first section, and the sections by their heading, the newest first."""

    head: str
    sections: dict[str, str]

    @classmethod
    def read(cls, project: Path) -> "Changelog":
        """That of a tree."""
        head, *rest = _SECTION.split((project / FILE).read_text(encoding="utf-8"))
        return cls(head, {name: text.strip("\n") for name, text in zip(rest[::2], rest[1::2], strict=True)})

    def write(self, project: Path) -> None:
        """Keep it."""
        parts = [f"## {name}\n\n{text}".rstrip("\n") for name, text in self.sections.items()]
        (project / FILE).write_text(self.head + "\n\n".join(parts) + "\n", encoding="utf-8")

    def heading(self, version: str) -> str | None:
        """How the section of a version is headed, if there is one."""
        return next((name for name in self.sections if name.partition(" - ")[0] == version), None)

    def release(self, version: str, day: str) -> None:
        """What is unreleased is this version's; one that was cut before gets it on top. InfrastructureError if it is nothing."""
        before = self.heading(version)
        new = self.sections.pop(UNRELEASED, "")
        text = _merged(new, self.sections.pop(before, "") if before else "")
        if not text.strip():
            raise InfrastructureError(f"{FILE} says nothing under `## {UNRELEASED}`: what is released?")
        self.sections = {UNRELEASED: "", f"{version} - {day}": text, **self.sections}


def _merged(newer: str, older: str) -> str:
    """Two sections as one, kind by kind: Added, Changed, …"""
    kinds: dict[str, list[str]] = {}
    for text in (newer, older):
        first, *rest = _KIND.split(text)
        for name, lines in [("", first), *zip(rest[::2], rest[1::2], strict=True)]:
            if lines.strip():
                kinds.setdefault(name, []).append(lines.strip("\n"))
    return "\n\n".join((f"### {name}\n" if name else "") + "\n".join(lines) for name, lines in kinds.items())
