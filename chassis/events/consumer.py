"""The pump between the bus and the subscriber: takes what is there, up to a batch, and acknowledges only what is committed.

All subscriptions of a service share one connection and one channel, so that one multiple-ack settles a batch.

A message marked redelivered may be the one that killed its process, so it is handled and acknowledged alone. Which of several
comes first is chance: in order, those behind a killer would be redelivered with it until the broker gives up all of them.
"""

import random
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from threading import Event
from time import monotonic
from typing import Any

import structlog

from chassis.amqp.connection import backoff
from chassis.amqp.consumer import DrainingConsumer
from chassis.amqp.topology import dead_letter_queue, subscription_queue
from chassis.events import parked
from chassis.events.pacing import Pace
from chassis.events.second_chance import SecondChance
from chassis.events.subscriber import Subscriber
from chassis.events.subscription import Delivery, Subscription
from chassis.wire.errors import DependencyDown
from chassis.wire.traces import NAME as TRACEPARENT
from chassis.wire.traces import read_traceparent
from chassis.work.executor import Executor

log = structlog.get_logger()

_NAME = re.compile(r"[\x21-\x7e]{1,64}")
"""What the parked messages take for the name of a message; one with another name gets its fingerprint."""


class _NamingConsumer(DrainingConsumer):
    """Tells for each message from which queue it came: a delivery names its consumer only."""

    def on_message(self, body: Any, message: Any) -> None:
        """Name the queue, then take the message."""
        if not self.draining:
            tag = message.delivery_info["consumer_tag"]
            message.delivery_info["queue"] = next(
                name for consumer in self._consumers for name, known in consumer._active_tags.items() if known == tag
            )
        super().on_message(body, message)


class EventConsumer:
    """Consumes all subscriptions of a service and the dead letters of its queues."""

    def __init__(self, executor: Executor, subscriptions: Mapping[str, Subscription]) -> None:
        self._executor = executor
        self._subscriber = Subscriber(executor, subscriptions)
        self._second_chance = SecondChance(executor, self._subscriber, [one.retry for one in subscriptions.values()])
        self._dead_letters = f"{executor.settings.service}.dead-letters"
        queues = [subscription_queue(one.name, one.events.values()) for one in subscriptions.values()]
        self._consumer = _NamingConsumer(
            executor.settings.amqp_uri,
            decode=False,  # what cannot be read is the subscriber's to hold, not the bus library's to refuse
            queues=[*queues, dead_letter_queue(executor.settings.service)],
            callbacks=[self._arrived],
            heartbeat=executor.settings.heartbeat,
            prefetch_count=executor.settings.prefetch,
        )
        self._waiting: deque[Any] = deque()
        self._arrival = Event()
        self._stop = Event()
        self._pace = Pace()
        for name in subscriptions:
            executor.metrics.subscribes(name)

    def consume(self) -> None:
        """The read loop: runs until stopped."""
        self._consumer.run()

    @property
    def ready(self) -> bool:
        """Whether it is connected and consumes."""
        return self._consumer.channel is not None and self._consumer.ready.is_set()

    def alive(self, max_age: float = 15.0) -> bool:
        """Whether the read loop still goes round."""
        return bool(self._consumer.alive(max_age))

    def stop(self, deadline_seconds: float) -> None:
        """Take no more, finish and acknowledge what has arrived, leave the bus."""
        self._consumer.stop(deadline_seconds)
        self._stop.set()
        self._second_chance.stop()
        self._arrival.set()

    def handle(self) -> None:
        """The work loop: batches of what has arrived, until stopped."""
        failures = 0
        while not self._stop.is_set():
            if not self._waiting:
                self._arrival.wait(1.0)
                self._arrival.clear()
                continue
            batch = self._take()
            if not batch:
                continue
            started = monotonic()
            try:
                self._process(batch)
            except DependencyDown as error:
                failures += 1
                log.warning("subscriber_waits", messages=len(batch), reason=str(error))
            except Exception:  # a defect of the pump must not lose the messages it holds: they are tried again
                failures += 1
                log.exception("subscriber_failed", messages=len(batch))
            else:
                failures = 0
                if _redelivered(batch[-1]):
                    self._consumer.ack_message(batch[-1])  # what arrived before it may still wait
                    continue
                self._consumer.ack_upto(batch[-1])
                if len(self._waiting) < self._executor.settings.batch:
                    self._stop.wait(self._pace.rest_after(monotonic() - started, len(batch)))
                continue
            self._waiting.extendleft(reversed(batch))
            self._stop.wait(backoff(failures))

    def retry_parked(self) -> None:
        """The second-chance loop, until stopped."""
        self._second_chance.run()

    def _arrived(self, body: Any, message: Any) -> None:
        self._waiting.append(message)
        self._arrival.set()

    def _take(self) -> list[Any]:
        suspects = [message for message in self._waiting if _redelivered(message)]
        if suspects:
            chosen = random.choice(suspects)
            self._waiting.remove(chosen)
            return [chosen] if chosen.channel is self._consumer.channel else []
        batch: list[Any] = []
        while self._waiting and len(batch) < self._executor.settings.batch:
            message = self._waiting.popleft()
            # What a lost connection delivered will be delivered again: doing it now would only make a double.
            if message.channel is self._consumer.channel:
                batch.append(message)
        return batch

    def _process(self, batch: list[Any]) -> None:
        started = monotonic()
        letters = [message for message in batch if _queue(message) == self._dead_letters]
        if letters:
            self._keep_dead_letters(letters)
        done = self._subscriber.process([_delivery(message) for message in batch if _queue(message) != self._dead_letters])
        # Before the ack: whoever dies in between leaves the messages to somebody who sees doubles, and wakes those that wait.
        self._second_chance.wake(done)
        log.debug("batch_handled", messages=len(batch), seconds=round(monotonic() - started, 4))

    def _keep_dead_letters(self, letters: list[Any]) -> None:
        now = self._executor.clock.now()
        with self._executor.sessions() as session:
            for message in letters:
                deaths = (message.headers or {}).get("x-death") or [{}]
                entry = _delivery(message).parked(now)
                parked.bury(
                    session,
                    replace(
                        entry,
                        subscriber=str(deaths[0].get("queue", self._dead_letters)),
                        type=entry.type or message.properties.get("type"),
                        kind="dead",
                        reason=f"the broker gave up on it: {deaths[0].get('reason', 'unknown')}",
                    ),
                )
            session.commit()


def _redelivered(message: Any) -> bool:
    return bool(message.delivery_info.get("redelivered"))


def _queue(message: Any) -> str:
    return str(message.delivery_info["queue"])


def _delivery(message: Any) -> Delivery:
    body = message.body
    text = body if isinstance(body, str) else bytes(body).decode("utf-8", errors="replace")
    message_id = message.properties.get("message_id")
    traceparent = (message.headers or {}).get(TRACEPARENT)
    return Delivery(
        subscription=_queue(message),
        body=text,
        message_id=message_id if isinstance(message_id, str) and _NAME.fullmatch(message_id) else None,
        traceparent=traceparent if read_traceparent(traceparent) else None,
        redelivered=_redelivered(message),
    )
