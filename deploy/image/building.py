"""How the image is built: of which revision, as old as that revision, and what of it can be looked at without running it."""

import io
import os
import tarfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.dev.containers import asking, engine
from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import InfrastructureError, run
from deploy.dev.progress import Progress, last_line

BUILD_SECONDS = 1800
PASSED_ON = ("PIP_INDEX_URL", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""What the machine says of where packages come from."""
GIT_SECONDS = 30


@dataclass(frozen=True)
class Revision:
    """What is built: the project's version, the commit's name and its time, which everything in the image has."""

    version: str
    name: str
    epoch: str

    @classmethod
    def of(cls, project: Path) -> "Revision":
        """The checkout's; where git knows nothing, and with changes that are in no commit, it says so."""
        version = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

        def git(*arguments: str) -> str:
            try:
                return run(["git", "-C", str(project), *arguments], seconds=GIT_SECONDS).strip()
            except InfrastructureError:
                return ""

        name = git("rev-parse", "HEAD") or "unknown"
        changed = "-changed" if git("status", "--porcelain") else ""
        return cls(str(version), name + changed, os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct") or "0")

    @property
    def arguments(self) -> dict[str, str]:
        """As the Dockerfile is told it."""
        own = {"VERSION": self.version, "REVISION": self.name, "SOURCE_DATE_EPOCH": self.epoch}
        return own | {name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}


@dataclass(frozen=True)
class Built:
    """An image on the engine."""

    image: Any
    tags: Sequence[str]
    revision: Revision

    @property
    def megabytes(self) -> float:
        """How large it is, with what it stands on."""
        return float(self.image.attrs["Size"]) / 1e6

    @property
    def labels(self) -> Mapping[str, str]:
        """What it says of itself."""
        found: Mapping[str, str] = self.image.labels
        return found

    def file(self, path: str) -> bytes:
        """What stands in one of its files."""
        (found,) = (content for name, content in self.files(path) if name)
        return found

    def files(self, path: str) -> list[tuple[str, bytes]]:
        """Every file below a path, with its content; a link's is where it leads. Nothing of it is run."""
        with asking(f"what is at {path}"):
            container = engine(BUILD_SECONDS).containers.create(self.image)
            try:
                stream, _ = container.get_archive(path)
                content = io.BytesIO(b"".join(stream))
            finally:
                container.remove(force=True)
        found = []
        with tarfile.open(fileobj=content) as archive:
            for member in archive:
                reader = archive.extractfile(member) if member.isfile() else None
                if reader is not None or member.issym():
                    found.append((member.name, reader.read() if reader else member.linkname.encode()))
        return found


def build(revision: Revision, tags: Sequence[str], *, network: str | None = None, cached: bool = True) -> Built:
    """The image of this checkout. Raises InfrastructureError with the engine's last words."""
    with asking("for an image"):
        client = engine(BUILD_SECONDS)
        said: list[str] = []
        progress = Progress("building the image", last_line)
        answers = client.api.build(
            path=str(PROJECT),
            dockerfile="deploy/Dockerfile",
            tag=tags[0],
            buildargs=revision.arguments,
            network_mode=network,
            nocache=not cached,
            rm=True,
            forcerm=True,
            decode=True,
        )
        try:
            for one in answers:
                if "error" in one:
                    raise InfrastructureError(f"The image cannot be built: {one['error']} {''.join(said[-20:])}")
                said.append(one.get("stream", ""))
                progress.tick(lambda: "".join(said[-20:]))
        finally:
            progress.end()
        image = client.images.get(tags[0])
        for tag in tags[1:]:
            image.tag(*tag.rsplit(":", 1))
    return Built(image, tags, revision)
