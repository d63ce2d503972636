"""What became of each fault: a row of the table and of out/latest.json."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass
class Result:
    """One fault: how often it was injected, how many requests were answered under it, what came of them.

    Until a fault is over it counts as broken; one that never drained has no `drain_seconds`. `drained_last` is what was still
    pending before everything was drained, `findings` say which invariant is broken by which rows.
    """

    fault: str
    injected: int = 0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    drain_seconds: float | None = None
    drained_last: str = ""
    invariants_ok: bool = False
    findings: list[str] = field(default_factory=list)


def table(results: list[Result]) -> Table:
    """The results for people."""
    shown = Table("fault")
    for name in ("injected", "answered", "lost", "doubled", "drained in", "invariants"):
        shown.add_column(name, justify="right")
    for one in results:
        drained = "never" if one.drain_seconds is None else f"{one.drain_seconds:.1f} s"
        verdict = "hold" if one.invariants_ok else "BROKEN"
        shown.add_row(one.fault, str(one.injected), str(one.answered), str(one.lost), str(one.doubled), drained, verdict)
    return shown


def write(results: list[Result], file: Path) -> None:
    """The results for programs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(one) for one in results], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def printed(results: list[Result]) -> str:
    """The table as text."""
    console = Console(width=150)
    with console.capture() as captured:
        console.print(table(results))
    return captured.get()
