"""What a subscriber does with what it receives: each message's effect once, in batches, and nothing is ever lost.

A batch is one transaction with one flush: the inbox insert tells which messages are new, what they need is prefetched, the
use cases have their effect, the announcements are written, then it commits - and only then may the consumer acknowledge. It holds
messages of one subscription, so that its locks are taken in one order whatever else has arrived. A message whose use case raises
is parked and the rest runs again; an error of the flush itself is narrowed down by halving the batch.
"""

import random
import time
from collections.abc import Mapping, Sequence

import structlog

from chassis.events import batches, inbox, parked
from chassis.events.retry import USUAL, NewerVersion, RetryPolicy
from chassis.events.subscription import Delivery, Message, Subscription, by_subscription
from chassis.process import crash
from chassis.process.logs import log_context
from chassis.process.tracing import Span
from chassis.store.database import LOST_RACES_AND_OUTAGES, database_is_down, try_again
from chassis.store.tenancy import ScopedSession
from chassis.wire.call import Call
from chassis.wire.envelope import BadEnvelope, Envelope, legible_attributes
from chassis.wire.errors import DependencyDown, Invalid, NotYet, Unavailable
from chassis.wire.traces import NAME as TRACEPARENT
from chassis.wire.traces import trace_id
from chassis.work.executor import ATTEMPTS, Executor
from chassis.work.outbox import Announcement, write_outbox
from chassis.work.prefetch import Prefetch
from chassis.work.profiles import load_profiles
from chassis.work.timers import write_timers
from chassis.work.unit_of_work import Work

log = structlog.get_logger()


