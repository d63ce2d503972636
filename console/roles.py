"""Who may do what: as the gateway's own document says (`x-roles`), so that no screen has a table of roles of its own."""

import re
import time
from collections.abc import Iterable

from console.gateway import Call, Caller, Gateway

MANAGER = "service_manager"
"""May do at a dealer whatever any role there may, as the document says in words."""
KEPT_SECONDS = 3600.0
_PLACEHOLDER = re.compile(r"\{\w+\}")
_BELOW = "/v1/dealers/{dealer}"


class Roles:
    """The roles of each operation; the document is read when first asked for, and again every hour."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._roles: dict[tuple[str, str], frozenset[str]] = {}
        self._until = 0.0

    def allow(self, held: Iterable[str], method: str, path: str, caller: Caller) -> bool:
        """Whether somebody with these roles may call the operation at a dealer. Raises Refusal while nobody answers."""
        if self._until < time.monotonic():
            self._read(caller)
        needed = self._roles.get((method, _PLACEHOLDER.sub("{}", path)), frozenset())
        return bool(needed) and not {*needed, MANAGER}.isdisjoint(held)

    def _read(self, caller: Caller) -> None:
        document = self._gateway.ask(Call("GET", "/v1/openapi.json"), caller).body
        self._roles = {
            (method.upper(), _PLACEHOLDER.sub("{}", path.removeprefix(_BELOW))): frozenset(operation["x-roles"])
            for path, operations in document["paths"].items()
            if path.startswith(_BELOW)
            for method, operation in operations.items()
            if method != "parameters" and "x-roles" in operation
        }
        self._until = time.monotonic() + KEPT_SECONDS
