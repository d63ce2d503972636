"""Which codes an operation may say no with: refusals as read from the source (contracts/refused.json), the rest by status."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from contracts.problems import PROBLEMS, REFUSED
from gateway.http.table import Row

OF_TOKENS = frozenset({"invalid_credentials", "session_ended"})
"""What only the token endpoint says."""

OF_STREAMS = frozenset({"too_many_streams"})
"""What only a stream says."""

OF_BOTH = frozenset({"request_too_large", "unsupported_media_type", "invalid", "too_many_requests"})
"""What the endpoints of tokens say as other operations do."""


@cache
def refusals() -> dict[str, list[str]]:
    """The refusals of each request, as `service.method`."""
    found: dict[str, list[str]] = json.loads((files("contracts") / "refused.json").read_text(encoding="utf-8"))
    return found


def of_row(row: Row, statuses: Iterable[int]) -> dict[str, list[str]]:
    """The codes of a route by status, of those that are documented."""
    request = row.route.request
    of_others = OF_TOKENS if row.route.streams else OF_TOKENS | OF_STREAMS
    return _by_status(statuses, PROBLEMS.keys() - of_others, refusals()[f"{request.service}.{request.method}"])


def of_tokens(statuses: Iterable[int]) -> dict[str, list[str]]:
    """The codes of the endpoints of tokens by status; only that which gives some says what only it does."""
    failures = {code for code, status in PROBLEMS.items() if status >= 500}
    return _by_status(statuses, OF_TOKENS | OF_BOTH | failures, [])


def _by_status(statuses: Iterable[int], problems: Iterable[str], refused: list[str]) -> dict[str, list[str]]:
    by_status = {status: sorted(code for code in problems if PROBLEMS[code] == status) for status in sorted(statuses)}
    if REFUSED in by_status:
        by_status[REFUSED] = refused
    return {str(status): codes for status, codes in by_status.items() if codes}
