"""`dead-letters`: what a service gave up on, why, and having it tried again."""

import json
from datetime import datetime
from typing import Annotated

import typer

from servicelane.commands.arguments import AsJson, Service
from servicelane.commands.working import working

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@working
def list_(
    service: Service,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the oldest first."""
    from servicelane import dead_letters

    entries = dead_letters.dead(dead_letters.open_executor(service), limit)
    if as_json:
        typer.echo(json.dumps([_plain(vars(entry)) for entry in entries], ensure_ascii=False))
        return
    from servicelane.output import show_table

    rows = [(one.message_id, one.subscriber, one.type, one.dealer_id, one.parked_at, one.reason) for one in entries]
    show_table(("message", "subscriber", "type", "dealer", "parked at", "reason"), rows, empty=f"{service} has no dead letters")
    if len(entries) == limit:
        typer.echo(f"these are the oldest {limit}; more with --limit")


@app.command()
@working
def show(service: Service, message_id: Annotated[str, typer.Argument(metavar="MESSAGE", help="Its id.")]) -> None:
    """Show one parked message, whole, as JSON.

    Once for every subscriber that holds it.
    """
    from servicelane import dead_letters

    entries = dead_letters.find(dead_letters.open_executor(service), message_id)
    typer.echo(json.dumps([_plain(vars(entry)) for entry in entries], ensure_ascii=False, indent=2))


@app.command()
@working
def replay(
    service: Service,
    message_id: Annotated[str | None, typer.Argument(metavar="MESSAGE", help="The id of one message.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter of the service.")] = False,
) -> None:
    """Have one dead letter, or all, tried again at once.

    Each has all its attempts again.
    """
    if (message_id is None) != every:
        raise typer.BadParameter("name one message, or say --all", param_hint="MESSAGE")
    from servicelane import dead_letters

    typer.echo(f"{dead_letters.replay(dead_letters.open_executor(service), message_id)} to be tried again")


def _plain(entry: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in entry.items()}
