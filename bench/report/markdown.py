"""What a run of `make bench` says in documents: the arms for the README, the gates for docs/performance.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.report.benchmark import Benchmark
from bench.report.host import on_host


def write(run: Benchmark, folder: Path) -> None:
    """Write arms.md and gates.md, which `bench.report.figures` puts in their places."""
    (folder / "arms.md").write_text(arms(run), encoding="utf-8")
    (folder / "gates.md").write_text(gates(run), encoding="utf-8")


def arms(run: Benchmark) -> str:
    """A line per arm, and the machine."""
    figures = ("orders_per_second", "p50_ms", "p99_ms", "cpu_ms_per_order", "statements_per_order", "commits_per_order")
    headings = ("arm", "what", "delivered orders/s", "p50 ms", "p99 ms", "CPU ms per order", "statements", "commits")
    rows = ((name, arm["title"], *(_text(arm[one]) for one in figures)) for name, arm in run.document()["arms"].items())
    kept = "every invariant held" if run.invariants_ok else "INVARIANTS DID NOT HOLD"
    rate = f"latencies at {run.half:.3g} orders/s, half of F1's rate; " if run.half else ""
    return f"{table(headings, rows)}\n\n{run.mix}; {rate}{kept}. {on_host()}.\n"


def gates(run: Benchmark) -> str:
    """A line per gate, with its interval, what noise did to the same figure, and the verdict."""
    headings = ("ratio", "gate", "measured (95 %)", "F1 to itself", "")
    rows = (
        (gate.name, gate.asks, str(found or "–"), str(run.placebo(gate.figure) or "–"), word)
        for gate, found, word in run.verdicts()
    )
    return f"{table(headings, rows)}\n"


def table(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """A table as Markdown has it."""
    lines = [headings, ["---" for _ in headings], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}" if value >= 20 else f"{value:.1f}"
