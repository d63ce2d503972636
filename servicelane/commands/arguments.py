"""Arguments that several commands take, checked before anything is done."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from servicelane.suite import SERVICES, unknown


def _known(name: str) -> str:
    if name not in SERVICES:
        raise typer.BadParameter(unknown(name))
    return name


def _all_known(names: list[str] | None) -> list[str]:
    return [_known(name) for name in dict.fromkeys(names or [])]


def _utc(text: str | datetime) -> datetime:
    try:
        time = datetime.fromisoformat(str(text))
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is no time: write 2026-03-02 or 2026-03-02T04:00:00 (UTC)") from None


def _event_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no event id") from None


CHOICE = ", ".join(SERVICES)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="SERVICE", help=f"Any of {CHOICE}. [default: all]", callback=_all_known)
]
Service = Annotated[str, typer.Argument(metavar="SERVICE", help=f"One of {CHOICE}.", callback=_known)]
Since = Annotated[
    datetime | None, typer.Option(metavar="TIME", parser=_utc, help="From this time on, for example 2026-03-02T04:00:00 (UTC).")
]
EventIds = Annotated[list[str] | None, typer.Argument(metavar="EVENT", parser=_event_id, help="Ids of events.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
