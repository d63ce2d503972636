"""Publishing with proof: a batch goes out on one channel, and each message is known to be confirmed, unroutable or refused.

py-amqp's own confirming publish takes any ack for its own; here confirms are matched by delivery tag, and a channel on which
anything is in doubt is dropped, never reused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog

from chassis.amqp.connection import BROKEN, connect, drop
from chassis.wire import traces
from chassis.wire.envelope import CONTENT_TYPE

log = structlog.get_logger()

CONFIRM_SECONDS = 15.0
PERSISTENT = 2


class PublishFailed(Exception):
    """The fate of the batch is unknown: publish it again, with the same ids."""


@dataclass(frozen=True)
class Outgoing:
    """One message to publish; `tag` is the caller's name for it. One that is not `awaited` may be lost, and is in no outcome."""

    tag: int
    id: str
    exchange: str
    routing_key: str
    body: str
    mandatory: bool
    awaited: bool = True
    traceparent: str | None = None
    """Of this publication: it stands in the header, beside the one of the event's making in its envelope."""


@dataclass
class Outcome:
    """What became of a batch: every message that was awaited is in one of the two."""

    confirmed: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)


class ConfirmingPublisher:
    """One long-lived connection and channel in confirm mode, made when first needed."""

    def __init__(self, uri: str, *, heartbeat: int) -> None:
        self._uri = uri
        self._heartbeat = heartbeat
        self._connection: Any = None
        self._channel: Any = None
        self._sent = 0
        self._blocked: str | None = None
        self._awaited: dict[int, Outgoing] = {}
        self._returned: dict[str, str] = {}
        self._outcome = Outcome()

    def publish(self, batch: Sequence[Outgoing], *, while_waiting: Callable[[], None]) -> Outcome:
        """Publish a batch and wait for the fate of each; `while_waiting` is called at least once a second.

        Raises PublishFailed when the broker is away or silent. A broker that says it is blocked is waited for.
        """
        try:
            self._connect()
            self._outcome, self._returned = Outcome(), {}
            for message in batch:
                self._send(message)
            self._await(while_waiting)
        except BROKEN as error:
            self.drop()
            raise PublishFailed(str(error)) from error
        except BaseException:
            self.drop()
            raise
        return self._outcome

    def keep_alive(self) -> None:
        """Send and check heartbeats while there is nothing to publish."""
        if self._connection is None:
            return
        try:
            self._connection.heartbeat_check()
            self._connection.drain_events(timeout=0.001)
        except TimeoutError:
            return
        except BROKEN:
            self.drop()

    def drop(self) -> None:
        """Let go of the connection without a polite close, which a frozen broker would never answer."""
        if self._connection is not None:
            drop(self._connection)
        self._connection = self._channel = self._blocked = None
        self._awaited.clear()

    close = drop

    def _connect(self) -> None:
        if self._channel is not None:
            return
        self._connection = connect(
            self._uri, heartbeat=self._heartbeat, on_blocked=self._on_blocked, on_unblocked=self._on_unblocked
        )
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._sent = 0

    def _send(self, message: Outgoing) -> None:
        self._sent += 1
        if message.awaited:
            self._awaited[self._sent] = message
        self._channel.basic_publish(
            self._channel.prepare_message(
                message.body.encode(),
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
                headers={} if message.traceparent is None else {traces.NAME: message.traceparent},
                properties={"delivery_mode": PERSISTENT, "message_id": message.id, "type": message.routing_key},
            ),
            exchange=message.exchange,
            routing_key=message.routing_key,
            mandatory=message.mandatory,
        )

    def _await(self, while_waiting: Callable[[], None]) -> None:
        silent_since = last_call = monotonic()
        while self._awaited:
            open_before = len(self._awaited)
            try:
                self._connection.drain_events(timeout=0.5)
            except TimeoutError:
                self._connection.heartbeat_check()
            now = monotonic()
            if now - last_call >= 1:
                last_call = now
                while_waiting()
            if len(self._awaited) < open_before or self._blocked:
                silent_since = now
            elif now - silent_since > CONFIRM_SECONDS:
                raise TimeoutError(f"no confirm for {len(self._awaited)} messages in {CONFIRM_SECONDS} s")

    def _take(self, tag: int, multiple: bool) -> list[Outgoing]:
        tags = [one for one in self._awaited if one <= tag] if multiple else [tag]
        return [self._awaited.pop(one) for one in tags if one in self._awaited]

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for message in self._take(tag, multiple):
            # The broker returns an unroutable message before it confirms it.
            if message.id in self._returned:
                self._outcome.failed[message.tag] = self._returned.pop(message.id)
            else:
                self._outcome.confirmed.append(message.tag)

    def _on_nack(self, tag: int, multiple: bool, requeue: bool = False) -> None:
        for message in self._take(tag, multiple):
            self._outcome.failed[message.tag] = "refused by the broker"

    def _on_return(self, error: Exception, exchange: str, routing_key: str, message: Any) -> None:
        self._returned[message.properties["message_id"]] = f"unroutable: no queue for {routing_key} on {exchange}"

    def _on_blocked(self, reason: str) -> None:
        log.warning("bus_blocked", reason=reason)
        self._blocked = reason

    def _on_unblocked(self) -> None:
        log.info("bus_unblocked")
        self._blocked = None
