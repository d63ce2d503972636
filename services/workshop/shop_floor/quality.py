"""What passes at the first time, and why work goes back (Rule W11): counted from the checks as they were signed."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from sqlalchemy import select

from chassis import Work, colleagues
from chassis.wire.values import basis_points
from contracts.booking.conversion import Formula
from contracts.workshop.comeback import ComebackCause
from contracts.workshop.quality import CauseCount, Quality, QualityFigures, TechnicianQuality
from services.workshop.shop_floor.inspection import Inspection

FORMULAS = [
    Formula(rate="first_time_pass", formula="passed_first_time / inspected"),
    Formula(rate="rework_rate", formula="reworked / inspected"),
]
CAUSES: Collection[ComebackCause] = get_args(ComebackCause)


@dataclass
class Tally:
    """What was found of one person's work, or of all."""

    inspected: int = 0
    passed: int = 0
    self_found: int = 0
    causes: Counter[ComebackCause] = field(default_factory=Counter)

    def count(self, row: Any) -> None:
        """One check, as the car's."""
        self.look(row)
        self.blame(row)

    def look(self, row: Any) -> None:
        """A car that was inspected for the first time."""
        if row.first_time is not None:
            self.inspected += 1
            self.passed += row.first_time

    def blame(self, row: Any) -> None:
        """A check that did not pass."""
        if not row.passed and row.stage == "self":
            self.self_found += 1
        elif not row.passed:
            self.causes[row.rework_cause] += 1

    def figures(self) -> QualityFigures:
        """As they are answered."""
        reworked = self.causes.total()
        return QualityFigures(
            inspected=self.inspected,
            passed_first_time=self.passed,
            reworked=reworked,
            self_found=self.self_found,
            first_time_pass=basis_points(self.passed, self.inspected),
            rework_rate=basis_points(reworked, self.inspected),
            causes=[CauseCount(rework_cause=cause, count=self.causes[cause]) for cause in CAUSES],
        )


def tallies(rows: Iterable[Any]) -> tuple[dict[str, Tally], Tally]:
    """By technician, and in all: there each check counts once, however many worked on the car."""
    by_technician: dict[str, Tally] = {}
    total = Tally()
    for row in rows:
        total.count(row)
        for login in row.technicians:
            by_technician.setdefault(login, Tally()).look(row)
        for login in row.responsible:
            by_technician.setdefault(login, Tally()).blame(row)
    return by_technician, total


def quality(work: Work, first: date, last: date) -> Quality:
    """The figures of these days, by two statements."""
    whose = Inspection.technicians, Inspection.responsible
    what = Inspection.stage, Inspection.passed, Inspection.rework_cause, Inspection.first_time
    found = select(*what, *whose).where(*work.profile.within(Inspection.inspected_at, first, last))
    by_technician, total = tallies(work.execute(found))
    names = colleagues(work, by_technician)
    return Quality(
        from_day=first,
        to_day=last,
        as_of=work.now,
        technicians=[
            TechnicianQuality(technician=login, technician_name=names.get(login), figures=tally.figures())
            for login, tally in sorted(by_technician.items())
        ],
        total=total.figures(),
        formulas=FORMULAS,
    )
