"""What one service counts and measures; nothing else of ours touches the metrics library.

One registry per process. Every series carries the label `service`, because the embedded mode runs all services in one
process. A series stands at zero from the start wherever its labels are known by then: a rate needs a beginning.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

PARKED_KINDS = ("retrying", "early", "dead")

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LAG = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_ROWS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class _Families:
    """The metric families of this process, each with its meaning."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.registry = CollectorRegistry()
        ProcessCollector(namespace="servicelane", registry=self.registry)
        self.outbox_pending = self._gauge("outbox_pending", "Events committed but not yet confirmed by the broker.")
        self.outbox_oldest = self._gauge("outbox_oldest_seconds", "Age of the oldest pending event; 0 when none is.")
        self.published = self._counter("outbox_published_total", "Events the broker confirmed.")
        self.returned = self._counter("outbox_returned_total", "Events the broker could not route, or refused.")
        self.batch = self._histogram("relay_batch_size", "Events the relay published at once.", _ROWS)
        self.handled = self._counter("inbox_handled_total", "Messages done, by subscriber.", "subscriber")
        self.duplicates = self._counter("inbox_duplicates_total", "Messages that had been done before.", "subscriber")
        self.parked = self._gauge("parked_messages", "Parked messages, by kind.", "kind")
        self.dead = self._counter("dead_total", "Messages given up, each to be looked at by a person.", "subscriber")
        self.handling = self._histogram(
            "handler_seconds", "A message's share of the transaction that handled it.", _SECONDS, "subscriber"
        )
        self.rpc = self._histogram("rpc_seconds", "Duration of an RPC method, whatever it answered.", _SECONDS, "method")
        self.expired = self._counter("rpc_expired_total", "Calls dropped unrun because their caller had given up.")
        self.replays = self._counter("idempotent_replays_total", "Commands answered from the record of an earlier one.")
        self.retries = self._counter("concurrency_retries_total", "Units of work run again after losing a race.")
        self.http = self._histogram("http_seconds", "Duration of an HTTP request, by route.", _SECONDS, "route")
        self.http_answers = self._counter("http_answers_total", "Answers, by status.", "status")
        self.upstream = self._histogram("http_upstream_seconds", "What of an HTTP request was waiting for the gateway.", _SECONDS)
        self.heard = self._counter("changes_heard_total", "Events of dealers that the change feed heard of.")
        self.streams = self._gauge("change_streams", "Clients that read a stream of changes now.")
        self.effects = self._histogram(
            "effect_seconds", "From an event's announcement to the commit of its effect.", _SECONDS, "subscriber"
        )
        self.queues = self._gauge("queue_messages", "Messages that wait in a queue, as the broker last said.", "queue")
        self.leads = self._gauge("leading", "Whether this process leads, by what there is to lead.", "leadership")
        self.pool = self._gauge("database_connections", "Connections to the database that are in use now.")
        self.pool_most = self._gauge("database_connections_most", "Connections to the database that there may be.")
        self.workers = self._gauge("rpc_workers", "Calls that are being answered now.")
        self.workers_most = self._gauge("rpc_workers_most", "Calls that may be answered at once.")
        self.lag = self._histogram("loop_lag_seconds", "How late the process got its turn, asked twice a second.", _LAG)
        self.spans = self._counter("spans_total", "Spans of traces, by whether the collector took them.", "outcome")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, ("service", *labels), namespace="servicelane", registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, ("service", *labels), namespace="servicelane", registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, text, ("service", *labels), namespace="servicelane", registry=self.registry, buckets=buckets)


@cache
def _families() -> _Families:
    return _Families()


@dataclass(frozen=True)
class Described:
    """One family of metrics, as a reference says it."""

    name: str
    kind: str
    text: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...] = ()


def described() -> Iterator[Described]:
    """Every family of ours, in the order of their names."""
    for family in sorted(vars(_families()).values(), key=lambda one: str(getattr(one, "_name", ""))):
        if isinstance(family, Counter | Gauge | Histogram):
            buckets = tuple(one for one in getattr(family, "_upper_bounds", ()) if one != inf)
            name = f"{family._name}_total" if isinstance(family, Counter) else family._name
            yield Described(name, family._type, family._documentation, tuple(family._labelnames), buckets)


class Exposition:
    """What a scrape reads: all metrics of this process, whoever of its services is asked."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self, service: str) -> None:
        self.service = service
        self._families = _families()

    def late(self, seconds: float) -> None:
        """So much later than it wanted this process was given a turn."""
        self._families.lag.labels(self.service).observe(seconds)

    def exposition(self) -> bytes:
        """All metrics of this process, of every service in it, as `content_type` says."""
        return generate_latest(self._families.registry)


class HttpMetrics(Exposition):
    """The metrics of a process that answers HTTP, by asking another one if it is the console."""

    def answered(self, route: str, status: int, seconds: float, upstream_seconds: float | None = None) -> None:
        """A request was answered; so many of its seconds were spent waiting for the other one."""
        self._families.http.labels(self.service, route).observe(seconds)
        self._families.http_answers.labels(self.service, str(status)).inc()
        if upstream_seconds is not None:
            self._families.upstream.labels(self.service).observe(upstream_seconds)

    def streams_stand_at(self, streams: int) -> None:
        """So many clients read a stream."""
        self._families.streams.labels(self.service).set(streams)


class SpanMetrics(Exposition):
    """What became of a service's spans."""

    def left(self, spans: int, *, sent: bool) -> None:
        """So many left the process: the collector took them, or they are lost."""
        self._families.spans.labels(self.service, "sent" if sent else "lost").inc(spans)


