"""A toy service for bus tests: it counts what it is asked and what it is told, and announces both."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from chassis import Aggregate, ModelBase, NotYet, Refused, Service, Work, command, model_base, subscribe
from chassis.wire.ids import derived_id
from chassis.wire.messages import Answer, Command, Event


class Base(ModelBase):
    """What the toy's mapped classes derive from."""

    __abstract__ = True
    metadata = model_base("toy").metadata


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


def _id_of(name: str, work: Work) -> str:
    return derived_id(work.dealer, name)


def _raise(work: Work, name: str, by: int) -> Counter:
    counter = work.first(select(Counter).where(Counter.name == name).with_for_update())
    if counter is None:
        counter = Counter(id=_id_of(name, work), name=name, total=0)
        work.add(counter)
    else:
        work.change(counter)
    counter.total += by
    return counter


def _count(work: Work, command: Count) -> Counter:
    if command.by <= 0:
        raise Refused("not_upwards", by=command.by)
    counter = _raise(work, command.name, command.by)
    counter.announce(Counted(name=command.name, by=command.by))
    return counter


def _note(work: Work, command: Note) -> None:
    page = Counter(name=f"page {command.text}", total=0)
    page.announce(Noted(text=command.text))
    work.add(page)


def _file_note(work: Work, event: Noted) -> None:
    _raise(work, f"filed {event.text}", 1)


def _mirror(work: Work, event: Counted) -> None:
    if event.name in POISON:
        raise RuntimeError("cannot stand it")
    if event.name == "too-early" and work.first(select(Counter).where(Counter.name == "awaited")) is None:
        raise NotYet("awaited is not there", waits_for=_id_of("awaited", work))
    _raise(work, f"mirror of {event.name}", event.by)


def _shadow(work: Work, event: Counted) -> None:
    _raise(work, f"shadow of {event.name}", event.by)


class ToyService(Service):
    """Counts. It takes events of any dealer: nobody registers one here."""

    name = "toy"

    count = command(Count, _count)
    note = command(Note, _note)
    file_note = subscribe(Noted, _file_note, any_dealer=True)
    mirror = subscribe(Counted, _mirror, any_dealer=True)
    shadow = subscribe(Counted, _shadow, any_dealer=True)
