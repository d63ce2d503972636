"""The `servicelane` command: its options and which commands there are."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from servicelane.commands import dead_letters, leaving, preparing, proving, running, simulating
from servicelane.commands.help import Command, Group, help_text

app = typer.Typer(cls=Group, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(preparing.accounts, name="accounts", help=help_text("cli.accounts.help"))
app.add_typer(dead_letters.app, name="dead-letters", help=help_text("cli.dead_letters.help"))
app.add_typer(leaving.app, name="dealer", help=help_text("cli.leaving.help"))

for command, explained in (
    (running.run, f"{help_text('cli.run.help')}\n\n\b\n{help_text('cli.run.examples')}"),
    (running.demo, help_text("cli.demo.help")),
    (simulating.simulate, help_text("cli.simulate.help")),
    (preparing.provision, help_text("cli.provision.help")),
    (preparing.migrate, help_text("cli.migrate.help")),
    (preparing.topology, help_text("cli.topology.help")),
    (proving.reconcile, help_text("cli.reconcile.help")),
    (proving.republish, help_text("cli.republish.help")),
    (proving.recall, help_text("cli.recall.help")),
    (running.health, help_text("cli.health.help")),
    (running.health_record_sandbox, help_text("cli.health_record_sandbox.help")),
):
    app.command(cls=Command, help=explained)(command)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"servicelane {version('servicelane')}")
        raise typer.Exit


@app.callback(help=help_text("cli.servicelane.help"))
def main(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--embedded-data", metavar="FOLDER", help=help_text("cli.servicelane.embedded_data")),
    ] = None,
    asked: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=help_text("cli.servicelane.version"))
    ] = False,
) -> None:
    """What is said before the command."""
    context.obj = data
    if data is not None and context.invoked_subcommand not in ("run", "demo", "simulate"):
        from servicelane import embedded

        embedded.use(data)
