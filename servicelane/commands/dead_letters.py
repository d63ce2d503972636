"""`dead-letters`: what a service gave up on, why, and having it tried again."""

import json
from datetime import datetime
from typing import Annotated

import typer

from servicelane.commands.arguments import AsJson, Service
from servicelane.commands.help import Command, Group, help_text
from servicelane.commands.working import working
from servicelane.texts import text

app = typer.Typer(cls=Group, no_args_is_help=True)


@app.command("list", cls=Command, help=help_text("cli.dead_letters.list_help"))
@working
def list_(
    service: Service,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=help_text("cli.dead_letters.limit"))] = 100,
    as_json: AsJson = False,
) -> None:
    """Print dead letters, the oldest first."""
    from servicelane import dead_letters

    entries = dead_letters.dead(dead_letters.open_executor(service), limit)
    if as_json:
        typer.echo(json.dumps([_plain(vars(entry)) for entry in entries], ensure_ascii=False))
        return
    from servicelane.output import show_table

    rows = [(one.message_id, one.subscriber, one.type, one.dealer_id, one.parked_at, one.reason) for one in entries]
    headers = (
        text("cli.dead_letters.message"),
        text("cli.dead_letters.subscriber"),
        text("cli.dead_letters.type"),
        text("cli.dead_letters.dealer"),
        text("cli.dead_letters.parked_at"),
        text("cli.dead_letters.reason"),
    )
    show_table(headers, rows, empty=text("cli.dead_letters.none", service=service))
    if len(entries) == limit:
        typer.echo(text("cli.dead_letters.oldest", limit=limit))


@app.command(cls=Command, help=help_text("cli.dead_letters.show_help"))
@working
def show(
    service: Service,
    message_id: Annotated[str, typer.Argument(metavar="MESSAGE", help=help_text("cli.dead_letters.message_id"))],
) -> None:
    """Print a parked message as each subscriber holds it."""
    from servicelane import dead_letters

    entries = dead_letters.find(dead_letters.open_executor(service), message_id)
    typer.echo(json.dumps([_plain(vars(entry)) for entry in entries], ensure_ascii=False, indent=2))


@app.command(cls=Command, help=help_text("cli.dead_letters.replay_help"))
@working
def replay(
    service: Service,
    message_id: Annotated[
        str | None, typer.Argument(metavar="MESSAGE", help=help_text("cli.dead_letters.one_message_id"))
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=help_text("cli.dead_letters.all"))] = False,
) -> None:
    """Have one dead letter, or all, tried again at once."""
    if (message_id is None) != every:
        raise typer.BadParameter(text("cli.dead_letters.one_or_all"), param_hint="MESSAGE")
    from servicelane import dead_letters

    count = dead_letters.replay(dead_letters.open_executor(service), message_id)
    typer.echo(text("cli.dead_letters.replayed", number=count))


def _plain(entry: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in entry.items()}