class _UseCaseRaised(Exception):
    """Names the message whose use case raised; the cause is what it raised."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.envelope.id)


class Subscriber:
    """Handles deliveries for all subscriptions of one service."""

    def __init__(self, executor: Executor, subscriptions: Mapping[str, Subscription]) -> None:
        self._executor = executor
        self._subscriptions = subscriptions

    def process(self, deliveries: Sequence[Delivery]) -> set[str]:
        """Have every delivery's effect or hold it; when this returns, all of them may be acknowledged.

        Returns the subjects of those events: what waits for one of them may be tried now.

        Raises DependencyDown when the database is away: then none may be, and trying again later is safe.
        """
        readable: list[Message] = []
        failed: list[parked.ParkedMessage] = []
        for delivery in deliveries:
            try:
                readable.append(self._read(delivery))
            except (BadEnvelope, Invalid, NotYet) as error:
                failed.append(self._unreadable(delivery, error))
        for batch in by_subscription(readable):
            self._do(sorted(batch, key=lambda message: message.order), [])
        self._do([], failed)
        return {message.envelope.subject for message in readable}

    def retry(self, entry: parked.ParkedMessage, taken: parked.ParkedMessage) -> str:
        """Have the effect of a parked message that was taken for this attempt, alone; returns the subject of its event.

        Raises what it fails of, DependencyDown when the database is away.
        """
        message = self._read(
            Delivery(entry.subscriber, entry.payload, message_id=entry.message_id, attempts=max(1, entry.attempts))
        )
        try:
            self._executor.retrying(lambda: self._attempt([message], [], retried=taken))
        except _UseCaseRaised as failure:
            raise failure.__cause__ or failure from None
        except Unavailable as error:
            raise DependencyDown(str(error)) from error
        return message.envelope.subject

    def policy(self, subscription: str) -> RetryPolicy:
        """How a subscription tries again."""
        known = self._subscriptions.get(subscription)  # what was parked may be older than today's subscriptions
        return USUAL if known is None else known.retry

    def _read(self, delivery: Delivery) -> Message:
        subscription = self._subscriptions.get(delivery.subscription)
        if subscription is None:
            raise BadEnvelope(f"there is no subscription {delivery.subscription}")
        envelope = Envelope.from_json(delivery.body)
        contract = subscription.events.get(envelope.type)
        if contract is None:
            raise BadEnvelope(f"type {envelope.type} is not one {subscription.name} subscribes to")
        if envelope.schemaversion > contract.version:
            reason = f"{envelope.type} has version {envelope.schemaversion}, known is {contract.version}"
            raise NewerVersion(reason, waits_for=None)
        return Message(subscription, envelope, contract.load(envelope.data), delivery)

    def _do(self, messages: list[Message], failed: list[parked.ParkedMessage]) -> None:
        tried = 0
        while messages or failed:
            try:
                self._attempt(messages, failed)
                return
            except _UseCaseRaised as failure:
                messages = [message for message in messages if message is not failure.message]
                failed = [*failed, self._failed(failure.message, failure.__cause__ or failure)]
            except Exception as error:  # the flush's: the database refuses a row, or the driver a value
                if database_is_down(error):
                    raise DependencyDown(str(error)) from error
                tried += 1
                if try_again(error) and tried < ATTEMPTS:
                    self._executor.metrics.retried_for_concurrency()
                    time.sleep(random.uniform(0, 0.02 * 2**tried))
                elif len(messages) > 1:
                    half = len(messages) // 2
                    self._do(messages[:half], failed)
                    self._do(messages[half:], [])
                    return
                elif messages:
                    failed, messages = [*failed, self._failed(messages[0], error)], []
                else:
                    raise

    def _attempt(
        self, messages: Sequence[Message], failed: Sequence[parked.ParkedMessage], *, retried: parked.ParkedMessage | None = None
    ) -> None:
        started = time.perf_counter()
        crash.here("subscriber_before_inbox")
        with batches.effects(self._executor.settings.service, messages) as spans, self._executor.sessions() as session:
            if retried is not None and not parked.hold(session, retried):
                raise _UseCaseRaised(messages[0]) from parked.TakenMeanwhile()
            dealers = sorted({dealer for message in messages if (dealer := message.envelope.dealerid) is not None})
            session.admit(dealers)
            new = inbox.claim(session, sorted({message.key for message in messages}))
            handled: list[Message] = []
            doubles: list[Message] = []
            for message in messages:
                if message.key in new:
                    new.discard(message.key)  # the next one is a double inside the batch
                    handled.append(message)
                else:
                    doubles.append(message)
            load_profiles(session, dealers)
            self._prefetch(session, handled)
            announcements: list[Announcement] = []
            for message in handled:
                announcements += self._handle(session, message, spans.begin(message))
                Work.yield_control()
            session.flush()
            crash.here("subscriber_mid_effect")
            parked.park(session, failed)
            if retried is not None:
                parked.remove(session, retried)
            write_outbox(session, announcements)
            write_timers(session)
            session.commit()
            spans.doubles(doubles)
        crash.here("subscriber_after_commit")
        if announcements:
            self._executor.committed()
        self._count(handled, doubles, failed, time.perf_counter() - started)

    def _prefetch(self, session: ScopedSession, messages: Sequence[Message]) -> None:
        prefetch = messages[0].subscription.prefetch if messages else None
        if prefetch is not None and len(messages) > 1:
            received = [(dealer, message.event) for message in messages if (dealer := message.envelope.dealerid) is not None]
            prefetch(Prefetch(session, self._executor.clock.now(), received))

    def _handle(self, session: ScopedSession, message: Message, span: Span) -> list[Announcement]:
        envelope = message.envelope
        call = Call(
            dealer=envelope.dealerid,
            principal=f"service:{envelope.publisher}",
            actor=envelope.actor or f"service:{envelope.publisher}",
            correlation_id=envelope.correlationid,
            traceparent=span.traceparent or message.traceparent,
        )
        work = Work(session, call, self._executor.clock.now(), cause=envelope)
        try:
            with log_context(
                dealer=envelope.dealerid,
                correlation_id=envelope.correlationid,
                message_id=envelope.id,
                traceparent=call.traceparent,
            ):
                if call.dealer is not None and not message.subscription.any_dealer:
                    work.require_dealer()
                message.subscription.use_case(work, message.event)
                return work.announcements()
        except LOST_RACES_AND_OUTAGES:
            raise  # autoflush may have hit another message's row: who is to blame is found by halving
        except Exception as error:
            span.end(error)
            raise _UseCaseRaised(message) from error

    def _failed(self, message: Message, error: BaseException) -> parked.ParkedMessage:
        entry = parked.ParkedMessage(
            subscriber=message.subscription.name,
            message_id=message.envelope.id,
            dealer_id=message.envelope.dealerid,
            type=message.envelope.type,
            payload=message.delivery.body,
            parked_at=self._executor.clock.now(),
        )
        return message.subscription.retry.after(error, entry, self._executor.clock.now())

    def _unreadable(self, delivery: Delivery, error: Exception) -> parked.ParkedMessage:
        now = self._executor.clock.now()
        return self.policy(delivery.subscription).after(error, delivery.parked(now), now)

    def _count(
        self, handled: Sequence[Message], doubles: Sequence[Message], failed: Sequence[parked.ParkedMessage], seconds: float
    ) -> None:
        metrics, now = self._executor.metrics, self._executor.clock.now()
        for message in handled:
            metrics.handled(message.subscription.name, seconds / len(handled))
            metrics.had_effect(message.subscription.name, (now - message.envelope.time).total_seconds())
        for message in doubles:
            metrics.dropped_duplicates(message.subscription.name)
        for entry in failed:
            self.parked(entry)

    def parked(self, entry: parked.ParkedMessage) -> None:
        """Count and log what becomes of a message that could not be handled."""
        self._executor.metrics.parked(entry.subscriber, entry.kind)
        log.warning(
            "message_parked",
            subscriber=entry.subscriber,
            message_id=entry.message_id,
            kind=entry.kind,
            attempts=entry.attempts,
            reason=entry.reason,
            trace_id=trace_id(legible_attributes(entry.payload).get(TRACEPARENT)),
        )
