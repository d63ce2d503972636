"""A toy service for bus tests: it counts what it is asked and what it is told, and announces both."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from chassis.service.entrypoints import Service, command, subscribe
from chassis.store.model import Aggregate, model_base
from chassis.wire.errors import NotYet, Refused
from chassis.wire.messages import Answer, Command, Event
from chassis.work.unit_of_work import Work

Base = model_base("toy")

POISON = {"poison"}
"""What the mirror cannot stand; a test that mends the defect takes it out."""


class Tally(Answer):
    """What a counter stands at."""

    id: str
    version: int
    name: str
    total: int


class Count(Command, service="toy", answer=Tally):
    """Raise a counter."""

    name: str
    by: int


class Counted(Event, type="toy.counter.counted", subscribers=("toy.mirror", "toy.shadow")):
    """A counter was raised."""

    name: str
    by: int


class Note(Command, service="toy"):
    """Write something down."""

    text: str


class Noted(Event, type="toy.note.noted", subscribers=("toy.file_note",)):
    """Something was written down."""

    text: str


class Counter(Aggregate, Base):
    """A counter, found by name."""

    __tablename__ = "counter"
    name: Mapped[str]
    total: Mapped[int]

    def describe(self) -> Tally:
        return Tally(id=self.id, version=self.version, name=self.name, total=self.total)


def _raise(work: Work, name: str, by: int) -> Counter:
    counter = work.first(select(Counter).where(Counter.name == name).with_for_update())
    if counter is None:
        counter = Counter(name=name, total=0)
        work.add(counter)
    else:
        work.change(counter)
    counter.total += by
    return counter


class ToyService(Service):
    """Counts."""

    name = "toy"

    @command(Count)
    def count(self, command: Count, work: Work) -> Counter:
        if command.by <= 0:
            raise Refused("not_upwards", by=command.by)
        counter = _raise(work, command.name, command.by)
        counter.announce(Counted(name=command.name, by=command.by))
        return counter

    @command(Note)
    def note(self, command: Note, work: Work) -> None:
        page = Counter(name=f"page {command.text}", total=0)
        page.announce(Noted(text=command.text))
        work.add(page)

    @subscribe(Noted)
    def file_note(self, fact: Noted, work: Work) -> None:
        _raise(work, f"filed {fact.text}", 1)

    @subscribe(Counted)
    def mirror(self, fact: Counted, work: Work) -> None:
        if fact.name in POISON:
            raise RuntimeError("cannot stand it")
        if fact.name == "too-early" and work.first(select(Counter).where(Counter.name == "awaited")) is None:
            raise NotYet("awaited is not there")
        _raise(work, f"mirror of {fact.name}", fact.by)

    @subscribe(Counted)
    def shadow(self, fact: Counted, work: Work) -> None:
        _raise(work, f"shadow of {fact.name}", fact.by)
