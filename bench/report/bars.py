"""The console's bars: what was measured, for programs and documents, and whether each is met."""

import gzip
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.arithmetic import percentile
from bench.estimates import Estimate, bootstrap, paired_ratio
from bench.report.host import host, on_host
from bench.report.markdown import table
from bench.report.output import save
from console.static import FOLDER

BOARD = "board.floor"
PAGE_BYTES, BOARD_BYTES = 8_000, 25_000
ASSET_BYTES = {"js": 12_000, "css": 10_000}
OWN_MS = 15.0
PAGE_MS = 150.0
CHANGE_MS = 5_000.0
READS = 4
"""Pages with more reads of the gateway have no bar in time."""
KEEPS = 1.5
"""With the boards open, a delivery's p95 is at most so many times what it is without."""
OK = 200


@dataclass
class Page:
    """One page by itself: its bytes on the line, what it asked the gateway, each request's ms, whole and without the gateway."""

    name: str
    status: int = 0
    size: int = 0
    gateway_requests: int = 0
    took: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    cpu_ms: float = 0.0
    """Of the console's processor time, on average."""
    there: "Page | None" = None
    """The same of the other checkout, in turn with this one."""

    @property
    def reads(self) -> float:
        """Requests to the gateway."""
        return self.gateway_requests / max(1, len(self.took))

    def line(self) -> str:
        """What is said while it goes on."""
        said = f"{self.name}: {self.size:,} bytes, {self.reads:.1f} reads, {_both(self.took)} ms, own {_both(self.own)} ms"
        return f"{said}, {self.cpu_ms:.1f} ms of processor" + (f"; {self.ratios()}" if self.there else "")

    def ratios(self) -> str:
        """How long it takes here, to how long there: by pairs of requests, and in processor time."""
        if self.there is None:
            return ""
        processor = self.cpu_ms / self.there.cpu_ms if self.there.cpu_ms else 0.0
        return (
            f"here/there: whole {paired_ratio(self.took, self.there.took)}, own {paired_ratio(self.own, self.there.own)}, "
            f"processor {processor:.2f}, reads {self.reads:.1f}/{self.there.reads:.1f}"
        )


@dataclass(frozen=True)
class Turn:
    """So many seconds of deliveries; `boards` by how they stay up to date, none where none was open."""

    boards: dict[str, int]
    deliveries: Sequence[float]
    requests: float
    refreshed: float
    board_ms: Sequence[float]
    page_ms: Sequence[float]
    own_ms: Sequence[float]
    cores: dict[str, float]
    failed: Counter[str]

    def line(self) -> str:
        """What is said while it goes on."""
        return (
            f"{sum(self.boards.values())} boards: delivery {_both(self.deliveries)} ms, page {_both(self.page_ms)} ms,"
            f" {self.requests:.0f} requests/s at the gateway, {self.refreshed:.0f} boards/s {dict(self.failed) or ''}"
        )


@dataclass(frozen=True)
class Verdict:
    """One bar: what was measured of what, and whether that is within."""

    what: str
    bar: str
    measured: str
    met: bool


