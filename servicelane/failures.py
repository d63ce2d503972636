"""How a command says that it cannot do what it was asked: in one line, without passwords and without a traceback."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import psycopg2
import requests
import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from chassis.amqp.connection import BROKEN
from chassis.process.logs import mask_text
from chassis.process.settings import broker_addresses
from chassis.wire.errors import ServiceError, SettingsError
from chassis.wire.rules import read_rule
from locales import knows, sentence
from servicelane.texts import language, text

FAILED = 2

_NO_TABLE = "42P01"
_OUTAGES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((SQLAlchemyError, psycopg2.Error), "cli.failure.database"),
    ((requests.RequestException,), "cli.failure.http"),
    (BROKEN, "cli.failure.connection"),
)


class CannotDo(Exception):
    """A command cannot do what it was asked; the text says why, and what would help."""


def tell(error: Exception) -> int:
    """Say on standard error, in one line, why a command failed; returns its exit status."""
    if type(error).__name__ == "NoArgsIsHelpError":  # the help of a group of commands; typer, too, knows it by its name
        print(error, file=sys.stderr)
        return FAILED
    if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
        traceback.print_exception(error)
    print(f"servicelane: {mask_text(' '.join(_sentence(error).split()))}", file=sys.stderr)
    return FAILED


@contextmanager
def reaching(what: str, url: str) -> Iterator[None]:
    """What a database or broker refuses, or that it is away, ends the block with CannotDo: it names `what` and its address."""
    try:
        yield
    except DBAPIError as error:
        if _has_no_table(error):
            raise CannotDo(text("cli.failure.no_tables", what=what, address=address(url))) from error
        raise _unusable(what, url, error) from error
    except (psycopg2.OperationalError, *BROKEN) as error:
        raise _unusable(what, url, error) from error


def address(url: str) -> str:
    """Where a URL leads: host, port and path, or a file; never its user or password."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return parts.path[1:]
    nodes = [f"{one.netloc.rpartition('@')[2]}{one.path}".removesuffix("/") for one in map(urlsplit, broker_addresses(url))]
    servers = ", ".join(parse_qs(parts.query).get("host", []))  # as libpq has several, each with its port
    return f"{servers}{', '.join(nodes)}"


def reason(error: BaseException) -> str:
    """What lies at the bottom of an error, in the words of the system or the server."""
    bottom = error
    while (deeper := _cause(bottom)) is not None:
        bottom = deeper
    if isinstance(bottom, OSError) and bottom.strerror:
        # eventlet gives the symbol of an error for its text.
        return os.strerror(bottom.errno) if bottom.errno and bottom.errno > 0 else bottom.strerror
    return (str(bottom).strip() or type(bottom).__name__).splitlines()[0]


def _unusable(what: str, url: str, error: Exception) -> CannotDo:
    return CannotDo(text("cli.failure.unusable", what=what, address=address(url), reason=reason(error)))


def _cause(error: BaseException) -> BaseException | None:
    for inner in (getattr(error, "orig", None), getattr(error, "reason", None), *error.args, error.__cause__):
        if isinstance(inner, BaseException):
            return inner
    return None


def _has_no_table(error: DBAPIError) -> bool:
    return getattr(error.orig, "pgcode", None) == _NO_TABLE or "no such table" in str(error.orig)


def _sentence(error: Exception) -> str:
    if isinstance(error, typer.TyperException):
        return _usage(error)
    if isinstance(error, ServiceError):
        return _refusal(error)
    if isinstance(error, CannotDo | SettingsError):
        return str(error)
    if isinstance(error, OSError) and (isinstance(error.filename, str) or error.errno == errno.ENOSPC):
        return f"{error.filename}: {error.strerror}" if error.filename else text("cli.failure.full", reason=reason(error))
    for kinds, code in _OUTAGES:
        if isinstance(error, kinds):
            return text(code, reason=reason(error))
    return text("cli.failure.defect", kind=type(error).__name__, error=error)


def _refusal(error: ServiceError) -> str:
    """The words of the gateway, the only service whose commands are run from here."""
    errors = error.details.get("errors", {})
    if errors:
        return " ".join(f"{field}: {' '.join(map(_rule, rules))}" for field, rules in errors.items())
    known = f"refusal.gateway.{error.code}"
    return sentence(known, language(), **error.details) if knows(known) else str(error)


def _rule(broken: str) -> str:
    code, values = read_rule(broken)
    return sentence(f"rule.{code}", language(), **values) if knows(f"rule.{code}") else broken


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "servicelane"
    return text("cli.failure.usage", problem=error.format_message().removesuffix("."), command=command)
