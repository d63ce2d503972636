"""What a service has forgotten because its database was restored from a backup: named, and kept of it what others go by."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module

from sqlalchemy import Table, Uuid, select, update
from sqlalchemy.orm import Session

from chassis.amqp.publisher import PublishFailed
from chassis.events import journal
from chassis.service.entrypoints import Service
from chassis.store.model import Root
from chassis.store.tables import outbox
from chassis.wire.call import Call
from chassis.wire.envelope import Envelope
from chassis.wire.fields import ID
from chassis.work.executor import Executor
from chassis.work.outbox import Announcement, write_outbox
from chassis.work.unit_of_work import Work
from servicelane.dead_letters import open_executor
from servicelane.failures import CannotDo, reaching
from servicelane.suite import service_class
from servicelane.texts import text

AT_ONCE = 500
IS_ID = re.compile(ID)
NOT_IN_ORDER = timedelta(minutes=1)
"""What was announced within so much of the backup's time may be in it or not: times are those at which transactions began."""


@dataclass(frozen=True)
class Recall:
    """What was announced and is forgotten, the oldest first.

    `gapless`: the journal has the newest event that the backup knows of, so it has what came after it, too.
    """

    forgotten: list[Envelope]
    gapless: bool


def recall(service: str, since: datetime) -> Recall:
    """Ask the journal what the service announced since its backup was made, and keep what others go by.

    Its aggregates count on from the versions that were announced, so that what it announces next is newer; and what the service's
    table says of its own events (`chassis.recall`). May be repeated. Raises CannotDo without a journal.
    """
    executor = open_executor(service)
    settings = executor.settings
    if settings.embedded:
        raise CannotDo(text("cli.recall.embedded"))
    since = since.astimezone(UTC) - NOT_IN_ORDER
    with executor.sessions() as session:
        before = select(outbox.c.id, outbox.c.time).where(outbox.c.sent_at.is_not(None), outbox.c.time < since)
        newest = session.execute(before.order_by(outbox.c.position.desc()).limit(1)).first()
    try:
        with reaching(text("cli.failure.broker_of", service=service), settings.amqp_uri):
            told = journal.told(settings.amqp_uri, service, since if newest is None else newest.time)
    except journal.NoJournal:
        raise CannotDo(text("cli.recall.no_journal", service=service)) from None
    except PublishFailed as error:
        raise CannotDo(text("cli.failure.connection", reason=error)) from None
    gapless = newest is None or str(newest.id) in {one.id for one in told}
    forgotten = sorted(_forgotten(executor, [one for one in told if one.time >= since]), key=lambda one: one.time)
    keep(executor, service_class(service), forgotten)
    return Recall(forgotten, gapless)


def keep(executor: Executor, service: type[Service], forgotten: Sequence[Envelope]) -> None:
    """Keep of these events what others go by, in one transaction for each dealer."""
    by_dealer: dict[str | None, list[Envelope]] = defaultdict(list)
    for one in forgotten:
        by_dealer[one.dealerid].append(one)
    for dealer, facts in by_dealer.items():
        executor.retrying(partial(_keep, executor, service, dealer, facts))


def _forgotten(executor: Executor, told: Sequence[Envelope]) -> Iterator[Envelope]:
    with executor.sessions() as session:
        for start in range(0, len(told), AT_ONCE):
            some = told[start : start + AT_ONCE]
            known = {str(one) for one in session.scalars(select(outbox.c.id).where(outbox.c.id.in_([one.id for one in some])))}
            yield from (one for one in some if one.id not in known)


def _keep(executor: Executor, service: type[Service], dealer: str | None, facts: Sequence[Envelope]) -> None:
    recalls = service.recalls()
    with executor.sessions() as session:
        session.scope_to(dealer)
        announcements: list[Announcement] = []
        newest = {(one.type, one.subject): one for one in sorted(facts, key=lambda one: one.sequence)}
        before = _count_on(session, service, dealer, facts)
        for one in newest.values():
            if one.type in recalls and before.get(one.subject, 0) < one.sequence:
                contract, use_case = recalls[one.type]
                call = Call(dealer=dealer, principal="recall", actor=one.actor or "recall", correlation_id=one.correlationid)
                work = Work(session, call, executor.clock.now(), cause=one)
                use_case(work, contract.load(one.data))
                session.flush()
                announcements += work.announcements()
        write_outbox(session, announcements)
        session.commit()


def _count_on(session: Session, service: type[Service], dealer: str | None, facts: Sequence[Envelope]) -> dict[str, int]:
    """Whoever goes by an aggregate's sequence has seen these: what is announced of it next must be newer.

    Returns the versions that were there before, by subject.
    """
    announced: dict[str, int] = {}
    before: dict[str, int] = {}
    for one in facts:
        announced[one.subject] = max(one.sequence, announced.get(one.subject, 0))
    for table in _roots(service):
        named = {key: version for key, version in announced.items() if IS_ID.match(key) or not isinstance(table.c.id.type, Uuid)}
        own = [table.c.dealer_id == dealer] if "dealer_id" in table.c else []
        for start in range(0, len(named), AT_ONCE):
            some = list(named)[start : start + AT_ONCE]
            for found in session.execute(select(table.c.id, table.c.version).where(table.c.id.in_(some), *own)).all():
                before[str(found.id)] = found.version
                if found.version < (version := named[str(found.id)]):
                    session.execute(update(table).where(table.c.id == found.id, *own).values(version=version))
    return before


def _roots(service: type[Service]) -> list[Table]:
    base = import_module(f"{service.__module__.rpartition('.')[0]}.model").Base
    mapped = [one for one in base.registry.mappers if issubclass(one.class_, Root)]  # of every service in this process
    return [one.local_table for one in mapped if one.local_table.metadata is base.metadata]
