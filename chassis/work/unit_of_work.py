"""The unit of work: what a use case is given to load, change and announce with. The door commits it, never the use case."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, event, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.interfaces import ORMOption

from chassis.store.model import Aggregate, DealerOwned
from chassis.store.tables import dealer_profile, outbox
from chassis.store.tenancy import BY_KEY, ScopedSession
from chassis.wire.call import Call
from chassis.wire.envelope import Envelope, seal
from chassis.wire.errors import NotFound, NotYet, NotYetKnown, PreconditionFailed
from chassis.wire.messages import snake_case

A = TypeVar("A", bound=Aggregate)
E = TypeVar("E", bound=DealerOwned)
T = TypeVar("T")


@dataclass(frozen=True)
class DealerProfile:
    """What every service knows of a dealer. `tax_mode` is inclusive or exclusive."""

    dealer_id: str
    name: str
    time_zone: str
    currency: str
    locale: str
    tax_mode: str

    @property
    def zone(self) -> ZoneInfo:
        """The dealer's time zone: calendar rules count in it."""
        return ZoneInfo(self.time_zone)

    def local(self, at: datetime) -> datetime:
        """The dealer's wall-clock time."""
        return at.astimezone(self.zone)


_PROFILES = select(*(dealer_profile.c[field.name] for field in fields(DealerProfile))).where(
    dealer_profile.c.dealer_id.in_(bindparam("dealers", expanding=True))
)
_APPEND = insert(outbox)


class Work:
    """One command's or one event's unit of work.

    `now` is the time of the whole unit, `dealer` whose it is, `call` who asked, `cause` the event that caused it, if one did.
    """

    def __init__(self, session: ScopedSession, call: Call, now: datetime, *, cause: Envelope | None = None) -> None:
        self.session = session
        self.call = call
        self.now = now
        self.cause = cause
        self._changed: list[Aggregate] = []
        self._if_match = call.if_match
        session.scope_to(call.dealer)

    @property
    def dealer(self) -> str:
        """The dealer this unit of work belongs to."""
        if self.call.dealer is None:
            raise RuntimeError("this unit of work belongs to no dealer")
        return self.call.dealer

    @property
    def actor(self) -> str:
        """Who asked for the change: an account, an API client, or the service that announced the cause."""
        return self.call.actor

    @property
    def profile(self) -> DealerProfile:
        """The dealer's time zone, currency, locale and tax mode. Raises NotYetKnown/NotYet until the registry's fact has come."""
        self.require_dealer()
        return known_profiles(self.session)[self.dealer]

    def require_dealer(self) -> None:
        """Keep nothing for a dealer that nobody registered. Raises NotYetKnown/NotYet until the registry's fact has come."""
        if self.dealer not in known_profiles(self.session):
            load_profiles(self.session, [self.dealer])
        if self.dealer not in known_profiles(self.session):
            raise self._dealer_unknown()

    def find(self, kind: type[E], *identity: object, options: Sequence[ORMOption] = ()) -> E | None:
        """The row with that id (or the further key columns after dealer_id), or None; one that is not yet flushed counts.

        `options` say how its relationships are loaded.
        """
        key = (kind, self.dealer, *identity)
        added = self._added.get(key)
        if added is not None and added in self.session and added not in self.session.deleted:
            return cast(E, added)
        if key in self._ahead:
            return cast("E | None", self._ahead[key].row)
        with self.session.no_autoflush:  # a row found by its key cannot depend on what is pending
            return self.session.get(kind, key[1:], options=options, execution_options=BY_KEY)

    def lock(self, kind: type[E], *identity: object) -> E | None:
        """The row with that key as the database has it now, locked until the transaction ends; or None."""
        key = (kind, self.dealer, *identity)
        ahead = self._ahead.get(key)
        if ahead is not None and ahead.locked:
            return cast("E | None", ahead.row)
        with self.session.no_autoflush:
            return self.session.get(kind, key[1:], with_for_update={"of": kind}, populate_existing=True, execution_options=BY_KEY)

    def get(self, kind: type[E], *identity: object, options: Sequence[ORMOption] = ()) -> E:
        """The row with that id. Raises NotFound, also when it is another dealer's."""
        found = self.find(kind, *identity, options=options)
        if found is None:
            raise NotFound("not_found", kind=snake_case(kind.__name__), id=str(identity[0]))
        return found

    def edit(self, kind: type[A], id: str) -> A:  # noqa: A002  # the trade calls it id
        """The aggregate to change: locked, its version raised once. Raises NotFound; PreconditionFailed if If-Match is stale.

        If-Match names the aggregate the command addresses, so it is compared with the first one that is edited.
        """
        root = self._locked.get((kind, self.dealer, id)) or self.lock(kind, id)
        if root is None:
            raise NotFound("not_found", kind=snake_case(kind.__name__), id=id)
        if root not in self._changed:
            self._check_if_match(root)
        self.change(root)
        return cast(A, root)

    def change(self, root: Aggregate) -> None:
        """Raise the version of an aggregate that was found by a query of its own, and let its announcement be published."""
        if root not in self._changed:
            root.version += 1
            self._changed.append(root)
            self._locked[type(root), self.dealer, root.id] = root

    def add(self, row: DealerOwned) -> None:
        """A new row or aggregate of this dealer."""
        self.session.add(row)
        self._added[type(row), *inspect(type(row)).primary_key_from_instance(row)] = row
        if isinstance(row, Aggregate):
            self._changed.append(row)
            self._locked[type(row), row.dealer_id, row.id] = row

    def all(self, statement: Select[T]) -> Sequence[T]:
        """All objects the statement selects, of this dealer."""
        return self.session.scalars(statement).unique().all()

    def first(self, statement: Select[T]) -> T | None:
        """The first object the statement selects, of this dealer, or None."""
        return self.session.scalars(statement.limit(1)).first()

    @staticmethod
    def breathe() -> None:
        """Let heartbeats and other requests of this process have their turn: for use cases that compute for long."""
        time.sleep(0)

    def announcements(self) -> list["Announcement"]:
        """Take what the changed aggregates announced, each fact in its envelope."""
        taken = []
        for root in self._changed:
            for fact in root.announced:
                envelope = seal(
                    fact,
                    subject=root.id,
                    sequence=root.version,
                    time=self.now,
                    dealer=self.call.dealer,
                    correlation_id=root.visit_id or self.call.correlation_id,
                    causation_id=self.cause.id if self.cause else self.call.causation_id,
                    traceparent=self.call.traceparent,
                    actor=self.call.actor,
                )
                taken.append(Announcement(envelope, mandatory=bool(fact.subscribers)))
                if len(taken) > 1:
                    self.breathe()  # a price list is hundreds of facts of hundreds of parts
            root.announced.clear()
        return taken

    @property
    def _locked(self) -> dict[tuple[type, str, str], Aggregate]:
        # Shared by all messages of a batch: reading an aggregate again would undo what an earlier message changed.
        locked: dict[tuple[type, str, str], Aggregate] = self.session.info.setdefault("locked", {})
        return locked

    @property
    def _ahead(self) -> "dict[tuple[Any, ...], Ahead]":
        return known_ahead(self.session)

    @property
    def _added(self) -> dict[tuple[Any, ...], DealerOwned]:
        added: dict[tuple[Any, ...], DealerOwned] = self.session.info.setdefault("added", {})
        return added

    def _dealer_unknown(self) -> Exception:
        if self.cause is not None:
            return NotYet(f"dealer {self.dealer} is not known here yet")
        return NotYetKnown.reference("dealer", self.dealer)

    def _check_if_match(self, root: Aggregate) -> None:
        expected, self._if_match = self._if_match, None
        if expected is not None and expected != root.version:
            raise PreconditionFailed("version_is_stale", version=root.version)


