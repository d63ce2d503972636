"""The relay: what was committed to the outbox reaches the bus, at least once, in order, and nobody waits for anybody.

One relay leads per service. It takes pending rows in the order they were written, publishes them as one batch, and marks
those that were confirmed and not returned. A row that could not be routed waits for its own next attempt. Dying between
publish and mark repeats messages under the same id, which is what inboxes are for.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, func, or_, select, update

from chassis.amqp.connection import backoff
from chassis.amqp.publisher import ConfirmingPublisher, Outgoing, PublishFailed
from chassis.events import batches, journal, notices
from chassis.events.pacing import Pace
from chassis.process import crash
from chassis.process.tracing import Span
from chassis.store.columns import UtcDateTime
from chassis.store.leadership import Leadership
from chassis.store.tables import outbox
from chassis.wire.ids import new_id
from chassis.work.executor import Executor

log = structlog.get_logger()

BATCH = 200
IDLE_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5)
"""How long to wait when nothing is pending: ever longer, until something was pending that no commit of this process announced,
so that another process commits, too. A commit of this process ends the wait at once."""
LONGEST_RETRY = timedelta(minutes=1)
GAUGE_SECONDS = 5.0

_PENDING = (
    select(outbox.c.position, outbox.c.id, outbox.c.type, outbox.c.envelope, outbox.c.mandatory, outbox.c.attempts)
    .where(
        outbox.c.sent_at.is_(None),
        or_(
            outbox.c.next_at.is_(None),
            outbox.c.next_at <= bindparam("now", type_=UtcDateTime()),
            # Further ahead than any pause is long: reckoned by a clock that has been set right since.
            outbox.c.next_at > bindparam("beyond", type_=UtcDateTime()),
        ),
    )
    .order_by(outbox.c.position)
    .limit(BATCH)
)
_SENT = (
    update(outbox)
    .where(outbox.c.position.in_(bindparam("positions", expanding=True)))
    .values(sent_at=bindparam("now", type_=UtcDateTime()), next_at=None, reason=None)
)
_FAILED = (
    update(outbox)
    .where(outbox.c.position == bindparam("failed"))
    .values(attempts=outbox.c.attempts + 1, next_at=bindparam("later", type_=UtcDateTime()), reason=bindparam("why"))
)
_STANDING = select(func.count(), func.min(outbox.c.time)).where(outbox.c.sent_at.is_(None))


class Relay:
    """Relays one service's outbox while this process leads."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.leadership = Leadership(executor.leading_engine, "relay", executor.clock, autocommit=True)
        """Who relays: one process at a time."""
        self._publisher = ConfirmingPublisher(executor.settings.amqp_uri, heartbeat=executor.settings.heartbeat)
        self._wake = Event()
        self._stop = Event()
        self._pace = Pace()
        self._idle = len(IDLE_SECONDS) - 1
        self._failures = 0
        self._measured = 0.0
        executor.on_commit(self._wake.set)

    def run(self) -> None:
        """Relay until stopped; what is pending then stays pending for the next leader."""
        try:
            self.leadership.run(self._relay, self._stop)
        finally:
            self._publisher.drop()

    def stop(self) -> None:
        """Finish the batch that is under way, then leave."""
        self._stop.set()
        self._wake.set()

    def _relay(self, connection: Connection) -> None:
        woken = self._wake.is_set()
        self._wake.clear()
        started = monotonic()
        now = self._executor.clock.now()
        rows = connection.execute(_PENDING, {"now": now, "beyond": now + 2 * LONGEST_RETRY}).all()
        self.leadership.rest(connection)
        if not rows:
            if not woken:
                self._idle = min(self._idle + 1, len(IDLE_SECONDS) - 1)
            self._publisher.keep_alive()
            self._measure(connection)
            self._wake.wait(IDLE_SECONDS[self._idle])
            return
        if not woken:
            self._idle = 0
        crash.here("relay_after_claim")
        spans = batches.publications(self._executor.settings.service, rows)
        try:
            with spans:
                outcome = self._publisher.publish(
                    [
                        *self._journal(rows),
                        *(self._outgoing(row, spans.publication(row.id)) for row in rows),
                        *self._notices(rows),
                    ],
                    while_waiting=lambda: self._wait(connection),
                )
                spans.unsent([str(row.id) for row in rows if row.position in outcome.failed])
        except PublishFailed as error:
            self._failures += 1
            log.warning("relay_interrupted", pending=len(rows), reason=str(error))
            self._measure(connection)  # while the broker is away is when somebody wants to know what waits
            self._stop.wait(backoff(self._failures))
            return
        self._failures = 0
        crash.here("relay_after_publish")
        self._mark(connection, outcome.confirmed, outcome.failed, {row.position: row.attempts for row in rows})
        crash.here("relay_after_confirm")
        self._executor.metrics.batch_relayed(len(rows))
        self._measure(connection)
        if len(rows) < BATCH:
            self._stop.wait(self._pace.rest_after(monotonic() - started, len(rows)))
            self._wake.wait(IDLE_SECONDS[self._idle])

    def _mark(self, connection: Connection, confirmed: list[int], failed: dict[int, str], attempts: dict[int, int]) -> None:
        now = self._executor.clock.now()
        confirmed = [one for one in confirmed if one != journal.TAG]
        if why := failed.pop(journal.TAG, None):
            log.error("journal_refused", reason=why)
        if confirmed:
            connection.execute(_SENT, {"positions": sorted(confirmed), "now": now})
        if failed:
            rows = [
                {"failed": position, "why": why, "later": now + min(timedelta(seconds=2 ** attempts[position]), LONGEST_RETRY)}
                for position, why in failed.items()
            ]
            connection.execute(_FAILED, rows)
        connection.commit()
        self.leadership.rest(connection)
        self._executor.metrics.published(len(confirmed))
        if failed:
            self._executor.metrics.returned(len(failed))
            log.error("events_unsent", events=len(failed), reason=next(iter(failed.values())))

    def _wait(self, connection: Connection) -> None:
        self.leadership.confirm(connection)
        self._measure(connection)

    def _measure(self, connection: Connection) -> None:
        if monotonic() - self._measured < GAUGE_SECONDS:
            return
        self._measured = monotonic()
        pending, oldest = connection.execute(_STANDING).one()
        self.leadership.rest(connection)
        age = (self._executor.clock.now() - oldest).total_seconds() if oldest is not None else 0
        self._executor.metrics.outbox_stands_at(pending, age)

    def _journal(self, rows: Sequence[Any]) -> Iterable[Outgoing]:
        if self._executor.settings.embedded:
            return ()
        return journal.entries(self._executor.settings.service, [row.envelope for row in rows])

    def _notices(self, rows: Sequence[Any]) -> list[Outgoing]:
        body = notices.of([row.envelope for row in rows])
        exchange = notices.exchange(self._executor.settings.service)
        return [Outgoing(0, new_id(), exchange, notices.ROUTING_KEY, body, mandatory=False, awaited=False)] if body else []

    def _outgoing(self, row: Any, span: Span) -> Outgoing:
        publisher, _, routing_key = row.type.partition(".")
        exchange = f"{publisher}.events"
        return Outgoing(
            row.position, str(row.id), exchange, routing_key, row.envelope, row.mandatory, traceparent=span.traceparent
        )
