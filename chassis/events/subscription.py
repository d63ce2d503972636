"""What a service subscribes to, and the messages that come of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.events import inbox, parked
from chassis.events.retry import USUAL, RetryPolicy
from chassis.wire.envelope import Envelope, legible_attributes
from chassis.wire.messages import Event
from chassis.work.prefetch import Prefetch
from chassis.work.unit_of_work import Work

UseCase = Callable[[Work, Any], object]
Prefetcher = Callable[[Prefetch[Any]], object]


@dataclass(frozen=True)
class Subscription:
    """One queue of a service: which events it takes, the use case of their effect, and what that one wants prefetched.

    An event of a dealer whom nobody registered waits for the registry's event, unless `any_dealer`.
    """

    name: str
    events: Mapping[str, type[Event]]
    use_case: UseCase
    prefetch: Prefetcher | None = None
    any_dealer: bool = False
    retry: RetryPolicy = USUAL


@dataclass(frozen=True)
class Delivery:
    """One message as it came off the bus."""

    subscription: str
    body: str
    message_id: str | None = None
    """The publisher's id for it in the message properties: the name of a body that cannot be read."""
    traceparent: str | None = None
    """Of its publication, from the message's headers; one that was parked has only that of its making, in its envelope."""
    redelivered: bool = False
    attempts: int = 0
    """How often it was tried in vain before, of one that was parked."""

    def parked(self, now: datetime) -> parked.ParkedMessage:
        """The entry of this message among the parked ones: its dealer and type are known whenever its envelope says them."""
        attributes = legible_attributes(self.body)
        return parked.ParkedMessage(
            subscriber=self.subscription,
            message_id=self.message_id or inbox.fingerprint(self.body),
            dealer_id=attributes.get("dealerid"),
            type=attributes.get("type"),
            payload=self.body,
            parked_at=now,
        )


@dataclass(frozen=True)
class Message:
    """A delivery that could be read."""

    subscription: Subscription
    envelope: Envelope
    event: Event
    delivery: Delivery

    @property
    def traceparent(self) -> str | None:
        """Of what caused this delivery."""
        return self.delivery.traceparent or self.envelope.traceparent

    @property
    def key(self) -> tuple[str, str]:
        """Whose effect of which event: it happens once."""
        return self.subscription.name, self.envelope.id

    @property
    def order(self) -> tuple[str, str, int]:
        """The same on every replica: unsorted, two replicas deadlock on each other's rows."""
        return self.envelope.dealerid or "", self.envelope.subject, self.envelope.sequence


def by_subscription(messages: Sequence[Message]) -> list[list[Message]]:
    """The messages of each subscription, in the order in which they came."""
    batches: dict[str, list[Message]] = {}
    for message in messages:
        batches.setdefault(message.subscription.name, []).append(message)
    return list(batches.values())