@dataclass
class Bars:
    """Everything that was measured."""

    rate: float
    pages: list[Page] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    """ms from a change's answer until the console has told of it and its board has it."""
    turns: list[Turn] = field(default_factory=list)
    assets: dict[str, int] = field(default_factory=dict)

    def weigh_assets(self) -> None:
        """How many bytes scripts and stylesheet have, compressed."""
        for kind in ASSET_BYTES:
            self.assets[kind] = sum(len(gzip.compress(one.read_bytes(), 5)) for one in FOLDER.glob(f"*.{kind}"))

    @property
    def shown(self) -> list[Page]:
        """The pages that are there."""
        return [one for one in self.pages if one.status == OK]

    def ratio(self, ms: Callable[[Turn], Sequence[float]]) -> Estimate | None:
        """The p95 with boards divided by that without, all turns together; turns are drawn in pairs."""
        with_boards, without = ([one for one in self.turns if bool(one.boards) == has] for has in (True, False))

        def p95(turns: Sequence[Turn]) -> float:
            return percentile([one for turn in turns for one in ms(turn)], 95)

        return bootstrap(
            list(zip(with_boards, without, strict=True)),
            lambda pairs: p95([one for one, _ in pairs]) / p95([other for _, other in pairs]),
        )

    def p95(self, ms: Callable[[Turn], Sequence[float]], *, boards: bool) -> float:
        """The p95 of all turns of a kind."""
        return percentile([one for turn in self.turns if bool(turn.boards) == boards for one in ms(turn)], 95)

    def verdicts(self) -> list[Verdict]:
        """Every bar."""
        found = [
            _within(
                "largest page but the board, bytes", PAGE_BYTES, [one.size for one in self.shown if one.name != BOARD], "{:,}"
            ),
            _within("board of 200 cars, bytes", BOARD_BYTES, [one.size for one in self.shown if one.name == BOARD], "{:,}"),
            *(_within(f"{kind}, bytes", most, [self.assets[kind]], "{:,}") for kind, most in ASSET_BYTES.items()),
            _within(
                "the console's own time, p95 of the slowest page, ms",
                OWN_MS,
                [percentile(one.own, 95) for one in self.shown],
            ),
            _within(
                f"a page with up to {READS} reads, p95 of the slowest, ms",
                PAGE_MS,
                [percentile(one.took, 95) for one in self.shown if one.reads <= READS],
            ),
        ]
        if self.changes:
            found.append(
                _within("from a change to a page that has it, p95, ms", CHANGE_MS, [percentile(self.changes, 95)], "{:,.0f}")
            )
        ratio = self.ratio(lambda turn: turn.deliveries)
        if ratio is not None:
            found += [
                _within(
                    "pages while orders are delivered, p95, ms", PAGE_MS, [self.p95(lambda turn: turn.page_ms, boards=False)]
                ),
                _within("the same with the boards open, p95, ms", PAGE_MS, [self.p95(lambda turn: turn.page_ms, boards=True)]),
                Verdict("a delivery's p95 with the boards to without", f"<= {KEEPS}", str(ratio), ratio.value <= KEEPS),
            ]
        return found

    @property
    def passed(self) -> bool:
        """Whether every bar is met and nothing failed."""
        return all(one.met for one in self.verdicts()) and not self.failures()

    def failures(self) -> Counter[str]:
        """Pages that were not there, requests that got no answer."""
        absent = Counter({f"{one.name}: {one.status}": 1 for one in self.pages if one.status != OK})
        return sum((turn.failed for turn in self.turns), absent)

    def write(self, folder: Path) -> None:
        """Write console.json and console.md."""
        save({"at": datetime.now(UTC).isoformat(), "host": host(), **asdict(self)}, folder / "console.json")
        (folder / "console.md").write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """The tables, as documents have them."""
        pages = table(
            ("page", "bytes", "reads", "p50 / p95, ms", "own p50 / p95, ms", "own processor time, ms"),
            [
                (one.name, f"{one.size:,}", f"{one.reads:.1f}", _both(one.took), _both(one.own), f"{one.cpu_ms:.1f}")
                for one in self.shown
            ],
        )
        bars = table(
            ("bar", "", "measured", ""),
            [(one.what, one.bar, one.measured, "met" if one.met else "MISSED") for one in self.verdicts()],
        )
        ratios = "".join(f"{one.name}: {one.ratios()}\n" for one in self.shown if one.there)
        failed = f"\nFailed: {dict(self.failures())}\n" if self.failures() else ""
        return f"{bars}\n\n{pages}\n\n{ratios}{self._turns()}{failed}\n{on_host()}, {datetime.now(UTC):%Y-%m-%d}.\n"

    def _turns(self) -> str:
        if not self.turns:
            return ""
        how = Counter[str]()
        for turn in self.turns:
            how |= Counter(turn.boards)
        kinds = {f"{sum(how.values())} boards": True, "none": False}
        rows = []
        for title, boards in kinds.items():
            turns = [one for one in self.turns if bool(one.boards) == boards]
            cores = {name: statistics.mean(turn.cores[name] for turn in turns) for name in turns[0].cores}
            rows.append(
                (
                    title,
                    _both([one for turn in turns for one in turn.deliveries]),
                    _both([one for turn in turns for one in turn.page_ms]),
                    _both([one for turn in turns for one in turn.board_ms]) if boards else "–",
                    f"{statistics.mean(turn.refreshed for turn in turns):.0f}",
                    f"{statistics.mean(turn.requests for turn in turns):.0f}",
                    ", ".join(f"{name} {cores[name]:.2f}" for name in ("console-a", "gateway-a", "workshop-a")),
                )
            )
        heads = ("open", "delivery", "page", "board", "boards/s", "gateway requests/s", "cores")
        said = ", ".join(f"{count} {name}" for name, count in how.items())
        intro = f"{self.rate:g} deliveries a second, {len(self.turns) // 2} pairs of turns; boards: {said}; ms are p50 / p95"
        return f"{intro}:\n\n{table(heads, rows)}\n"


def _within(what: str, most: float, found: Sequence[float], form: str = "{:.0f}") -> Verdict:
    worst = max(found, default=float("inf"))
    return Verdict(what, f"<= {form.format(most)}", form.format(worst), worst <= most)


def _both(ms: Sequence[float]) -> str:
    return f"{percentile(ms, 50):.0f} / {percentile(ms, 95):.0f}"
