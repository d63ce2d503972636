"""Confirms are matched by delivery tag: what one message's ack says is true of that message only."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from chassis.amqp import publisher as publishing
from chassis.amqp.publisher import ConfirmingPublisher, Outgoing, PublishFailed


class ScriptedBroker:
    """A connection and channel in one; what it says to a batch is scripted, one step per look at the line."""

    def __init__(self, *steps: Callable[["ScriptedBroker"], None]) -> None:
        self.steps = list(steps)
        self.events: dict[str, set[Callable[..., None]]] = defaultdict(set)
        self.sent: list[str] = []

    def channel(self) -> "ScriptedBroker":
        return self

    def confirm_select(self) -> None:
        """Nothing to do."""

    def heartbeat_check(self) -> None:
        """Nothing to do."""

    def prepare_message(self, body: bytes, *, properties: dict[str, Any], **_: Any) -> dict[str, Any]:
        return properties

    def basic_publish(self, message: dict[str, Any], **_: Any) -> None:
        self.sent.append(message["message_id"])

    def drain_events(self, timeout: float) -> None:
        if not self.steps:
            raise TimeoutError
        self.steps.pop(0)(self)

    def say(self, event: str, *facts: Any) -> None:
        for callback in list(self.events[event]):
            callback(*facts)


class Returned:
    """A returned message."""

    def __init__(self, message_id: str) -> None:
        self.properties = {"message_id": message_id}


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Publishes messages 1 to 3 to a scripted broker."""

    def run(*steps: Callable[[ScriptedBroker], None]) -> Any:
        broker = ScriptedBroker(*steps)
        monkeypatch.setattr(publishing, "connect", lambda *_, **__: broker)
        monkeypatch.setattr(publishing, "drop", lambda _: None)
        monkeypatch.setattr(publishing, "CONFIRM_SECONDS", 0.05)
        batch = [Outgoing(number, f"id-{number}", "toy.events", "counted", "{}", mandatory=True) for number in (1, 2, 3)]
        return ConfirmingPublisher("amqp://nowhere", heartbeat=5).publish(batch, while_waiting=lambda: None)

    return run


def test_acks_out_of_order_confirm_each_its_own_message(publish: Callable[..., Any]) -> None:
    """A nack between two acks fails one message and no other."""
    outcome = publish(
        lambda broker: broker.say("basic_ack", 3, False),
        lambda broker: broker.say("basic_nack", 1, False),
        lambda broker: broker.say("basic_ack", 2, False),
    )
    assert (sorted(outcome.confirmed), outcome.failed) == ([2, 3], {1: "refused by the broker"})


def test_a_multiple_ack_confirms_all_before_it(publish: Callable[..., Any]) -> None:
    """And none after it."""
    outcome = publish(lambda broker: broker.say("basic_ack", 2, True), lambda broker: broker.say("basic_nack", 3, False))
    assert (sorted(outcome.confirmed), sorted(outcome.failed)) == ([1, 2], [3])


def test_a_returned_message_is_not_confirmed_although_it_is_acked(publish: Callable[..., Any]) -> None:
    """The broker returns an unroutable message and then acks it."""
    outcome = publish(
        lambda broker: broker.say("basic_return", None, "toy.events", "counted", Returned("id-2")),
        lambda broker: broker.say("basic_ack", 3, True),
    )
    assert sorted(outcome.confirmed) == [1, 3]
    assert "unroutable" in outcome.failed[2]


def test_a_missing_confirm_puts_the_whole_batch_in_doubt(publish: Callable[..., Any]) -> None:
    """Better twice under the same id than never."""
    with pytest.raises(PublishFailed, match="no confirm for 1 messages"):
        publish(lambda broker: broker.say("basic_ack", 2, True))
