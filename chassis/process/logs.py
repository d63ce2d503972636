"""Logs: one JSON object per line, on stderr or in a file, with a constant event name and fields; secrets are masked in them.

Our own modules log by structlog (`structlog.get_logger()`); what libraries log by the standard library, from WARNING on,
takes the same way out as the event `library_log`. The service, dealer, correlation and message at hand are bound once by
`log_context` and stand on every line of that green thread: context variables are per greenlet.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import date
from logging.handlers import RotatingFileHandler
from math import isfinite
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.stdlib import ProcessorFormatter

from chassis.wire.errors import SettingsError
from chassis.wire.traces import trace_id

MASKED = "***"

_OUR_LOGGER = "servicelane"

FILE_BYTES = 10_000_000
OLDER_FILES = 3
"""How many full log files are kept beside the one that is written."""

_LONGEST_TEXT = 32_000
_LONGEST_SECRET = 4_000

# Every repetition is bounded: a text made to be slow must not stop the process that only wants to log it.

_SECRET = r"(?:password|passwd|secret|token|authorization)"
_SECRET_NAME = re.compile(_SECRET, re.IGNORECASE)
_MASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # scheme://user:password@host; the password goes up to the last @, for nobody quotes it as they should
        r"(?P<before>\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@'\"]{0,200}:)[^\s'\"]{0,2000}(?P<after>@)",
        r"(?P<before>\bauthorization:\s*)(?:\w+ +)?[^\s,;'\"]+(?P<after>)",
        r"(?P<before>\bBearer +)[\w.~+/=-]{8,}(?P<after>)",
        # password=x and ?token=x; a colon counts only after a quoted name: "invalid token: expired" is prose
        rf"(?P<before>{_SECRET}[\w-]{{0,40}}(?:\s?=\s?|['\"]\s?:\s?))(?:'[^']*'|\"[^\"]*\"|[^\s,;&'\"()\[\]{{}}]+)(?P<after>)",
    )
)


def configure_logging(service: str, level: str, file: str | None = None) -> None:
    """Send every log line of this process to stderr as JSON, and nothing in any other form.

    With `file`, lines go there, FILE_BYTES at most before it is set aside, and only those from WARNING on to stderr as well.
    `level` (DEBUG, INFO, WARNING, ERROR) is for our own events; libraries are heard from WARNING on. `service` is what a line
    says unless `log_context` names another. Calling it again replaces the earlier configuration. Raises SettingsError when the
    file cannot be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file is not None:
        handlers[0].setLevel(logging.WARNING)
        handlers.append(_open(file))
    formatter = ProcessorFormatter(
        foreign_pre_chain=[merge_contextvars, structlog.stdlib.add_log_level, _library_log],
        processors=[
            _Named(service),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            ProcessorFormatter.remove_processors_meta,
            mask_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    for handler in handlers:
        handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in root.handlers:
        if isinstance(old, RotatingFileHandler):
            old.close()
    root.handlers = handlers
    root.setLevel(logging.WARNING)
    logging.getLogger(_OUR_LOGGER).setLevel(level)
    logging.captureWarnings(True)
    # A line that cannot be written or rendered is lost; it must not become a traceback between the lines.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[merge_contextvars, structlog.stdlib.add_log_level, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_our_logger,
        cache_logger_on_first_use=False,  # modules hold their loggers from before the configuration
    )


@contextmanager
def log_context(
    *,
    service: str | None = None,
    dealer: str | None = None,
    correlation_id: str | None = None,
    message_id: str | None = None,
    traceparent: str | None = None,
) -> Iterator[None]:
    """Within the block, every line of this green thread names these, the traceparent by its trace; None leaves one as it was."""
    facts = {
        "service": service,
        "dealer": dealer,
        "correlation_id": correlation_id,
        "message_id": message_id,
        "trace_id": trace_id(traceparent),
    }
    with bound_contextvars(**{name: value for name, value in facts.items() if value is not None}):
        yield


def mask_secrets(logger: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The event as plain data, without secrets: what is named like one, and credentials inside any text."""
    return {name: _masked_field(name, value) for name, value in event.items()}


def mask_text(text: str) -> str:
    """The text without the passwords of URIs, bearer tokens, and values said to be a secret; one of great length is cut."""
    masked = text[: _LONGEST_TEXT + _LONGEST_SECRET]  # so that no secret is masked in part, where the text is cut
    for mask in _MASKS:
        masked = mask.sub(rf"\g<before>{MASKED}\g<after>", masked)
    return masked if len(text) <= _LONGEST_TEXT else f"{masked[:_LONGEST_TEXT]}… ({len(text)} characters)"


class _Named:
    """Names the service of a line that does not say it."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("service", self._service)
        return event


def _open(file: str) -> logging.Handler:
    try:
        return RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"LOG_FILE {file} cannot be written: {error.strerror}") from None


def _our_logger(*ignored: object) -> logging.Logger:
    return logging.getLogger(_OUR_LOGGER)


def _library_log(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["message"] = event["event"]
    event["event"] = "library_log"
    event["logger"] = event["_record"].name
    return event


def _masked_field(name: object, value: object) -> object:
    if value is not None and isinstance(name, str) and _SECRET_NAME.search(name):
        return MASKED
    return _plain(value)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)  # JSON knows no NaN
    if isinstance(value, Mapping):
        return {str(name): _masked_field(name, item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return mask_text(value.isoformat() if isinstance(value, date) else str(value))
