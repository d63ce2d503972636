"""`servicelane dead-letters`: what a service gave up on, why, and having it tried again; `republish`: having it told again."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import update

from chassis.events import parked
from chassis.process.settings import Settings
from chassis.store.tables import outbox
from chassis.work.executor import Executor
from servicelane.output import plain_errors
from servicelane.suite import service_class

app = typer.Typer(no_args_is_help=True)
console = Console()

Service = Annotated[str, typer.Argument(help="The service that holds them.")]
Limit = Annotated[int, typer.Option(help="How many at most.")]


def open_core(service: str) -> Executor:
    """The service's database, as its own settings name it. Raises SettingsError for what is no service."""
    service_class(service)
    return Executor(Settings.read(service))


@app.command("list")
def list_(service: Service, limit: Limit = 100, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List dead letters, the oldest first."""
    with plain_errors(), open_core(service).sessions() as session:
        entries = list(parked.dead(session, limit=limit))
    if as_json:
        typer.echo(json.dumps([_plain(entry) for entry in entries], ensure_ascii=False))
        return
    table = Table("message", "subscriber", "type", "dealer", "parked at", "reason")
    for entry in entries:
        table.add_row(entry.message_id, entry.subscriber, entry.type, entry.dealer_id, str(entry.parked_at), entry.reason)
    console.print(table)


@app.command()
def show(service: Service, message_id: str) -> None:
    """Show one parked message, whole, for every subscriber that holds it."""
    with plain_errors(), open_core(service).sessions() as session:
        entries = parked.find(session, message_id)
    if not entries:
        raise typer.BadParameter(f"{service} holds no message {message_id}")
    typer.echo(json.dumps([_plain(entry) for entry in entries], ensure_ascii=False, indent=2))


@app.command()
def replay(
    service: Service,
    message_id: Annotated[str | None, typer.Argument(help="One message; without it, --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter of the service.")] = False,
) -> None:
    """Have dead letters tried again at once, with all their attempts."""
    if (message_id is None) != every:
        raise typer.BadParameter("name one message or say --all")
    with plain_errors():
        executor = open_core(service)
    with executor.sessions() as session:
        entries = list(parked.dead(session, limit=10_000)) if message_id is None else parked.find(session, message_id)
        for entry in entries:
            parked.replay(session, entry, executor.clock.now())
        session.commit()
    if message_id is not None and not entries:
        raise typer.BadParameter(f"{service} holds no message {message_id}")
    typer.echo(f"{len(entries)} to be tried again")


def republish(executor: Executor, *, event_ids: list[str] | None = None, since: datetime | None = None) -> int:
    """Have sent events published once more, under the same ids: those that had their effect are doubles and dropped.

    Named by id, or all since a time. Returns how many.
    """
    statement = update(outbox).where(outbox.c.sent_at.is_not(None)).values(sent_at=None, next_at=None)
    if event_ids is not None:
        statement = statement.where(outbox.c.id.in_(event_ids))
    if since is not None:
        statement = statement.where(outbox.c.time >= since.astimezone(UTC))
    with executor.sessions() as session:
        count = len(session.execute(statement.returning(outbox.c.position)).all())
        session.commit()
    return count


def _plain(entry: parked.ParkedMessage) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in vars(entry).items()}
