"""The line to the other services, as those need it who call them."""

from typing import Any, Protocol

import structlog

from chassis.wire.call import Call
from chassis.wire.errors import ServiceError
from chassis.wire.messages import Query

log = structlog.get_logger()

PATIENCE_SECONDS = 3.0
"""How long the slowest service may take for its part of a whole; what the others tell waits no longer."""


class Caller(Protocol):
    """Calls a method of a service; see chassis/rpc/client.py."""

    def call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
        """The service's answer as plain data, or its typed error."""
        ...


Passing = tuple[type[ServiceError], ...]
"""Errors that are the whole's, whichever service has them."""


def patience_with(call: Call) -> float:
    """How long a service's part of a whole is waited for, in seconds: not beyond the call's own deadline."""
    return min(PATIENCE_SECONDS, call.seconds_left)


def told(
    caller: Caller, service: str, asked: Query, call: Call, patience: float, *, incomplete: str, passes: Passing = ()
) -> Any:
    """What a service answers for its part of a whole; None, with a warning of that name, when it does not: the rest is shown.

    What `passes` is raised.
    """
    try:
        return caller.call(service, asked.method, asked.dump(), call, patience)
    except passes:
        raise
    except ServiceError as error:
        log.warning(incomplete, missing=service, error=str(error))
        return None
