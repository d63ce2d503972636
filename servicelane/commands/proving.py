"""`reconcile` and `republish`: whether every fact had its effects, and telling one again."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from servicelane.commands.arguments import AsJson, EventIds, Service, Since
from servicelane.commands.working import working

SHOWN = 50
"""How many findings people are shown at once."""


@working
def reconcile(
    dealer: Annotated[str | None, typer.Option(help="One dealer only, for example sh-pudong. [default: all]")] = None,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="Every invariant, not only the deliveries.")] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that every delivered order had its effects once.

    Over all services: it was billed, its parts were deducted, its follow-up is planned. Exit status 1 if something is missing or
    double. With --since only deliveries that were made or reversed since then.
    """
    from servicelane import reconcile as reconciling

    findings = reconciling.reconcile(dealer=dealer, since=since, everything=everything)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        from servicelane.output import show_table

        rows = [(one.invariant, one.dealer, one.what, one.event) for one in findings[:SHOWN]]
        clean = "every delivered order has its invoices, its deduction and its follow-up, each once"
        show_table(
            ("invariant", "dealer", "what", "event to publish again"),
            rows,
            empty=f"every invariant holds; {clean}" if everything else clean,
        )
        if len(findings) > SHOWN:
            typer.echo(f"and {len(findings) - SHOWN} more; all of them with --json")
    raise typer.Exit(1 if findings else 0)


@working
def republish(
    service: Service,
    event_ids: EventIds = None,
    since: Since = None,
) -> None:
    """Publish events once more, under their old ids.

    Those that are named, or all since a time. Whoever has handled an event drops it.
    """
    if bool(event_ids) == (since is not None):
        raise typer.BadParameter("name events, or say --since", param_hint="EVENT")
    from servicelane import dead_letters

    count = dead_letters.republish(dead_letters.open_executor(service), event_ids=event_ids, since=since)
    typer.echo(f"{count} to be published again")
