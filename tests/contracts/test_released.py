"""What services say to one another, held against the last release: both serve at once for a while (docs/upgrading.md)."""

from typing import Any, Literal

import pytest

from chassis.wire import Answer, Part
from chassis.wire.messages import Command, Event, Message
from deploy.dev.infrastructure import PROJECT
from deploy.release.shapes import _shape, broken, read, shapes, write

ON_PURPOSE: dict[str, str] = (
    {
        "workshop.visit.LinkedVisit.findings: is list of workshop.linked.VisitFinding, not list of workshop.visit.VisitFinding": (
            "the same part stands in another module"
        ),
    }
    | dict.fromkeys(
        (
            "workshop.completion.CarToCertify.work_classes: assembly is new",
            "workshop.completion.CompletionCertificate.work_classes: assembly is new",
            "workshop.delivery_time.DeliverySettings.certified_classes: assembly is new",
            "workshop.delivery_time.DeliverySettings.kept_classes: assembly is new",
            "workshop.final_inspection.FinalTemplate.work_classes: assembly is new",
            "workshop.lane.RepairWarranty.work_class: assembly is new",
            "workshop.multi_point.InspectionTemplate.work_classes: assembly is new",
            "workshop.pricing.OperationEntry.work_class: assembly is new",
            "workshop.vehicle_history.CarVisit.work_classes: assembly is new",
        ),
        "assembly repair is a class of its own (Rule W32): no event says it, and a console of before shows the word as it stands",
    )
    | dict.fromkeys(
        (
            "attention.ConcernGroup.kind: loaner_due, loaner_not_needed is new",
            "gateway.suite.AttentionCount.kind: loaner_due, loaner_not_needed is new",
            "gateway.suite.AttentionEntry.kind: loaner_due, loaner_not_needed is new",
        ),
        "a gateway of the release before does not ask for loaners (FindBookingConcerns), its console shows the word as it stands",
    )
)
"""What breaks the release before all the same, as the test names it, with the reason; empty again after the next release."""


def test_the_release_before_bears_what_is_said_now() -> None:
    """Events and answers may say more, requests may be able to; nothing else."""
    found = set(broken(read(PROJECT), shapes()))
    assert found - ON_PURPOSE.keys() == set(), "\n".join(sorted(found - ON_PURPOSE.keys()))
    assert ON_PURPOSE.keys() - found == set(), "nothing asks for these reasons any more"


class Line(Part):
    """Part of all three."""

    number: str
    kind: Literal["labour", "part"]


class Told(Answer):
    """As it was."""

    id: str
    lines: list[Line]
    note: str | None


class Asked(Command, service="toy", answer=Told):
    """As it was."""

    id: str
    line: Line
    note: str | None = None


class Happened(Event, type="toy.thing.happened"):
    """As it was."""

    line: Line


def changed(**new: type[Message]) -> list[str]:
    """What a change of these classes breaks."""
    before = {one.__name__: _named(one) for one in (Line, Told, Asked, Happened)}
    return list(broken(before, {**before, **{name: _named(one) for name, one in new.items()}}))


def _named(one: type[Message]) -> dict[str, Any]:
    text = repr(_shape(one)).replace(f"{__name__}.", "")
    found: dict[str, Any] = eval(text)  # names without this module's
    return found


def test_what_says_more_breaks_nothing() -> None:
    """Fields that may be absent, in answers, events and requests."""

    class More(Answer):
        id: str
        lines: list[Line]
        note: str | None
        more: int

    class AskedMore(Command, service="toy", answer=Told):
        id: str
        line: Line
        note: str | None = None
        more: int | None = None

    assert changed(Told=More, Asked=AskedMore) == []


def less() -> type[Message]:
    class Less(Answer):
        id: str
        lines: list[Line]

    return Less


def null() -> type[Message]:
    class Null(Answer):
        id: str | None
        lines: list[Line]
        note: str | None

    return Null


def otherwise() -> type[Message]:
    class Otherwise(Answer):
        id: int
        lines: list[Line]
        note: str | None

    return Otherwise


def must() -> type[Message]:
    class Must(Command, service="toy", answer=Told):
        id: str
        line: Line
        note: str | None = None
        more: int

    return Must


def must_now() -> type[Message]:
    class MustNow(Command, service="toy", answer=Told):
        id: str
        line: Line
        note: str

    return MustNow


def one_word_more() -> type[Message]:
    class LineOfThree(Part):
        number: str
        kind: Literal["labour", "part", "sublet"]

    return LineOfThree


def one_word_less() -> type[Message]:
    class LineOfOne(Part):
        number: str
        kind: Literal["labour"]

    return LineOfOne


@pytest.mark.parametrize(
    ("which", "new", "why"),
    [
        ("Told", less, "Told.note: is gone"),
        ("Told", null, "Told.id: may be NULL now"),
        ("Told", otherwise, "Told.id: is int, not str"),
        ("Asked", must, "Asked.more: must be said now"),
        ("Asked", must_now, "Asked.note: must be said now"),
        ("Line", one_word_more, "Line.kind: sublet is new"),
        ("Line", one_word_less, "Line.kind: part is gone"),
    ],
)
def test_what_the_release_before_cannot_bear_is_named(which: str, new: Any, why: str) -> None:
    """Each once, also where it is a part of others."""
    assert changed(**{which: new()}) == [why]


def test_a_request_that_is_gone_or_answers_otherwise_is_named() -> None:
    """Its route goes with a version of the HTTP interface."""
    before = {one.__name__: _named(one) for one in (Line, Told, Asked)}
    assert list(broken(before, {name: one for name, one in before.items() if name != "Asked"})) == ["Asked: is asked no more"]
    other = {**before, "Asked": {**before["Asked"], "answer": "Other"}}
    assert list(broken(before, other)) == ["Asked: answers Other, not Told"]


def test_a_new_version_of_an_event_may_say_anything() -> None:
    """Its subscribers wait for a replica that knows it."""

    class Again(Event, type="toy.thing.happened", version=2):
        what: int

    assert changed(Happened=Again) == []


def test_the_record_is_what_was_written(tmp_path: Any) -> None:
    """And all that is published is in it."""
    (tmp_path / "deploy" / "release").mkdir(parents=True)
    write(tmp_path, shapes())
    assert read(tmp_path) == shapes()
    assert list(broken(read(tmp_path), shapes())) == []
