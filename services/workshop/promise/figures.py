"""How many promises were kept, and what the others were missed for (Rule W18): one statement, whatever there is."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select

from chassis import Work
from contracts.booking.conversion import Formula
from contracts.workshop.promise import MissCause, MissCount, PromiseFigures
from services.workshop.order.promise import Promise

FORMULAS = [Formula(rate="on_time_rate", formula="on_time / promised")]


def promise_figures(work: Work, first: date, last: date) -> PromiseFigures:
    """Of the cars that were ready on these days, both counted."""
    late = (Promise.ready_at > Promise.baseline_at).label("late")
    asked = select(late, Promise.cause, Promise.told_in_time, func.count().label("cars"))
    within = asked.where(*work.profile.within(Promise.ready_at, first, last))
    counted: Counter[str] = Counter()
    causes: Counter[MissCause | None] = Counter()
    for row in work.execute(within.group_by(late, Promise.cause, Promise.told_in_time)):
        counted["promised"] += row.cars
        if row.late:
            counted["late"] += row.cars
            counted[{True: "in_time", False: "too_late", None: "never"}[row.told_in_time]] += row.cars
            causes[row.cause] += row.cars
    on_time = counted["promised"] - counted["late"]
    return PromiseFigures(
        from_day=first,
        to_day=last,
        promised=counted["promised"],
        on_time=on_time,
        late=counted["late"],
        on_time_rate=on_time * 10_000 // counted["promised"] if counted["promised"] else None,
        told_in_time=counted["in_time"],
        told_too_late=counted["too_late"],
        never_told=counted["never"],
        causes=[MissCount(miss_cause=cause, count=count) for cause, count in causes.most_common()],
        formulas=FORMULAS,
    )
