"""The unit of work: what a use case is given to load, change and announce with. The executor commits it, never the use case."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, Row, Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.interfaces import ORMOption

from chassis.store.model import DealerSettings, Projection, Root
from chassis.store.sql import insert_new, many_at_once, upsert
from chassis.store.tenancy import BY_KEY, DEALER, ScopedSession
from chassis.wire.call import Call
from chassis.wire.envelope import Envelope
from chassis.wire.errors import NotFound, NotYet, NotYetKnown, PreconditionFailed, PreconditionRequired, Refused
from chassis.wire.messages import snake_case
from chassis.work.outbox import Announcement, take
from chassis.work.profiles import DealerProfile, Profiles, load_profiles
from chassis.work.rows import Key, Rows, completed, hold_advisory_locks, key_for, key_of, read_locked, table_of

A = TypeVar("A", bound=Root)
E = TypeVar("E")
S = TypeVar("S", bound=DealerSettings)
T = TypeVar("T")


class Work:
    """One command's or one event's unit of work.

    `now` is the time of the whole unit, `dealer` whose it is, `call` who asked, `cause` the event that caused it, if one did;
    `happened_at` is when that was announced, else now. `opens_file`: the cause is the first fact of its object, which corrects
    nothing; a dealer who moves in brings very many of them.
    """

    def __init__(self, session: ScopedSession, call: Call, now: datetime, *, cause: Envelope | None = None) -> None:
        self.session = session
        self.call = call
        self.now = now
        self.cause = cause
        self.happened_at = now if cause is None else cause.time
        self.opens_file = cause is not None and cause.sequence == 1
        self._rows = session.shared(Rows)
        self._changed: list[Root] = []
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
        return self.session.shared(Profiles)[self.dealer]

    def require_dealer(self) -> None:
        """Keep nothing for a dealer that nobody registered. Raises NotYetKnown/NotYet until the registry's fact has come."""
        profiles = self.session.shared(Profiles)
        if self.dealer not in profiles:
            load_profiles(self.session, [self.dealer])
        if self.dealer not in profiles:
            raise self._dealer_unknown()

    def shared(self, kind: type[T]) -> T:
        """The one object of this kind that all units of work of this transaction share: for what is read or counted once."""
        return self.session.shared(kind)

    def find(self, kind: type[E], *identity: object, options: Sequence[ORMOption] = ()) -> E | None:
        """The row with that id (or the further key columns after dealer_id), or None; one that is not yet flushed counts.

        `options` say how its relationships are loaded.
        """
        key = key_for(kind, self.call.dealer, identity)
        added = self._rows.added.get(key)
        if added is not None and added in self.session and added not in self.session.deleted:
            return cast(E, added)
        held = self._rows.held.get(key)
        if held is not None:
            return cast(E, held)
        if key in self._rows.prefetched:
            return cast("E | None", self._rows.prefetched[key].row)
        with self.session.no_autoflush:  # a row found by its key cannot depend on what is pending
            return self.session.get(kind, key[1:], options=options, execution_options=BY_KEY)

    def lock(self, kind: type[E], *identity: object) -> E | None:
        """The row with that key as the database has it now, locked until the transaction ends; or None.

        A row that this transaction holds already is not read again: that would undo what it has changed.
        """
        key = key_for(kind, self.call.dealer, identity)
        held = self._rows.held.get(key)
        if held is not None:
            return cast(E, held)
        prefetched = self._rows.prefetched.get(key)
        if prefetched is not None and prefetched.locked:
            return cast("E | None", prefetched.row)
        row = read_locked(self.session, kind, key[1:])
        if row is not None:
            self._rows.held[key] = row
        return row

    def lock_or_create(self, kind: type[E], identity: Mapping[str, object], **first: object) -> E:
        """The row with these key columns, locked until the transaction ends; made with the values of `first` if it is not there.

        Whoever makes it at the same time waits, and then gets the row the first one made.
        """
        row = self.lock(kind, *identity.values())
        if row is None:
            self.insert_new(kind, {**identity, **first})
            key = key_for(kind, self.call.dealer, tuple(identity.values()))
            with self.session.no_autoflush:
                row = self.session.get_one(kind, key[1:], with_for_update=True, populate_existing=True)
            self._rows.held[key] = row
        return row

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
        root = self.lock_root(kind, id)
        self.change(root)
        return root

    def edit_or_create(self, kind: type[A], id: str) -> A | None:  # noqa: A002  # the trade calls it id
        """As `edit`, for a PUT; None when there is none yet: who creates it must hold a lock that others want.

        Raises PreconditionRequired without an If-Match for what is there, PreconditionFailed with one for what is not.
        """
        if (there := self.find(kind, id) is not None) == (self._if_match is None):
            raise PreconditionRequired("if_match_missing") if there else PreconditionFailed("version_is_stale")
        return self.edit(kind, id) if there else None

    def lock_root(self, kind: type[A], id: str) -> A:  # noqa: A002  # the trade calls it id
        """The aggregate that stays as it is unless it is given to `change`: locked and compared as by `edit`."""
        root = cast("A | None", self._rows.locked.get(key_for(kind, self.call.dealer, (id,)))) or self.lock(kind, id)
        if root is None:
            raise NotFound("not_found", kind=snake_case(kind.__name__), id=id)
        if root not in self._changed:
            self._check_if_match(root)
        return root

    def change(self, root: Root) -> None:
        """Raise the version of an aggregate that was locked or found by other means, and let its announcement be published."""
        if root not in self._changed:
            root.version += 1
            root.updated_at = self.now
            self._changed.append(root)
            self._rows.locked[key_of(root)] = root

    def add(self, row: object) -> None:
        """A new row or aggregate of this dealer, or of the group."""
        self.session.add(row)
        self._rows.added[key_of(row)] = row
        if isinstance(row, Root):
            row.updated_at = self.now
            self._changed.append(row)
            self._rows.locked[key_of(row)] = row

    def delete(self, row: object) -> None:
        """The row is gone."""
        self.session.delete(row)

    def flush(self, *, unique: str, otherwise: Refused) -> None:
        """Write what is pending now. Raises `otherwise` if the unique key with the column `unique` refuses it."""
        try:
            self.session.flush()
        except IntegrityError as error:
            if unique not in str(error.orig):  # PostgreSQL names the constraint, which names its columns; SQLite the columns
                raise
            raise otherwise from None

    def settings(self, kind: type[S]) -> S:
        """What the dealer's settings of that kind say, or their defaults. Raises NotYetKnown/NotYet for an unknown dealer."""
        found = self.find(kind, kind.identity(self.dealer))
        return found or kind(**kind.first(self.dealer, self.profile.currency), dealer_id=self.dealer, updated_at=self.now)

    def edit_settings(self, kind: type[S]) -> S:
        """The dealer's one row of these settings, to change. Raises as `settings` and `edit` do."""
        if self.find(kind, kind.identity(self.dealer)) is None:
            self.insert_new(kind, kind.first(self.dealer, self.profile.currency))
        return self.edit(kind, kind.identity(self.dealer))

    def insert_new(self, kind: type[object], *rows: Mapping[str, object]) -> list[Key]:
        """Insert rows past the ORM, unless their key is there; the keys (without the dealer) of those that were new.

        The database decides, so of two who insert the same at the same time one learns that it was not new. Rows must come
        sorted by key: two who insert several must lock them in one order.
        """
        table = table_of(kind)
        key = [column for column in table.primary_key if column.name != "dealer_id"]
        statement = insert_new(self.session, table, *key)
        with self.session.no_autoflush:
            return [tuple(row) for row in self.session.execute(statement, completed(kind, rows, self.call.dealer, self.now))]

    def keep_newest(self, kind: type[object], *rows: Mapping[str, object], newer: str = "sequence") -> None:
        """Insert or overwrite rows past the ORM, except where a row as new by the column `newer` is there already.

        The database decides: with read, compare and write, two replicas could both overwrite with the older fact. Rows must come
        sorted by key.
        """
        table = table_of(kind)
        with self.session.no_autoflush:
            self.session.execute(
                many_at_once(upsert(self.session, table, newer=newer), table), completed(kind, rows, self.call.dealer, self.now)
            )

    def project(self, kind: type[Projection], id: str, **values: object) -> None:  # noqa: A002  # the trade calls it id
        """Keep what the cause says of another service's object, unless a newer fact is known."""
        if self.cause is None:
            raise RuntimeError("a projection is only ever learnt from an event")
        self.keep_newest(kind, {"id": id, "sequence": self.cause.sequence, **values})

    def overwrite(self, kind: type[object], *rows: Mapping[str, object], key: Sequence[str] = ()) -> None:
        """Insert rows past the ORM, or overwrite those with the same key. Rows must come sorted by key, each key once.

        `key` names the columns of a unique key after the dealer; without it, it is the primary one. Of a row that is there, what
        `rows` say is overwritten; its id stays, and the version of an aggregate rises. Many rows go in one statement.
        """
        if not rows:
            return
        table = table_of(kind)
        unique = ("dealer_id", *key) if key else ()
        counted = "version" if issubclass(kind, Root) else None
        whole = completed(kind, rows, self.call.dealer, self.now)
        statement = upsert(self.session, table, key=unique, values=whole[0], counted=counted)
        with self.session.no_autoflush:
            self.session.execute(many_at_once(statement, table), whole)

    def advisory_lock(self, name: str) -> None:
        """Have one transaction at a time hold this lock of the dealer, until it ends."""
        hold_advisory_locks(self.session, name, [self.dealer])

    def all(self, statement: Select[T]) -> Sequence[T]:
        """All objects the statement selects, of this dealer."""
        return self.session.scalars(statement).unique().all()

    def first(self, statement: Select[T]) -> T | None:
        """The first object the statement selects, of this dealer, or None."""
        return self.session.scalars(statement.limit(1)).first()

    def execute(self, statement: Executable) -> Sequence[Row[Any]]:
        """The rows a statement selects or returns: for columns instead of objects, and for changes past the ORM.

        A SELECT of mapped columns is scoped to the dealer; an UPDATE or DELETE of a table must name the dealer itself.
        """
        result = self.session.execute(statement)
        if isinstance(result, CursorResult) and not result.returns_rows:
            return []
        return result.all()

    def ask(self, statement: Select[Any], **values: object) -> Sequence[Row[Any]]:
        """The rows of a statement made once, at import: making takes longer. It names DEALER in each part, or is the group's."""
        whose = {} if self.call.dealer is None else {DEALER.key: self.call.dealer}
        with self.session.no_autoflush:
            return self.session.execute(statement, whose | values, execution_options=BY_KEY).all()

    def without_autoflush(self) -> AbstractContextManager[Any]:
        """Within the block, reading does not write what is pending: for a change that is complete only at its end."""
        return self.session.no_autoflush

    @staticmethod
    def yield_control() -> None:
        """Let heartbeats and other requests of this process have their turn: for use cases that compute for long."""
        time.sleep(0)

    def announcements(self) -> list[Announcement]:
        """What the changed aggregates announced, each fact in its envelope. Raises Invalid for one its readers would refuse."""
        return take(self._changed, self.call, self.cause, self.now)

    def _dealer_unknown(self) -> Exception:
        if self.cause is not None:
            return NotYet(f"dealer {self.dealer} is not known here yet", waits_for=self.dealer)
        return NotYetKnown.reference("dealer", self.dealer)

    def _check_if_match(self, root: Root) -> None:
        expected, self._if_match = self._if_match, None
        if expected is not None and expected != root.version:
            raise PreconditionFailed("version_is_stale", version=root.version)
