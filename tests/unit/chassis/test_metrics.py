"""Each fact a service tells shows in the exposition under its name; services of one process are told apart."""

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chassis.process.metrics import Exposition, HttpMetrics, Metrics
from chassis.wire.ids import new_id


@pytest.fixture
def metrics() -> Metrics:
    """The metrics of a service that no other test has told anything about."""
    return Metrics(f"service-{new_id()}")


def value(metrics: Exposition, series: str, **labels: str) -> float | None:
    """What a scrape reads for the one series of this service with these labels, or None when it does not exist."""
    wanted = {"service": metrics.service, **labels}
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            if sample.name == f"servicelane_{series}" and sample.labels == wanted:
                return sample.value
    return None


@pytest.mark.parametrize(
    ("tell", "series", "labels", "expected"),
    [
        (lambda m: m.outbox_stands_at(7, 1.5), "outbox_pending", {}, 7),
        (lambda m: m.outbox_stands_at(7, 1.5), "outbox_oldest_seconds", {}, 1.5),
        (lambda m: m.published(3), "outbox_published_total", {}, 3),
        (lambda m: m.returned(), "outbox_returned_total", {}, 1),
        (lambda m: m.batch_relayed(50), "relay_batch_size_sum", {}, 50),
        (lambda m: m.handled("parts.deduct", 0.2), "inbox_handled_total", {"subscriber": "parts.deduct"}, 1),
        (lambda m: m.handled("parts.deduct", 0.2), "handler_seconds_sum", {"subscriber": "parts.deduct"}, 0.2),
        (lambda m: m.dropped_duplicates("parts.deduct", 4), "inbox_duplicates_total", {"subscriber": "parts.deduct"}, 4),
        (lambda m: m.parked("parts.deduct", "dead"), "dead_total", {"subscriber": "parts.deduct"}, 1),
        (lambda m: m.holding({"early": 2}), "parked_messages", {"kind": "early"}, 2),
        (lambda m: m.rpc_answered("issue_parts", 0.1), "rpc_seconds_count", {"method": "issue_parts"}, 1),
        (lambda m: m.had_effect("parts.deduct", 1.5), "effect_seconds_sum", {"subscriber": "parts.deduct"}, 1.5),
        (lambda m: m.had_effect("parts.deduct", -0.1), "effect_seconds_sum", {"subscriber": "parts.deduct"}, 0),
        (lambda m: m.waiting("parts.deduct", 3), "queue_messages", {"queue": "parts.deduct"}, 3),
        (lambda m: m.watches_leader("relay", lambda: True), "leading", {"leadership": "relay"}, 1),
        (lambda m: m.watches_pool(lambda: 4, 15), "database_connections", {}, 4),
        (lambda m: m.watches_pool(lambda: 4, 15), "database_connections_most", {}, 15),
        (lambda m: m.watches_workers(lambda: 2, 10), "rpc_workers", {}, 2),
        (lambda m: m.watches_workers(lambda: 2, 10), "rpc_workers_most", {}, 10),
        (lambda m: m.late(0.2), "loop_lag_seconds_sum", {}, 0.2),
        (lambda m: m.rpc_expired(), "rpc_expired_total", {}, 1),
        (lambda m: m.replayed_answer(), "idempotent_replays_total", {}, 1),
        (lambda m: m.retried_for_concurrency(), "concurrency_retries_total", {}, 1),
        (lambda m: m.heard(3), "changes_heard_total", {}, 3),
        (lambda m: m.streams_stand_at(2), "change_streams", {}, 2),
    ],
)
def test_a_fact_shows_under_its_name(
    metrics: Metrics, tell: Callable[[Metrics], None], series: str, labels: dict[str, str], expected: float
) -> None:
    """These names are what dashboards and alerts are made of: changing one breaks them."""
    tell(metrics)
    assert value(metrics, series, **labels) == expected


@pytest.mark.parametrize(
    "series",
    [
        "outbox_pending",
        "outbox_oldest_seconds",
        "outbox_published_total",
        "outbox_returned_total",
        "relay_batch_size_count",
        "rpc_expired_total",
        "idempotent_replays_total",
        "concurrency_retries_total",
    ],
)
def test_a_series_stands_at_zero_before_its_first_fact(metrics: Metrics, series: str) -> None:
    assert value(metrics, series) == 0


@pytest.mark.parametrize("series", ["inbox_handled_total", "inbox_duplicates_total", "dead_total", "handler_seconds_count"])
def test_a_known_subscriber_stands_at_zero_before_its_first_message(metrics: Metrics, series: str) -> None:
    """Or the rise from nothing to the first dead message would be no rise, and no alert."""
    metrics.subscribes("parts.deduct")
    assert value(metrics, series, subscriber="parts.deduct") == 0


def test_only_dead_messages_count_as_dead(metrics: Metrics) -> None:
    metrics.subscribes("parts.deduct")
    metrics.parked("parts.deduct", "retrying")
    metrics.parked("parts.deduct", "early")
    assert value(metrics, "dead_total", subscriber="parts.deduct") == 0


def test_a_kind_that_holds_nothing_any_more_falls_to_zero(metrics: Metrics) -> None:
    metrics.holding({"retrying": 3, "dead": 1})
    metrics.holding({"dead": 1})
    assert value(metrics, "parked_messages", kind="retrying") == 0
    assert value(metrics, "parked_messages", kind="dead") == 1


def test_two_services_of_one_process_are_told_apart_and_scraped_together(metrics: Metrics) -> None:
    other = Metrics(f"service-{new_id()}")
    metrics.published(2)
    other.published(5)
    assert value(metrics, "outbox_published_total") == 2
    assert value(other, "outbox_published_total") == 5
    assert other.service in metrics.exposition().decode()


def test_the_same_service_named_twice_keeps_one_series(metrics: Metrics) -> None:
    """The command line and the container may each make a Metrics of the service: neither breaks nor resets the other."""
    metrics.published(2)
    Metrics(metrics.service).published(1)
    assert value(metrics, "outbox_published_total") == 3


@pytest.mark.parametrize(
    ("series", "labels", "expected"),
    [
        ("http_seconds_sum", {"route": "/orders"}, 0.25),
        ("http_answers_total", {"status": "200"}, 1),
        ("http_upstream_seconds_sum", {}, 0.2),
    ],
)
def test_an_http_answer_shows_with_what_was_spent_waiting(series: str, labels: dict[str, str], expected: float) -> None:
    """By route and status; what the gateway took is told apart from our own time."""
    metrics = HttpMetrics(f"console-{new_id()}")
    metrics.answered("/orders", 200, 0.25, 0.2)
    assert value(metrics, series, **labels) == expected
