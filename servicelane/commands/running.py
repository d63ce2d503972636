"""`run`, `demo`, `health`: services in this process, and whether one answers."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from servicelane.commands.arguments import AsJson, Processes
from servicelane.commands.help import help_text
from servicelane.commands.working import working
from servicelane.suite import CONSOLE, SERVICES
from servicelane.texts import text

DATA = Path("data")


@working
def run(  # noqa: PLR0917  # typer gives them by name
    context: typer.Context,
    names: Processes = None,
    in_one: Annotated[bool, typer.Option("--embedded", help=help_text("cli.run.embedded"))] = False,
    data: Annotated[Path | None, typer.Option(metavar="FOLDER", help=help_text("cli.run.data", folder=DATA))] = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help=help_text("cli.run.host")),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=0, max=65535, help=help_text("cli.run.port")),
    ] = None,
    console_port: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=0, max=65535, help=help_text("cli.run.console_port")),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help=help_text("cli.run.fresh"))] = False,
) -> None:
    """Run services, or the whole suite embedded, until a signal ends them."""
    if context.obj is not None:
        raise typer.BadParameter(text("cli.run.folder_by_data"), param_hint="--embedded-data")
    if in_one:
        if names:
            raise typer.BadParameter(text("cli.run.embedded_is_all"), param_hint="SERVICE")
        _run_embedded(data or DATA, host, port, console_port, fresh=fresh)
        return
    only_embedded = {"--data": data, "--host": host, "--port": port, "--console-port": console_port, "--fresh": fresh or None}
    for option, value in only_embedded.items():
        if value is not None:
            raise typer.BadParameter(text("cli.run.only_embedded"), param_hint=option)
    from console.settings import ConsoleSettings
    from servicelane import running

    names = names or list(SERVICES)
    console = ConsoleSettings.read() if CONSOLE in names else None
    running.run([name for name in names if name != CONSOLE], console=console)


def _run_embedded(data: Path, host: str | None, port: int | None, console_port: int | None, *, fresh: bool) -> None:
    from servicelane import embedded, running
    from servicelane.welcome import DEMO, create_first_administrator, welcome

    address = os.environ.get("HTTP_ADDRESS", "127.0.0.1:8000")
    given_host, _, given_port = address.rpartition(":")
    if host is not None or port is not None:
        address = f"{host or given_host}:{given_port if port is None else port}"
    with embedded.occupied(data, address, fresh=fresh):
        embedded.console_settings(console_port, DEMO)  # what was asked for and is taken is said before the minutes of preparing
        typer.echo(text("cli.run.preparing", folder=data), err=True)
        embedded.prepare(create_first_administrator)
        console = embedded.console_settings(console_port, DEMO)
        running.run(SERVICES, console=console, when_started=partial(welcome, data, console))


@working
def demo(context: typer.Context, as_json: AsJson = False) -> None:
    """Show a customer's visit, from booking to gate pass; nothing is left behind."""
    if context.obj is not None:
        raise typer.BadParameter(text("cli.demo.own_folder"), param_hint="--embedded-data")
    from servicelane.demo import run as run_demo

    run_demo(as_json=as_json)


def health(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help=help_text("cli.health.url")),
    ] = "",
) -> None:
    """Ask the probe of a service whether it is alive; exit status 1 if not."""
    import requests

    from servicelane.failures import reason

    base = url or f"http://127.0.0.1:{os.environ.get('PROBE_ADDRESS', ':9000').rpartition(':')[2]}"
    try:
        valid = urlsplit(base).scheme in ("http", "https") and urlsplit(base).hostname and urlsplit(base).port != 0
    except ValueError:
        valid = False
    if not valid:
        raise typer.BadParameter(text("cli.health.no_address", url=base))
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment does not reach the loopback
        try:
            answer = session.get(f"{base.removesuffix('/')}/healthz", timeout=5)
        except requests.RequestException as error:
            typer.echo(f"servicelane: {text('cli.health.no_answer', url=base, reason=reason(error))}", err=True)
            raise typer.Exit(1) from None
    if not answer.ok:
        said = text("cli.health.answer", url=base, status=answer.status_code, answer=" ".join(answer.text.split())[:200])
        typer.echo(f"servicelane: {said}", err=True)
        raise typer.Exit(1)


def health_record_sandbox(
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help=help_text("cli.health_record_sandbox.port"))
    ] = 8899,
    down: Annotated[bool, typer.Option("--down", help=help_text("cli.health_record_sandbox.down"))] = False,
) -> None:
    """Run a receiver of electronic health records to try things with."""
    from servicelane.failures import reason
    from servicelane.health_record_sandbox import HealthRecordSandbox

    try:
        sandbox = HealthRecordSandbox(port, down=down)
    except OSError as error:
        raise typer.BadParameter(reason(error), param_hint="--port") from None
    typer.echo(text("cli.health_record_sandbox.ready", url=sandbox.url))
    sandbox.serve()
