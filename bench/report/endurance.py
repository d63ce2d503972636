"""What a soak says: soak.json for programs, charts and a table for documents, and a verdict on everything that should be flat."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pygal

from bench.fleet.sampling import Sample
from bench.report.flatness import FLAT_GENERATIONS, FLAT_SERIES, Trend, generations_are_flat, trend
from bench.report.host import host, on_host
from bench.report.output import line_chart, save

GOODPUT_GATE = 0.7
POINTS = 60
"""So many points of each line are drawn: the highest of what was sampled between."""
ALLOWANCES = {"memory": 4.0, "broker": 30.0, "threads": 2.0, "files": 4.0, "connections": 2.0, "backlog": 20.0}
"""How much each kind of figure may rise without a word: MiB, threads, open files, connections, messages.

Whoever takes the lead from a killed replica opens three files more: two connections to the database and one to the broker. The
broker's memory is a saw, whose tooth of 28 MiB lasts longer than a soak (tests/drills/test_broker_memory.py, docs/scaling.md).
"""


@dataclass(frozen=True)
class Goodput:
    """Complete orders per second in a closed loop of so many seconds, undisturbed and with a SIGKILL every so often."""

    seconds: float
    kill_every: float
    undisturbed: float
    with_kills: float

    @property
    def share(self) -> float:
        """What is left of it under kills."""
        return self.with_kills / self.undisturbed if self.undisturbed else 0.0


@dataclass
class Life:
    """One process from its start, in seconds since the soak's, to its end."""

    name: str
    born: float
    spared: bool
    peak_mib: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """One series: `trend` is None when there was too little of it to judge."""

    what: str
    kind: str
    trend: Trend | None

    @property
    def flat(self) -> bool:
        """FLAT_SERIES; what cannot be judged is not flat."""
        return self.trend is not None and self.trend.flat(ALLOWANCES[self.kind])


