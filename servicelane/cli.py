"""The `servicelane` command: its options and which commands there are."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from servicelane.commands import dead_letters, preparing, proving, running

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(preparing.accounts, name="accounts", help="The first administrator; other accounts are made over HTTP.")
app.add_typer(dead_letters.app, name="dead-letters", help="Messages a service gave up on: list, show, replay.")

for command in (
    running.run,
    running.demo,
    preparing.provision,
    preparing.migrate,
    preparing.topology,
    proving.reconcile,
    proving.republish,
    running.health,
):
    app.command()(command)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"servicelane {version('servicelane')}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--embedded-data", metavar="FOLDER", help="Work on the embedded suite's files in this folder."),
    ] = None,
    asked: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """The after-sales services of a dealer group.

    Exit status: 0 done, 1 something was found, 2 it could not be done.
    """
    context.obj = data
    if data is not None and context.invoked_subcommand not in ("run", "demo"):
        from servicelane import embedded

        embedded.use(data)
