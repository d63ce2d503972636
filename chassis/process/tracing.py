"""Spans: what took how long in a trace, told to a collector by OTLP over HTTP; without one nothing is made and nothing loaded.

How a trace travels does not depend on it: the traceparent of a call, of an event and of a message (chassis/wire/traces.py).
Whoever begins a span passes its traceparent on instead of the one it came with, explicitly: no span is looked for in the air, so
no green thread can take another's. What a span may say is listed in spans.py: ids and names of ours, never what people are called
or typed.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import Literal, Protocol, Self

from chassis.wire.call import Call

Kind = Literal["server", "client", "internal", "producer", "consumer"]
Facts = Mapping[str, str | int | bool | None]


class Span:
    """Something that takes time; this one is nothing, where nobody collects spans."""

    __slots__ = ()

    @property
    def traceparent(self) -> str | None:
        """What is caused by it carries this; None: what is caused by it carries what its cause came with."""
        return None

    def of(self, call: Call) -> Call:
        """The call as a part of this span."""
        return call

    def tell(self, facts: Facts) -> None:
        """Say more of it; what is None is not said."""

    def end(self, error: BaseException | None = None) -> None:
        """It is over, and how; the first end counts."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end(error)


class Maker(Protocol):
    """What makes spans and sends them: chassis/process/spans.py."""

    def begin(
        self, kind: Kind, service: str, name: str, parent: str | None, *, facts: Facts, links: Sequence[str | None]
    ) -> Span:
        """A span that has begun."""
        ...

    def flush(self) -> None:
        """Send what has ended, if that is possible at once."""
        ...

    def stop(self) -> None:
        """Send what has ended, if that is possible at once, and no more."""
        ...


NOTHING = Span()
_NONE: Facts = {}
_makers: dict[str, Maker] = {}
"""The one of this process, by its collector; none, where spans are off."""


def start(collector: str | None) -> None:
    """Have spans of this process sent to the collector from now on; None leaves it as it is."""
    if collector is not None and not _makers:
        _makers[collector] = import_module("chassis.process.spans").Spans(collector)


def flush() -> None:
    """Send what has ended, if that is possible at once: the process is about to end."""
    for maker in _makers.values():
        maker.flush()


def stop() -> None:
    """Spans are off again."""
    while _makers:
        _makers.popitem()[1].stop()


def on() -> bool:
    """Whether spans are made: for what is only worked out for them."""
    return bool(_makers)


def begin(
    kind: Kind, service: str, name: str, parent: str | None, *, facts: Facts = _NONE, links: Sequence[str | None] = ()
) -> Span:
    """Something begins that the span with the traceparent `parent` caused, or nothing known; `links` belong to it, too."""
    for maker in _makers.values():
        return maker.begin(kind, service, name, parent, facts=facts, links=links)
    return NOTHING
