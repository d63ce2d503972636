"""What a mutant is."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One safeguard switched off: in `file`, `code` becomes `instead`.

    Each of `tests` must then fail, and every failure must say `complaint` (a regular expression): red for another reason proves
    nothing.
    """

    name: str
    switched_off: str
    file: str
    code: str
    instead: str
    tests: tuple[str, ...]
    complaint: str
