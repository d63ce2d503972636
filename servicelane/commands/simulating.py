"""`simulate`: whole days at several dealers, and which rules were seen to happen."""

from typing import Annotated

import typer

from servicelane.commands.arguments import AsJson
from servicelane.commands.help import help_text
from servicelane.commands.working import working
from servicelane.texts import text


@working
def simulate(
    context: typer.Context,
    dealers: Annotated[int, typer.Option(metavar="N", min=1, max=99, help=help_text("cli.simulate.dealers"))] = 3,
    days: Annotated[int, typer.Option(metavar="D", min=1, max=366, help=help_text("cli.simulate.days"))] = 5,
    seed: Annotated[int, typer.Option(metavar="S", help=help_text("cli.simulate.seed"))] = 1,
    as_json: AsJson = False,
) -> None:
    """Live whole days at several dealers, and say how often each rule was seen; exit status 1 if the books do not agree."""
    if context.obj is not None:
        raise typer.BadParameter(text("cli.simulate.own_folder"), param_hint="--embedded-data")
    from servicelane.simulation.running import Plan
    from servicelane.simulation.telling import run as run_simulation

    outcome = run_simulation(Plan(dealers, days, seed), as_json=as_json)
    raise typer.Exit(1 if outcome.findings else 0)