@dataclass
class Endurance:
    """A soak as it was measured."""

    seconds: float = 0.0
    rate: float = 0.0
    kill_every: float = 0.0
    kills: int = 0
    samples: list[Sample] = field(default_factory=list)
    lives: dict[int, Life] = field(default_factory=dict)
    goodput: Goodput | None = None
    delivered: list[str] = field(default_factory=list)
    """Work orders whose delivery was answered with success, before and during the soak."""
    failed: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    drain_seconds: float = 0.0

    def answered(self, answer: dict[str, Any]) -> None:
        """Take down what the clients of one job were answered."""
        self.delivered += answer["delivered"]
        self.failed.update(answer["failed"])

    def verdicts(self) -> list[Verdict]:
        """Everything that should be flat."""
        return [Verdict(what, kind, trend(series)) for what, kind, series in self._series()]

    def generations(self) -> dict[str, bool | None]:
        """FLAT_GENERATIONS, by name of the replica that is killed and replaced."""
        peaks: dict[str, list[tuple[float, float]]] = {}
        for one in self.lives.values():
            if not one.spared:
                peaks.setdefault(one.name, []).append((one.born, one.peak_mib))
        return {name: generations_are_flat(found, self.seconds) for name, found in peaks.items()}

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, doubled or refused, all is flat and the goodput enough."""
        right = not (self.findings or self.lost or self.failed)
        flat = all(one.flat for one in self.verdicts()) and False not in self.generations().values()
        return right and flat and (self.goodput is None or self.goodput.share >= GOODPUT_GATE)

    def document(self) -> dict[str, Any]:
        """The run as soak.json says it."""
        return {
            "seconds": self.seconds,
            "visits_per_second": self.rate,
            "kill_every": self.kill_every,
            "kills": self.kills,
            "delivered": len(self.delivered),
            "lost": self.lost,
            "failed": self.failed,
            "findings": self.findings,
            "drain_seconds": self.drain_seconds,
            "goodput": self.goodput and {**asdict(self.goodput), "share": round(self.goodput.share, 3)},
            "verdicts": [
                {"what": one.what, "kind": one.kind, "trend": one.trend and asdict(one.trend), "flat": one.flat}
                for one in self.verdicts()
            ],
            "generations": self.generations(),
            "passed": self.passed,
            "lives": [asdict(one) for one in self.lives.values()],
            "samples": [asdict(one) for one in self.samples],
            "host": host(),
        }

    def write(self, folder: Path) -> None:
        """Write soak.json, soak.md and the charts."""
        save(self.document(), folder / "soak.json")
        (folder / "soak.md").write_text(self.text() + "\n", encoding="utf-8")
        for name, chart in self.charts().items():
            chart.render_to_file(str(folder / name))

    def charts(self) -> dict[str, pygal.Line]:
        """Memory and connections of the spared replicas, and what was on its way."""
        titles = {
            "memory": "Resident memory of the replicas that were not killed, MiB",
            "connections": "Connections to PostgreSQL by service, and to the broker",
            "backlog": "Messages on their way",
        }
        return {f"soak-{kind}.svg": self._chart(kind, title) for kind, title in titles.items()}

    def text(self) -> str:
        """Everything judged, with the rules, in Markdown."""
        lines = [
            f"{self.seconds / 60:g} minutes at {self.rate:g} visits per second, {self.kills} SIGKILLs, one every "
            f"{self.kill_every:g} s: {len(self.delivered)} deliveries answered, {len(self.lost)} of them lost, "
            f"{len(self.findings)} findings of I1 to I8 and I10, {sum(self.failed.values())} visits refused or unanswered; "
            f"drained {self.drain_seconds:g} s after the last answer.",
        ]
        if self.goodput:
            lines += [
                "",
                (
                    f"Goodput with a SIGKILL every {self.goodput.kill_every:g} s: {self.goodput.with_kills:.1f} complete orders "
                    f"per second of {self.goodput.undisturbed:.1f} undisturbed, {self.goodput.share:.0%} "
                    f"(gate: {GOODPUT_GATE:.0%})."
                ),
            ]
        lines += ["", "| what | start | rise | rise per hour | flat |", "|---|---:|---:|---:|---|"]
        for one in self.verdicts():
            figures = f"{one.trend.start:.1f} | {one.trend.rise:+.1f} | {one.trend.per_hour:+.1f}" if one.trend else "– | – | –"
            lines.append(f"| {one.what} | {figures} | {'yes' if one.flat else 'NO'} |")
        said = {True: "flat", False: "NOT FLAT", None: "too few to tell"}
        generations = ", ".join(f"{name} {said[flat]}" for name, flat in self.generations().items())
        lines += ["", f"Flat: {FLAT_SERIES}. Generations: {FLAT_GENERATIONS}: {generations or 'nobody was killed'}."]
        lines += ["", f"{on_host()}.", ""]
        lines += [f"- {text}" for text in [*self.findings, *self.failed, *(f"lost {one}" for one in self.lost)]]
        return "\n".join(lines)

    def _series(self) -> Iterator[tuple[str, str, Sequence[tuple[float, float]]]]:
        for name in sorted({one.name for one in self.lives.values() if one.spared} | {"broker"}):
            for figure, kind, unit in (
                ("memory_mib", "memory", "MiB"),
                ("threads", "threads", "threads"),
                ("files", "files", "open files"),
            ):
                found = [(one.at, one.processes[name][figure]) for one in self.samples if name in one.processes]
                # The broker's threads and files are not ours to keep flat; its memory tells of queues and connections.
                if found and (name != "broker" or kind == "memory"):
                    yield f"{name}, {unit}", "broker" if name == "broker" else kind, found
        for service in self.samples[0].database_connections if self.samples else ():
            connections = [(one.at, one.database_connections[service]) for one in self.samples]
            yield f"{service}, connections to PostgreSQL", "connections", connections
        yield "connections to the broker", "connections", [(one.at, one.broker_connections) for one in self.samples]
        yield "messages in queues", "backlog", [(one.at, one.queued) for one in self.samples]
        yield "pending in outboxes", "backlog", [(one.at, one.outbox_pending) for one in self.samples]
        yield "parked", "backlog", [(one.at, one.parked) for one in self.samples]

    def _chart(self, kind: str, title: str) -> pygal.Line:
        step = max(1, len(self.samples) // POINTS)
        chart = line_chart(title, [f"{one.at / 60:.0f}" for one in self.samples[::step]], x_title="minutes")
        chart.show_dots = False
        chart.x_labels_major_count, chart.show_minor_x_labels = 11, False
        for what, of_kind, series in self._series():
            if of_kind == kind:
                values = [value for _, value in series]
                chart.add(what.partition(",")[0], [max(values[at : at + step]) for at in range(0, len(values), step)])
        return chart
