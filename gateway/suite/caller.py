"""The line to the other services, as those need it who call them."""

from typing import Any, Protocol

from chassis.wire.call import Call


class Caller(Protocol):
    """Calls a method of a service; see chassis/rpc/client.py."""

    def call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
        """The service's answer as plain data, or its typed error."""
        ...
