"""What of the bus is measured, and when: also while the broker is away, which is when it is looked at."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chassis.amqp.publisher import ConfirmingPublisher, PublishFailed
from chassis.events import relay
from tests.bus.delivery.replicas import Bus
from tests.waiting import awaited


def measured(toy: Any, name: str, **labels: str) -> float | None:
    """What a scrape reads."""
    for family in text_string_to_metric_families(toy.executor.metrics.exposition().decode()):
        for sample in family.samples:
            if sample.name == f"servicelane_{name}" and labels.items() <= sample.labels.items():
                return sample.value
    return None


def test_the_age_of_the_outbox_is_measured_while_nothing_can_be_published(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """It grows until the broker is back, and is none afterwards."""
    monkeypatch.setattr(relay, "GAUGE_SECONDS", 0.1)
    publish = ConfirmingPublisher.publish

    def away(*_: Any, **__: Any) -> Any:
        raise PublishFailed("away")

    toy = bus.replica()
    monkeypatch.setattr(ConfirmingPublisher, "publish", away)
    toy.count("wheels")
    awaited(lambda: (measured(toy, "outbox_oldest_seconds", service="toy") or 0) > 1, "the age to be seen")
    assert measured(toy, "outbox_pending", service="toy") == 1
    monkeypatch.setattr(ConfirmingPublisher, "publish", publish)
    awaited(lambda: measured(toy, "outbox_oldest_seconds", service="toy") == 0, "the outbox to be empty")


def test_a_process_tells_its_queues_and_what_it_leads(bus: Bus) -> None:
    """What waits in each queue, as the broker says; who relays; how many connections are in use."""
    toy = bus.replica()
    awaited(lambda: measured(toy, "leading", service="toy", leadership="relay") == 1, "the leader")
    for queue in ("toy.mirror", "toy.shadow", "toy.file_note", "toy.dead-letters"):
        assert measured(toy, "queue_messages", service="toy", queue=queue) == 0
    assert (measured(toy, "database_connections_most", service="toy") or 0) >= 1


def test_how_long_an_effect_took_is_measured_from_its_announcement(bus: Bus) -> None:
    """Once for each, by the subscriber that had it."""
    toy = bus.replica()
    before = measured(toy, "effect_seconds_count", service="toy", subscriber="toy.mirror") or 0
    toy.count("wheels")
    awaited(lambda: measured(toy, "effect_seconds_count", service="toy", subscriber="toy.mirror") == before + 1, "the effect")
