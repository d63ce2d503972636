"""Words that may not stand anywhere in the project: it speaks of itself alone, and promises nothing for later."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", ".dev", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"}
NOT_WRITTEN = {"__pycache__", "data", "out", "build", "servicelane.egg-info"}
LOCKS = {"requirements.lock", "runtime.lock", "package-lock.json"}

# Put together here, so that this file does not contain them.
FOLDER, PLACE, ASSISTANT = "".join(["shared", "/"]), "/".join(["", "work", ""]), "".join(["helper", "-"])
LATER = ["".join(["TO", "DO"]), "".join(["FIX", "ME"])]

FORBIDDEN = {
    "a folder outside the project": re.compile(rf"(?<!\w){FOLDER}"),
    "a path of the machine it was written on": re.compile(rf"(?<!\w){PLACE}"),
    "the name of somebody's assistant": re.compile(rf"\b{ASSISTANT}"),
    "work left undone": re.compile(rf"\b({'|'.join(LATER)})\b"),
}


def files() -> Iterator[Path]:
    """Every file of the project that somebody wrote."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS - NOT_WRITTEN)
        yield from (Path(folder, name) for name in sorted(names) if name not in LOCKS)


def found(text: str) -> list[str]:
    """What is wrong with a text."""
    return [meaning for meaning, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_file_contains_a_forbidden_word() -> None:
    """Nothing points to a place outside the project, names who happened to work on it, or leaves something for later."""
    offenders = []
    for file in files():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # not text, or gone meanwhile: another test's
        name = file.relative_to(ROOT)
        offenders += [f"{name}:{number}: {found(line)}: {line.strip()}" for number, line in enumerate(lines, 1) if found(line)]
    assert not offenders, "\n".join(offenders)


@pytest.mark.parametrize(
    "text",
    [f"see ../{FOLDER}x", f"in {FOLDER}DOMAIN", f"cd {PLACE}main", f"{ASSISTANT}3 said", *(f"# {word}: later" for word in LATER)],
)
def test_each_word_is_found(text: str) -> None:
    """The search above can find something."""
    assert found(text)


@pytest.mark.parametrize("text", ["contracts/shared.py", "/work-orders/{id}", "a helper function", "shared / kept"])
def test_ordinary_words_are_allowed(text: str) -> None:
    """Words that only look alike."""
    assert not found(text)


def test_the_files_are_found() -> None:
    """The search looks at code, tests, documents and deployment."""
    seen = {path.relative_to(ROOT).parts[0] for path in files()}
    assert {
        "chassis",
        "contracts",
        "files",
        "services",
        "gateway",
        "console",
        "servicelane",
        "locales",
        "media",
        "deploy",
        "tests",
        "docs",
        "README.md",
    } <= seen
