"""`reconcile`, `republish` and `recall`: whether every fact had its effects, telling one again, and what is forgotten."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from servicelane.commands.arguments import AsJson, EventIds, Service, Since, utc
from servicelane.commands.help import help_text
from servicelane.commands.working import working
from servicelane.texts import text

SHOWN = 50
"""How many findings people are shown at once."""


@working
def reconcile(
    dealer: Annotated[str | None, typer.Option(help=help_text("cli.reconcile.dealer"))] = None,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help=help_text("cli.reconcile.all"))] = False,
    as_json: AsJson = False,
    textfile: Annotated[Path | None, typer.Option(help=help_text("cli.reconcile.textfile"))] = None,
) -> None:
    """Prove over all services that every delivered order had its effects once; exit status 1 if not."""
    from servicelane import reconcile as reconciling

    findings = reconciling.reconcile(dealer=dealer, since=since, everything=everything)
    if textfile is not None:
        reconciling.tell(textfile, len(findings))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        from servicelane.output import show_table

        rows = [(one.invariant, one.dealer, one.what, one.event) for one in findings[:SHOWN]]
        headers = (
            text("cli.reconcile.invariant"),
            text("cli.reconcile.of_dealer"),
            text("cli.reconcile.what"),
            text("cli.reconcile.event"),
        )
        clean = text("cli.reconcile.clean")
        show_table(headers, rows, empty=text("cli.reconcile.all_clean", clean=clean) if everything else clean)
        if len(findings) > SHOWN:
            typer.echo(text("cli.reconcile.more", number=len(findings) - SHOWN))
    raise typer.Exit(1 if findings else 0)


@working
def republish(
    service: Service,
    event_ids: EventIds = None,
    since: Since = None,
) -> None:
    """Publish events once more, under their old ids: those that are named, or all since a time."""
    if bool(event_ids) == (since is not None):
        raise typer.BadParameter(text("cli.republish.name_events"), param_hint="EVENT")
    from servicelane import dead_letters

    count = dead_letters.republish(dead_letters.open_executor(service), event_ids=event_ids, since=since)
    typer.echo(text("cli.republish.done", number=count))


@working
def recall(
    service: Service,
    since: Annotated[datetime, typer.Option(metavar="TIME", parser=utc, help=help_text("cli.recall.since"))],
    as_json: AsJson = False,
) -> None:
    """After a restore: name what the service announced since the backup and has forgotten, and keep what others go by."""
    from servicelane import recalling

    found = recalling.recall(service, since)
    if as_json:
        typer.echo(json.dumps([json.loads(one.to_json()) for one in found.forgotten], ensure_ascii=False))
    else:
        from servicelane.output import show_table

        rows = [
            (one.time.isoformat(timespec="seconds"), one.dealerid, one.type, one.data.get("number") or one.subject, one.actor)
            for one in found.forgotten
        ]
        heads = ("cli.recall.time", "cli.recall.dealer", "cli.recall.type", "cli.recall.subject", "cli.recall.actor")
        show_table([text(one) for one in heads], rows, empty=text("cli.recall.nothing", service=service))
    if not found.gapless:
        typer.echo(text("cli.recall.gap", service=service), err=True)
        raise typer.Exit(1)
