"""`run`, `demo`, `health`: services in this process, and whether one answers."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from servicelane.commands.arguments import AsJson, Names
from servicelane.commands.working import working
from servicelane.suite import SERVICES

DATA = Path("data")


@working
def run(  # noqa: PLR0917  # typer gives them by name
    context: typer.Context,
    names: Names = None,
    in_one: Annotated[bool, typer.Option("--embedded", help="The whole suite in this process; needs no server.")] = False,
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help=f"Where the embedded suite keeps its files. [default: {DATA}]")
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="Where the embedded suite listens; 0.0.0.0 for every address. [default: 127.0.0.1]"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="PORT", min=0, max=65535, help="Its port, 0 for any free one. [default: that of HTTP_ADDRESS, or 8000]"
        ),
    ] = None,
) -> None:
    """Run services, or the whole suite embedded.

    Until Ctrl-C or SIGTERM, which finish what is under way.

    \b
    servicelane run --embedded --port 9000   the whole suite, without servers
    servicelane run parts                    with its settings in the environment
    """
    if context.obj is not None:
        raise typer.BadParameter("run takes its folder by --embedded --data", param_hint="--embedded-data")
    if in_one:
        if names:
            raise typer.BadParameter("the embedded suite is all services: name none", param_hint="SERVICE")
        _run_embedded(data or DATA, host, port)
        return
    for option, value in (("--data", data), ("--host", host), ("--port", port)):
        if value is not None:
            raise typer.BadParameter("only with --embedded; else the environment says it", param_hint=option)
    from servicelane import running

    running.run(names or list(SERVICES))


def _run_embedded(data: Path, host: str | None, port: int | None) -> None:
    from servicelane import embedded, running
    from servicelane.welcome import create_first_administrator, welcome

    address = os.environ.get("HTTP_ADDRESS", "127.0.0.1:8000")
    given_host, _, given_port = address.rpartition(":")
    if host is not None or port is not None:
        address = f"{host or given_host}:{given_port if port is None else port}"
    with embedded.occupied(data, address):
        typer.echo(f"Preparing the suite in {data} …", err=True)
        embedded.prepare(create_first_administrator)
        running.run(SERVICES, when_started=partial(welcome, data))


@working
def demo(context: typer.Context, as_json: AsJson = False) -> None:
    """Show a customer's visit, from booking to gate pass.

    At two dealers, over HTTP, in this process and a temporary folder; nothing is left behind.
    """
    if context.obj is not None:
        raise typer.BadParameter("the demo has a folder of its own", param_hint="--embedded-data")
    from servicelane.demo import run as run_demo

    run_demo(as_json=as_json)


def health(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="Base address of a probe. [default: http://127.0.0.1 at the port of PROBE_ADDRESS, or 9000]"
        ),
    ] = "",
) -> None:
    """Ask the probe of a service whether it is alive.

    Exit status 0 if it is, 1 if not. For health checks of containers.
    """
    import requests

    from servicelane.failures import reason

    base = url or f"http://127.0.0.1:{os.environ.get('PROBE_ADDRESS', ':9000').rpartition(':')[2]}"
    try:
        valid = urlsplit(base).scheme in ("http", "https") and urlsplit(base).hostname and urlsplit(base).port != 0
    except ValueError:
        valid = False
    if not valid:
        raise typer.BadParameter(f"{base} is no address such as http://127.0.0.1:9000")
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment does not reach the loopback
        try:
            answer = session.get(f"{base.removesuffix('/')}/healthz", timeout=5)
        except requests.RequestException as error:
            typer.echo(f"servicelane: {base} does not answer: {reason(error)}", err=True)
            raise typer.Exit(1) from None
    if not answer.ok:
        typer.echo(f"servicelane: {base} answers {answer.status_code}: {' '.join(answer.text.split())[:200]}", err=True)
        raise typer.Exit(1)