class Metrics(Exposition):
    """The metrics of one service. Each method states a fact that has just become true; none of them blocks or raises."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        families = self._families
        self._pending = families.outbox_pending.labels(service)
        self._oldest = families.outbox_oldest.labels(service)
        self._published = families.published.labels(service)
        self._returned = families.returned.labels(service)
        self._batch = families.batch.labels(service)
        self._expired = families.expired.labels(service)
        self._replays = families.replays.labels(service)
        self._retries = families.retries.labels(service)
        self.outbox_stands_at(0, 0)
        self.holding({})

    def outbox_stands_at(self, pending: int, oldest_seconds: float) -> None:
        """So many events are pending, the oldest for so long."""
        self._pending.set(pending)
        self._oldest.set(oldest_seconds)

    def batch_relayed(self, events: int) -> None:
        """The relay handed a batch of this many events to the broker."""
        self._batch.observe(events)

    def published(self, events: int = 1) -> None:
        """The broker confirmed events and had a queue for each."""
        self._published.inc(events)

    def returned(self, events: int = 1) -> None:
        """The broker returned or refused events; they stay pending."""
        self._returned.inc(events)

    def subscribes(self, subscriber: str) -> None:
        """This subscriber exists: its series stand at zero, so that the first dead message is seen as a rise."""
        known = self._families
        for family in (known.handled, known.duplicates, known.dead, known.handling, known.effects):
            family.labels(self.service, subscriber)

    def handled(self, subscriber: str, seconds: float) -> None:
        """A message's effect was committed; `seconds` is its share of the transaction."""
        self._families.handled.labels(self.service, subscriber).inc()
        self._families.handling.labels(self.service, subscriber).observe(seconds)

    def had_effect(self, subscriber: str, seconds: float) -> None:
        """So long after its announcement an event had its effect; not less than no time, whatever two machines' clocks say."""
        self._families.effects.labels(self.service, subscriber).observe(max(0.0, seconds))

    def waiting(self, queue: str, messages: int) -> None:
        """The broker says how many messages wait in a queue of this service."""
        self._families.queues.labels(self.service, queue).set(messages)

    def watches_leader(self, leadership: str, leads: Callable[[], bool]) -> None:
        """Whether this process leads is asked with every scrape."""
        self._families.leads.labels(self.service, leadership).set_function(lambda: float(leads()))

    def watches_pool(self, in_use: Callable[[], int], most: int) -> None:
        """How many connections are in use is asked with every scrape."""
        self._families.pool.labels(self.service).set_function(in_use)
        self._families.pool_most.labels(self.service).set(most)

    def watches_workers(self, busy: Callable[[], int], most: int) -> None:
        """How many workers are busy is asked with every scrape."""
        self._families.workers.labels(self.service).set_function(busy)
        self._families.workers_most.labels(self.service).set(most)

    def dropped_duplicates(self, subscriber: str, messages: int = 1) -> None:
        """Messages came again that this subscriber had done before."""
        self._families.duplicates.labels(self.service, subscriber).inc(messages)

    def parked(self, subscriber: str, kind: str) -> None:
        """A message was parked. A dead one is counted here; `holding` sets how many of each kind there are."""
        if kind == "dead":
            self._families.dead.labels(self.service, subscriber).inc()

    def holding(self, messages: Mapping[str, int]) -> None:
        """So many messages are parked now, by kind (`PARKED_KINDS`); of a kind that is not named there are none."""
        for kind in PARKED_KINDS:
            self._families.parked.labels(self.service, kind).set(messages.get(kind, 0))

    def rpc_answered(self, method: str, seconds: float) -> None:
        """An RPC method ran and answered, be it with a result or an error."""
        self._families.rpc.labels(self.service, method).observe(seconds)

    def rpc_expired(self) -> None:
        """A call was past its deadline and was not run."""
        self._expired.inc()

    def replayed_answer(self) -> None:
        """A command was answered what it answered the first time."""
        self._replays.inc()

    def retried_for_concurrency(self) -> None:
        """A unit of work lost a race (serialization, deadlock, version) and is run again."""
        self._retries.inc()

    def feeds(self) -> None:
        """This service has a change feed: its series stand at zero."""
        self.heard(0)
        self.streams_stand_at(0)

    def heard(self, events: int) -> None:
        """The change feed heard of so many events."""
        self._families.heard.labels(self.service).inc(events)

    def streams_stand_at(self, streams: int) -> None:
        """So many clients read the change feed."""
        self._families.streams.labels(self.service).set(streams)
