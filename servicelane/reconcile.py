"""`servicelane reconcile`: the proof that every delivered order was billed, deducted and followed up, each once."""

import json
from dataclasses import asdict
from datetime import datetime

from rich.console import Console
from rich.table import Table

from chassis.process.settings import Settings
from chassis.wire.errors import NotFound
from servicelane import suite
from servicelane.invariants import ALL, Books, Finding, check, deliveries

SHOWN = 50
"""How many findings people are shown at once."""


def reconcile(*, dealer: str | None = None, since: datetime | None = None, everything: bool = False) -> list[Finding]:
    """What is missing or double over the whole deployment, at one dealer, or since a time; all invariants if `everything`."""
    urls = {name: Settings.read(name).database_url for name in suite.SERVICES}
    with Books.open(urls, since) as books:
        if dealer is not None and dealer not in books.dealers():
            raise NotFound("not_found", kind="dealer", id=dealer)
        return check(books, ALL if everything else (deliveries,), dealer=dealer)


def show(findings: list[Finding], *, as_json: bool) -> None:
    """Print findings for people or for programs."""
    if as_json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
        return
    console = Console()
    if not findings:
        console.print("every delivered order has its invoices, its deduction and its follow-up, each once")
        return
    table = Table("invariant", "dealer", "what", "event to publish again")
    for one in findings[:SHOWN]:
        table.add_row(one.invariant, one.dealer, one.what, one.event)
    console.print(table)
    if len(findings) > SHOWN:
        console.print(f"and {len(findings) - SHOWN} more; all of them with --json")