@dataclass(frozen=True)
class Ahead:
    """What was read before a batch was handled: the row with a key, or that there is none."""

    row: DealerOwned | None
    locked: bool


def known_ahead(session: Session) -> dict[tuple[Any, ...], Ahead]:
    """What is known ahead by kind and key; units of work look here before they ask the database."""
    known: dict[tuple[Any, ...], Ahead] = session.info.setdefault("ahead", {})
    return known


def known_profiles(session: Session) -> dict[str, DealerProfile]:
    """The profiles this session has read, by dealer."""
    known: dict[str, DealerProfile] = session.info.setdefault("profiles", {})
    return known


def load_profiles(session: Session, dealers: Iterable[str]) -> None:
    """Read what is known of these dealers, for all units of work of this session, in one statement."""
    rows = session.connection().execute(_PROFILES, {"dealers": sorted(dealers)})
    known_profiles(session).update((row[0], DealerProfile(*row)) for row in rows)


@dataclass(frozen=True)
class Announcement:
    """An event ready for the outbox; `mandatory` when the contract names subscribers, so that an unroutable one is noticed."""

    envelope: Envelope
    mandatory: bool


def write_outbox(session: Session, announcements: Sequence[Announcement]) -> None:
    """Write announced facts as one insert, in the order they were announced."""
    if not announcements:
        return
    rows: list[dict[str, Any]] = [
        {
            "id": one.envelope.id,
            "dealer_id": one.envelope.dealerid,
            "type": one.envelope.type,
            "subject": one.envelope.subject,
            "sequence": one.envelope.sequence,
            "correlation_id": one.envelope.correlationid,
            "time": one.envelope.time,
            "mandatory": one.mandatory,
            "envelope": one.envelope.to_json(),
        }
        for one in announcements
    ]
    session.connection().execute(_APPEND, rows)


@event.listens_for(ScopedSession, "before_flush")
def _no_change_without_a_version(session: ScopedSession, context: UOWTransaction, instances: Any) -> None:
    locked = session.info.get("locked", {})
    for row in session.dirty:
        if isinstance(row, Aggregate) and locked.get((type(row), row.dealer_id, row.id)) is not row and session.is_modified(row):
            raise RuntimeError(f"{type(row).__name__} was changed without Work.edit or Work.change: its version would not tell")
