"""What scaling out says: scale-out.json for programs, two charts and tables for documents, and a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import pygal

from bench.arithmetic import percentile
from bench.report.host import host, on_host
from bench.report.markdown import table
from bench.report.output import line_chart, save

LINEAR = 0.75
"""At least so much of what as many replicas as there are would do if each did what one does alone."""
SLOWER = 2.0
"""New deliveries take at most so many times as long, in the middle, while a backlog is worked off."""
POINTS = 40
BACKLOG = "billing, a backlog"
CHARTS = {
    "scale-out-replicas.svg": "How many times what one replica does",
    "scale-out-backlog.svg": "Deliveries that wait for billing",
}


@dataclass(frozen=True)
class Step:
    """One service with so many replicas: `each` says what every one of them did, `lag` the seconds its last effects came later.

    `database_cpu`: processor seconds of the database for one of them.
    """

    replicas: int
    rate: float
    p50_ms: float
    p99_ms: float
    each: Mapping[str, float]
    lag: float | None = None
    database_cpu: float = 0.0

    @classmethod
    def of(cls, replicas: int, answer: Mapping[str, Any], each: Mapping[str, float], **besides: Any) -> Self:
        """From what the clients were answered."""
        took = answer["took"]
        return cls(replicas, len(took) / answer["seconds"], percentile(took, 50), percentile(took, 99), each, **besides)


@dataclass
class Backlog:
    """Deliveries that waited for billing: `rates` per second and `latencies` of new ones in ms, by its replicas; 0 is before.

    `looks`: how many waited, in seconds since it came back; `others_seconds`: how long the other two took for all of them.
    """

    deliveries: int
    rates: dict[int, float] = field(default_factory=dict)
    latencies: dict[int, list[float]] = field(default_factory=dict)
    looks: list[tuple[float, int]] = field(default_factory=list)
    others_seconds: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Down:
    """Deliveries over HTTP while replicas leave: `again` is what made clients ask once more, `failed` what they were refused."""

    orders: int
    stopped: int
    not_in_order: int
    """How many of those stopped ended otherwise than drained."""
    again: Mapping[str, int]
    failed: Mapping[str, int]

    @property
    def errors(self) -> int:
        """Answers of 500 and above."""
        return sum(count for name, count in [*self.again.items(), *self.failed.items()] if name.startswith("5"))


@dataclass
class ScaleOut:
    """A run as it was measured; `share` of a core is what each replica of the service in question has."""

    share: float
    steps: dict[str, list[Step]] = field(default_factory=dict)
    database_share: float = 0.0
    worked_off: Backlog = field(default_factory=lambda: Backlog(0))
    down: Down = field(default_factory=lambda: Down(0, 0, 0, {}, {}))
    findings: list[str] = field(default_factory=list)

    def times_one(self) -> dict[str, dict[int, float]]:
        """By service and number of replicas, how many times what one does alone is done."""
        rates = {name: {one.replicas: one.rate for one in steps} for name, steps in self.steps.items()}
        rates[BACKLOG] = self.worked_off.rates
        return {name: {count: rate / of[1] for count, rate in of.items()} for name, of in rates.items() if of.get(1)}

    def verdicts(self) -> dict[str, bool]:
        """What is judged."""
        scaled = {name: of for name, of in self.times_one().items() if "share" not in name}
        before, *during = [percentile(took, 50) for _, took in sorted(self.worked_off.latencies.items())] or [0.0]
        down = self.down
        return {
            f"as many replicas do {LINEAR:.0%} of as many times as much": all(
                rate >= LINEAR * count for of in scaled.values() for count, rate in of.items()
            ),
            f"new deliveries take at most {SLOWER:g} times as long meanwhile": all(one <= SLOWER * before for one in during),
            "no answer of 500 or more, nothing refused, all drained while replicas leave": not (
                down.errors or down.failed or down.not_in_order
            ),
            "nothing lost or doubled": not self.findings,
        }

    @property
    def passed(self) -> bool:
        """Whether everything is as it should be."""
        return all(self.verdicts().values())

    def document(self) -> dict[str, Any]:
        """The run as scale-out.json says it."""
        return {**asdict(self), "times_one": self.times_one(), "verdicts": self.verdicts(), "passed": self.passed, "host": host()}

    def write(self, folder: Path) -> None:
        """Write scale-out.json, scale-out.md and the charts."""
        save(self.document(), folder / "scale-out.json")
        (folder / "scale-out.md").write_text(self.text() + "\n", encoding="utf-8")
        for name, chart in zip(CHARTS, (self._times_chart(), self._backlog_chart()), strict=True):
            chart.render_to_file(str(folder / name))

    def text(self) -> str:
        """Everything measured and judged, in Markdown."""
        off, down = self.worked_off, self.down
        times = self.times_one().get(BACKLOG, {})
        took = {count: _middle(times) for count, times in sorted(off.latencies.items())}
        again = ", ".join(f"{name}: {count}" for name, count in sorted(down.again.items())) or "nothing"
        judged = [f"- {what}: {'yes' if met else 'NO'}" for what, met in self.verdicts().items()]
        return "\n".join(
            [
                f"Each replica of the service that is scaled has {self.share:g} of a core; the database, where it has a share, "
                f"{self.database_share:.2f}.",
                "",
                self._steps_table(),
                "",
                (
                    f"{off.deliveries:,} deliveries had waited for billing (parts and crm had done theirs in "
                    f"{off.others_seconds:.0f} s); it worked them off in {off.seconds:.0f} s, one replica more every few seconds:"
                ),
                "",
                table(
                    ("replicas of billing", "invoiced per second", "times one", "new deliveries p50 ms", "p99 ms"),
                    (
                        (
                            str(count or "none waits"),
                            f"{off.rates[count]:.0f}" if count in off.rates else "–",
                            f"{times[count]:.2f}" if count in times else "–",
                            *middle,
                        )
                        for count, middle in took.items()
                    ),
                ),
                "",
                (
                    f"From 4 replicas to 1 of workshop, billing and the gateway, the oldest first: {down.stopped} left while "
                    f"{down.orders} deliveries were answered over HTTP, {down.errors} answers of 500 or more, {len(down.failed)} "
                    f"refusals, {down.not_in_order} not drained. Asked again because of: {again}."
                ),
                "",
                *judged,
                "",
                f"{on_host()}.",
                "",
                *(f"- {one}" for one in self.findings),
                *(f"![{title}](figures/{name})" for name, title in CHARTS.items()),
            ]
        )

    def _steps_table(self) -> str:
        times = self.times_one()
        return table(
            ("scaled", "replicas", "per second", "times one", "each replica", "p50 ms", "p99 ms", "last effect later by"),
            (
                (
                    name,
                    str(one.replicas),
                    f"{one.rate:.1f}",
                    f"{times[name][one.replicas]:.2f}",
                    _shares(one.each),
                    f"{one.p50_ms:.0f}",
                    f"{one.p99_ms:.0f}",
                    "–" if one.lag is None else f"{one.lag:.1f} s",
                )
                for name, steps in self.steps.items()
                for one in steps
            ),
        )

    def _times_chart(self) -> pygal.Line:
        times = self.times_one()
        counts = sorted({count for of in times.values() for count in of})
        chart = line_chart(CHARTS["scale-out-replicas.svg"], [str(one) for one in counts], x_title="replicas")
        chart.add("linear", counts, stroke_style={"dasharray": "4, 4"})
        for name, of in times.items():
            chart.add(name, [of.get(count) for count in counts])
        return chart

    def _backlog_chart(self) -> pygal.Line:
        looks = self.worked_off.looks[:: max(1, len(self.worked_off.looks) // POINTS)]
        chart = line_chart(CHARTS["scale-out-backlog.svg"], [f"{at:.0f}" for at, _ in looks], x_title="seconds")
        chart.show_dots, chart.show_legend = False, False
        chart.x_labels_major_count, chart.show_minor_x_labels = 9, False
        chart.add("waiting", [count for _, count in looks])
        return chart


def _middle(times: Sequence[float]) -> tuple[str, str]:
    return f"{percentile(times, 50):.0f}", f"{percentile(times, 99):.0f}"


def _shares(each: Mapping[str, float]) -> str:
    """How much of the work each replica did."""
    total = sum(each.values())
    return ", ".join(f"{count / total:.0%}" for count in each.values()) if total else "–"
