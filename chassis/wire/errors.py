"""The errors a service may answer with: few, typed, stable, and the same on both ends of the wire.

A refusal is an outcome the user can act on; it is never retried. `NotYet` and `DependencyDown` are for subscribers and say
"later" instead of "no". Anything else is a defect and is treated as a failure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from nameko.exceptions import deserialize_to_instance

from chassis.wire.rules import rule


class ServiceError(Exception):
    """Base of every answer that is an error. `code` is stable and machine-readable, `details` name the facts of the case."""

    def __init__(self, code: str, details: dict[str, Any] | None = None, /, **more: Any) -> None:
        self.code = code
        self.details: dict[str, Any] = {**(details or {}), **more}
        # nameko rebuilds the instance at the caller from these positional arguments.
        super().__init__(code, self.details)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code} ({facts})" if facts else self.code


@deserialize_to_instance
class NotFound(ServiceError):
    """The thing does not exist - or belongs to another dealer, which must look exactly the same."""


@deserialize_to_instance
class Refused(ServiceError):
    """A business rule says no; `code` names the rule: `Refused("line_not_approved", line=3)`."""

    def so_far(self) -> "RefusedSoFar":
        """The same, where an event that is on its way may lift it: the gateway asks again for a moment before it says so."""
        return RefusedSoFar(self.code, self.details)


@deserialize_to_instance
class RefusedSoFar(Refused):
    """A refusal that follows from what this service has not heard, and may hear any moment: `Refused(…).so_far()`."""


@deserialize_to_instance
class Invalid(ServiceError):
    """The input breaks a rule of its own; `details["errors"]` maps each field's path to the rules it broke (see rules.py)."""

    @classmethod
    def field(cls, name: str, code: str, /, **values: Any) -> "Invalid":
        """The refusal of one field, by the rule it broke: `Invalid.field("amount", "wrong_currency", currency="CNY")`."""
        return cls.fields({name: [rule(code, **values)]})

    @classmethod
    def fields(cls, errors: Mapping[str, Sequence[str]]) -> "Invalid":
        """The refusal of several fields, each with the rules it broke."""
        return cls("invalid", errors={name: list(rules) for name, rules in errors.items()})


@deserialize_to_instance
class NotYetKnown(ServiceError):
    """The input refers to something another service announces and this one has not received yet: `details["field"]`."""

    @classmethod
    def reference(cls, field: str, value: str) -> "NotYetKnown":
        """The field whose reference is unknown so far; the gateway tries again for a moment, then answers 422."""
        return cls("not_yet_known", field=field, value=value)


@deserialize_to_instance
class PreconditionFailed(ServiceError):
    """If-Match named a version that is no longer the current one (`details["version"]` is the current one)."""


@deserialize_to_instance
class PreconditionRequired(ServiceError):
    """What would be overwritten is there already, and the caller does not say which version of it they saw (If-Match)."""


@deserialize_to_instance
class Forbidden(ServiceError):
    """The caller may not do this."""


@deserialize_to_instance
class KeyReused(ServiceError):
    """The idempotency key was used before for another request."""


@deserialize_to_instance
class Unavailable(ServiceError):
    """No one can answer now: no replica, no broker or no database. Nothing was done; trying again is safe."""


@deserialize_to_instance
class DeadlineExceeded(ServiceError):
    """No answer in time: the outcome is unknown. Ask again with the same idempotency key."""


class NotYet(Exception):
    """A subscriber received an event before the one it builds on: not a failure, and tried again when that one has come.

    `waits_for` is the aggregate whose event is missing, as that event's envelope names its subject; None when no event will tell.
    """

    def __init__(self, reason: str, *, waits_for: str | None) -> None:
        self.waits_for = waits_for
        super().__init__(reason)


class DependencyDown(Exception):
    """The database or the broker is away: keep the message, take no more for now, and do not count it as a failure."""


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable."""
