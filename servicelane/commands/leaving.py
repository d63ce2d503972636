"""`dealer`: all that is held of one dealer, written into a file and erased."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from servicelane.commands.help import Command, Group, help_text
from servicelane.commands.working import working
from servicelane.texts import text

app = typer.Typer(cls=Group, no_args_is_help=True)

Dealer = Annotated[str, typer.Argument(metavar="DEALER", help=help_text("cli.leaving.dealer"))]


@app.command(cls=Command, help=help_text("cli.leaving.export_help"))
@working
def export(dealer: Dealer, file: Annotated[Path, typer.Option("--to", metavar="FILE", help=help_text("cli.leaving.to"))]) -> None:
    """Write all that is held of a dealer into a file."""
    from servicelane import leaving

    rows = leaving.export(dealer, file)
    typer.echo(text("cli.leaving.exported", dealer=dealer, file=file, number=sum(rows.values())))


@app.command(cls=Command, help=help_text("cli.leaving.erase_help"))
@working
def erase(
    dealer: Dealer,
    exported: Annotated[Path, typer.Option("--exported", metavar="FILE", help=help_text("cli.leaving.exported_file"))],
    confirm: Annotated[str | None, typer.Option(metavar="DEALER", help=help_text("cli.leaving.confirm"))] = None,
) -> None:
    """Erase what the file has, but for the books."""
    from servicelane import leaving
    from servicelane.output import show_table

    if confirm is None and sys.stdin is not None and sys.stdin.isatty():
        confirm = typer.prompt(text("cli.leaving.prompt", dealer=dealer))
    if confirm != dealer:
        raise typer.BadParameter(text("cli.leaving.not_confirmed", dealer=dealer), param_hint="--confirm")
    done = leaving.erase(dealer, exported)
    rows = [(name, done.gone.get(name, 0), done.kept.get(name, 0)) for name in sorted({*done.gone, *done.kept})]
    heads = [text("cli.leaving.table"), text("cli.leaving.gone"), text("cli.leaving.kept")]
    show_table(heads, rows, empty=text("cli.leaving.nothing"))
    typer.echo(text("cli.leaving.erased", dealer=dealer, principals=done.principals, files=done.files))
