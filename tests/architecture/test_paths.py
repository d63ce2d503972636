"""Documents name files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GENERATED = {"faults.md", "mutants.md", "events.md"}
"""Written by a run, as the tree was then."""
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(file for file in sorted((ROOT / "docs").glob("*.md")) if file.name not in GENERATED),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.?\w*)`")
BASES = (
    ROOT,
    ROOT / "chassis",
    ROOT / "deploy" / "kubernetes",
    ROOT / "services" / "workshop",
    ROOT / "services" / "parts" / "catalogue",
)
NOT_FILES = re.compile(
    r"^(v1|application|multipart|text|amqp|http|data|out|\.venv)/|^[a-z]+/(json|problem)|^[\w.]+\.(sh|com|io)/v\d|/\d|^[\w.]+/$|^deploy/(\.env|secrets)$|^servicelane/suite$"
)


def paths(text: str) -> list[str]:
    """What looks like a path between backticks."""
    return [one for one in PATH.findall(text) if not NOT_FILES.search(one)]


def exists(path: str) -> bool:
    """From the root, the chassis, or the service a document speaks of."""
    return any((base / path).exists() for base in BASES)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_a_path_in_a_document_is_there(document: Path) -> None:
    """Files move; what is said of them must move with them."""
    missing = sorted({path for path in paths(document.read_text(encoding="utf-8")) if not exists(path)})
    assert not missing, f"{document.name}: {', '.join(missing)}"


def test_a_path_is_found() -> None:
    """The search above can find something."""
    assert paths("see `chassis/nowhere.py` and `docs/domain.md`") == ["chassis/nowhere.py", "docs/domain.md"]
    assert not exists("chassis/nowhere.py")
