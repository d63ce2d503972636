"""What a simulation says: how far it is, and at the end each rule with how often it was seen, and reconcile's verdict."""

import json

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from servicelane.output import console, show_table, table
from servicelane.simulation.running import Outcome, Plan, simulate
from servicelane.texts import text

SHOWN = 20
"""How many findings people are shown."""


def run(plan: Plan, *, as_json: bool) -> Outcome:
    """Live the days with a progress bar on standard error, and print what came of them."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True, quiet=as_json)) as progress:
        bar = progress.add_task(text("cli.simulate.preparing"), total=1)

        def tell(part: float) -> None:
            day = min(int(part * (plan.days + 1)), plan.days)
            said = text("cli.simulate.day", day=day, days=plan.days) if day else text("cli.simulate.eve")
            progress.update(bar, completed=part, description=said)

        outcome = simulate(plan, tell)
    if as_json:
        print(json.dumps(outcome.dump()))
    else:
        _show(outcome)
    return outcome


def _show(outcome: Outcome) -> None:
    rows = [(rule, text(f"cli.simulate.rule.{rule}"), times) for rule, times in outcome.rules.items()]
    headers = (text("cli.simulate.rule"), text("cli.simulate.what"), text("cli.simulate.times"))
    console().print(table(headers, rows))
    print(text("cli.simulate.orders", orders=outcome.orders, seconds=round(outcome.seconds)))
    found = [(one.invariant, one.dealer, one.what) for one in outcome.findings[:SHOWN]]
    headers = (text("cli.reconcile.invariant"), text("cli.reconcile.of_dealer"), text("cli.reconcile.what"))
    show_table(headers, found, empty=text("cli.reconcile.all_clean", clean=text("cli.reconcile.clean")))
    if len(outcome.findings) > SHOWN:
        print(text("cli.simulate.more", number=len(outcome.findings) - SHOWN))
