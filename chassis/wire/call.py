"""Who asks, for which dealer, until when: the context of one command, query or event, as it travels on the bus."""

import time
from dataclasses import dataclass, fields, replace
from typing import Any

HEADER_PREFIX = "servicelane."


@dataclass(frozen=True, kw_only=True)
class Call:
    """The context of one call.

    `dealer` is None only for calls of the group (administration). `deadline` is absolute, in seconds since the epoch; a
    command past it is dropped unrun. `idempotency_key` is scoped to dealer and principal, and `request_hash` tells a repeat
    of the request from another request under the same key; `request_hash_before` is the same by the secret that the gateway's
    secret takes the place of, or that takes its place. `if_match` is the version the caller saw.
    """

    dealer: str | None = None
    principal: str = "system"
    actor: str = "system"
    roles: tuple[str, ...] = ()
    deadline: float | None = None
    idempotency_key: str | None = None
    request_hash: str | None = None
    request_hash_before: str | None = None
    if_match: int | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None

    @property
    def seconds_left(self) -> float:
        """How long the answer may still take: none without a deadline, and less than none past it."""
        return 0.0 if self.deadline is None else self.deadline - time.time()

    def within(self, traceparent: str) -> "Call":
        """The same call, caused by another span of its trace."""
        return replace(self, traceparent=traceparent)

    def to_headers(self) -> dict[str, Any]:
        """The message headers that carry this context; absent facts are left out."""
        return {
            HEADER_PREFIX + name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value not in (None, ())
        }

    @classmethod
    def from_headers(cls, headers: dict[str, Any]) -> "Call":
        """The context a message carries; headers of others are ignored, absent ones take their default."""
        facts = {name: headers[header] for header, name in _NAMES.items() if header in headers}
        if "roles" in facts:
            facts["roles"] = tuple(facts["roles"])
        return cls(**facts)


_NAMES = {HEADER_PREFIX + field.name: field.name for field in fields(Call)}
