"""Events: each has a golden sample that is read and written for ever, and each subscriber that is named is there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.wire.codec import flatten, schema_of
from chassis.wire.envelope import Envelope, seal
from chassis.wire.messages import Answer, Event
from contracts.workshop.events import WorkOrderDelivered
from servicelane.suite import SERVICES
from tests.contracts.published import ANSWERS, EVENTS, SAMPLES, name, read, sample, subscribed
from tests.contracts.test_messages import a_message

BY_TYPE = {event.type: event for event in EVENTS}
every_sample = pytest.mark.parametrize("file", sorted(SAMPLES.iterdir()), ids=lambda file: file.name)
every_event = pytest.mark.parametrize("event", EVENTS, ids=name)


def test_there_are_events() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert WorkOrderDelivered in EVENTS
    assert len({event.type for event in EVENTS}) == len(EVENTS)


@every_event
def test_an_event_is_published_by_the_service_whose_contract_it_stands_in(event: type[Event]) -> None:
    """The first word of its type is the exchange it goes out on."""
    package, _, module = event.__module__.rpartition(".")
    assert (package, module.endswith("events")) == (f"contracts.{event.publisher()}", True)
    assert event.routing_key()


@every_event
def test_an_event_has_a_golden_sample(event: type[Event]) -> None:
    """The sample is read and written back as it is: whoever renames a field breaks what others have stored and sent."""
    assert sample(event).exists(), f"{event.type} version {event.version} has no sample: write {sample(event).name}"
    golden = read(sample(event))
    assert event.load(golden).dump() == golden


@every_sample
def test_a_sample_is_of_a_known_event(file: Path) -> None:
    """A sample nobody reads proves nothing; a version that is not announced yet has none."""
    kind, _, version = file.name.removesuffix(".json").rpartition(".v")
    assert file.suffix == ".json"
    assert kind in BY_TYPE
    assert 1 <= int(version) <= BY_TYPE[kind].version


@every_sample
def test_readers_ignore_what_a_newer_publisher_adds(file: Path) -> None:
    """An added field is no new version, at whatever depth: who subscribed before it was there goes on."""
    event, golden = BY_TYPE[file.name.rpartition(".v")[0]], read(file)
    assert event.load(with_more(golden)) == event.load(golden)


@pytest.mark.parametrize("answer", ANSWERS, ids=name)
def test_callers_ignore_what_a_newer_service_answers(answer: type[Answer]) -> None:
    """A gateway of the release before reads the answers of the services, which are rolled out first."""
    errors = flatten(schema_of(answer).validate(with_more(a_message(answer).dump())))
    assert not [field for field, rules in errors.items() if "unknown_field" in rules]


def test_an_envelope_may_say_more() -> None:
    """What a newer relay puts beside the facts is no matter of an older subscriber's."""
    sealed = seal(
        WorkOrderDelivered.load(read(sample(WorkOrderDelivered))),
        subject="1", sequence=1, time=datetime.now(UTC), dealer="sh-pudong", correlation_id=None, causation_id=None,
        traceparent=None, actor="sh-pudong.advisor",
    )  # fmt: skip
    text = json.dumps({**json.loads(sealed.to_json()), "added_later": {"by": "a newer one"}})
    assert Envelope.from_json(text) == sealed


def with_more(plain: Any) -> Any:
    """The same with one more field in every object; money is none."""
    if isinstance(plain, list):
        return [with_more(one) for one in plain]
    if not isinstance(plain, dict) or set(plain) == {"amount", "currency"}:
        return plain
    return {**{key: with_more(value) for key, value in plain.items()}, "added_later": 1}


@every_event
def test_every_named_subscriber_subscribes(event: type[Event]) -> None:
    """`billing.issue_invoices` is a row of billing's registration table and takes this event."""
    for subscriber in event.subscribers:
        service, _, method = subscriber.partition(".")
        assert service in SERVICES, subscriber
        rows = subscribed(service)
        assert method in rows, f"{subscriber}: there is no such subscription"
        assert event in rows[method].events, f"{subscriber} does not take {event.type}"


@pytest.mark.parametrize("service", SERVICES)
def test_every_subscription_is_named(service: str) -> None:
    """What a service takes, the contract knows: otherwise an unroutable event would go unnoticed."""
    for method, row in subscribed(service).items():
        for event in row.events:
            assert f"{service}.{method}" in event.subscribers, f"{service}.{method} is not named by {event.type}"


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "gateway"])
def test_every_service_hears_of_dealers(service: str) -> None:
    """Without the registry's fact a service knows neither time zone nor currency of a dealer (Rule G0)."""
    assert "record_dealer" in subscribed(service)
