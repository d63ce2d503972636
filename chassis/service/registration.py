"""What a service answers, subscribes to and does when it is due, as rows of its class: which contract, by which use case.

    class PartsService(Service):
        name = "parts"

        issue_parts = command(IssueParts, issuing.issue)
        get_part = query(GetPart, queries.get_part)
        deduct_stock = subscribe(WorkOrderDelivered, deducting.deduct)
        release_missed = timer(releasing.release)
        tell_supplier = errand(telling.take, telling.tell, telling.note)

A use case is a function `(work, command)`, that of a timer `(work, subject)`. mypy checks it against its contract.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from chassis.events.retry import USUAL, RetryPolicy
from chassis.events.subscription import Prefetcher
from chassis.rpc.server import RpcMethod
from chassis.wire.call import Call
from chassis.wire.errors import ServiceError
from chassis.wire.messages import Command, Event, Query
from chassis.work.executor import Executor, Result, UseCase
from chassis.work.unit_of_work import Work

C = TypeVar("C", bound=Command)
Q = TypeVar("Q", bound=Query)
E = TypeVar("E", bound=Event)
T = TypeVar("T")
R = TypeVar("R")

Entrypoint = Callable[[Any, Any], Any]
"""What nameko calls: a method with the payload as its only argument."""

_rpc = RpcMethod.decorator(expected_exceptions=(ServiceError,))


@dataclass(frozen=True)
class CurrentCall:
    """What an entrypoint has at hand: the executor, and the context of the call that is being answered."""

    executor: Executor
    call: Call
    message_id: str


@dataclass(frozen=True)
class Subscribed:
    """A row of the table: these events have their effect by this use case, each once."""

    events: tuple[type[Event], ...]
    use_case: Callable[[Work, Any], object]
    prefetch: Prefetcher | None
    any_dealer: bool
    retry: RetryPolicy


@dataclass(frozen=True)
class Recalled:
    """A row of the table: what is kept of an event of its own by a service that has forgotten that it announced it."""

    event: type[Event]
    use_case: Callable[[Work, Any], object]


@dataclass(frozen=True)
class Timed:
    """A row of the table: timers with the name of the row have their effect by this use case, each once."""

    use_case: Callable[[Work, str], object]


@dataclass(frozen=True)
class Errand:
    """A row of the table: timers with the name of the row have something done outside, between two units of work."""

    take: Callable[[Work, str], Any]
    run: Callable[[Any], Any]
    note: Callable[[Work, str, Any], object]


def command(contract: type[C], use_case: Callable[[Work, C], Result]) -> Entrypoint:
    """The command is answered by this use case in one idempotent unit of work."""

    def entrypoint(self: Any, payload: Any) -> Any:
        current: CurrentCall = self.chassis
        return current.executor.execute(contract, use_case, payload, current.call, current.message_id)

    return _entrypoint(entrypoint, contract, use_case)


def query(contract: type[Q], use_case: Callable[[Work, Q], Result]) -> Entrypoint:
    """The query is answered by this use case, which can change nothing."""

    def entrypoint(self: Any, payload: Any) -> Any:
        current: CurrentCall = self.chassis
        return current.executor.ask(contract, use_case, payload, current.call)

    return _entrypoint(entrypoint, contract, use_case)


@overload
def subscribe(
    events: type[E],
    use_case: Callable[[Work, E], object],
    *,
    prefetch: Prefetcher | None = None,
    any_dealer: bool = False,
    retry: RetryPolicy = USUAL,
) -> Subscribed: ...
@overload
def subscribe(
    events: Sequence[type[E]],
    use_case: Callable[[Work, E], object],
    *,
    prefetch: Prefetcher | None = None,
    any_dealer: bool = False,
    retry: RetryPolicy = USUAL,
) -> Subscribed: ...
def subscribe(
    events: type[Event] | Sequence[type[Event]],
    use_case: Callable[[Work, Any], object],
    *,
    prefetch: Prefetcher | None = None,
    any_dealer: bool = False,
    retry: RetryPolicy = USUAL,
) -> Subscribed:
    """These events have their effect by this use case, each once; the queue is `<service>.<name of the row>`.

    `prefetch` is asked before a batch is handled (chassis/work/prefetch.py). An event of a dealer whom nobody registered waits
    for the registry's fact, unless `any_dealer`. `retry` says what becomes of an event that could not be handled.
    """
    several = (events,) if isinstance(events, type) else tuple(events)
    return Subscribed(several, use_case, prefetch, any_dealer, retry)


def recall(event: type[E], use_case: Callable[[Work, E], object]) -> Recalled:
    """Once the database was restored from a backup: what is kept of such an event, announced since and forgotten.

    `work.cause` is the event as it was announced. An aggregate that has forgotten it counts on from its sequence; one that is
    there and as new is not asked about.
    """
    return Recalled(event, use_case)


def timer(use_case: Callable[[Work, str], object]) -> Timed:
    """The use case looks at a subject when its timer of this row's name is due (chassis/work/timers.py); it is given its id.

    It decides by what it finds, and may set the timer anew: when it fires, the subject may have changed or the time moved.
    """
    return Timed(use_case)


def errand(take: Callable[[Work, str], T | None], run: Callable[[T], R], note: Callable[[Work, str, R], object]) -> Errand:
    """What is done outside of this service when the timer of this row's name is due, by the leader alone.

    `take` is a timer's use case that sets the timer anew, for the next attempt, and answers what is to be done, or None for
    nothing. Once that is committed, `run` does it, in no transaction, within a few seconds; and `note` writes down, in a unit of
    work of its own, what came of it. Whoever dies between is followed by the next attempt: outside it must be known by a key.
    """
    return Errand(take, run, note)


def _entrypoint(entrypoint: Any, contract: type[Command] | type[Query], use_case: UseCase) -> Entrypoint:
    entrypoint.__name__ = contract.method
    entrypoint.__doc__ = contract.__doc__
    entrypoint.contract, entrypoint.use_case = contract, use_case
    registered: Entrypoint = _rpc(entrypoint)
    return registered
