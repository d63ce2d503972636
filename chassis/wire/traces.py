"""The W3C traceparent, as calls, events and messages carry it: which trace something belongs to, which span of it caused it."""

import re
import secrets

NAME = "traceparent"
"""Of the HTTP header, of the envelope's attribute and of the message's header."""

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


def new_traceparent() -> str:
    """The beginning of a new trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def read_traceparent(text: object) -> tuple[int, int, int] | None:
    """Trace, span and flags; None of what is no traceparent: strangers send anything."""
    found = _TRACEPARENT.fullmatch(text) if isinstance(text, str) else None
    return None if found is None else (int(found[1], 16), int(found[2], 16), int(found[3], 16))


def trace_id(text: object) -> str | None:
    """The id of the trace alone, as a log line names it."""
    found = _TRACEPARENT.fullmatch(text) if isinstance(text, str) else None
    return None if found is None else found[1]
