"""Arguments that several commands take, checked before anything is done."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from servicelane.commands.help import help_text
from servicelane.suite import PROCESSES, SERVICES, unknown
from servicelane.texts import text


def _known(name: str) -> str:
    if name not in SERVICES:
        raise typer.BadParameter(unknown(name))
    return name


def _all_known(names: list[str] | None) -> list[str]:
    return [_known(name) for name in dict.fromkeys(names or [])]


def _processes(names: list[str] | None) -> list[str]:
    for name in names or []:
        if name not in PROCESSES:
            raise typer.BadParameter(unknown(name, PROCESSES))
    return [*dict.fromkeys(names or [])]


def utc(given: str | datetime) -> datetime:
    """A time that somebody said, in UTC unless they said otherwise."""
    try:
        time = datetime.fromisoformat(str(given))
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(text("cli.argument.no_time", value=repr(given))) from None


def _event_id(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        raise typer.BadParameter(text("cli.argument.no_event_id", value=repr(given))) from None


CHOICE = ", ".join(SERVICES)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="SERVICE", help=help_text("cli.argument.services", services=CHOICE), callback=_all_known),
]
Processes = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SERVICE", help=help_text("cli.argument.processes", services=", ".join(PROCESSES)), callback=_processes
    ),
]
Service = Annotated[
    str, typer.Argument(metavar="SERVICE", help=help_text("cli.argument.service", services=CHOICE), callback=_known)
]
Since = Annotated[datetime | None, typer.Option(metavar="TIME", parser=utc, help=help_text("cli.argument.since"))]
EventIds = Annotated[list[str] | None, typer.Argument(metavar="EVENT", parser=_event_id, help=help_text("cli.argument.events"))]
AsJson = Annotated[bool, typer.Option("--json", help=help_text("cli.argument.json"))]
