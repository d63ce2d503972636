"""The `servicelane` command."""

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import requests
import typer
from rich.console import Console

from chassis.process.settings import Settings
from chassis.wire.errors import SettingsError
from servicelane import dead_letters, embedded, suite
from servicelane import provision as provisioning
from servicelane.output import plain_errors

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="A dealer group's after-sales services.")
accounts = typer.Typer(no_args_is_help=True)
app.add_typer(accounts, name="accounts", help="Accounts that cannot be made over HTTP: the first administrator.")
app.add_typer(dead_letters.app, name="dead-letters", help="Messages a service gave up on: list, show, replay.")
console = Console()


@app.callback()
def main(
    data: Annotated[Path | None, typer.Option("--embedded-data", help="Work on the embedded suite in this folder.")] = None,
) -> None:
    """Have the commands find the embedded suite's databases, if asked to."""
    if data is not None:
        embedded.configure(data)


Names = Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(suite.SERVICES)}; all when none is named.")]


def _declare(names: list[str]) -> None:
    missing = suite.declare_all(names)
    console.print(f"declared: {', '.join(names)}")
    if missing:
        console.print(f"not there yet: {', '.join(sorted(missing))}; declare these services again once theirs are migrated")


def required(variable: str) -> str:
    """An environment variable that this command cannot do without."""
    value = os.environ.get(variable, "")
    if not value:
        raise SettingsError(f"{variable} is not set")
    return value


@app.command()
def run(
    names: Names = None,
    in_one: Annotated[bool, typer.Option("--embedded", help="All services in this process; nothing to install.")] = False,
    data: Annotated[Path, typer.Option(help="Where the embedded suite keeps its files.")] = embedded.DEFAULT_FOLDER,
) -> None:
    """Run services until SIGTERM: one or more in server mode, or the whole suite embedded."""
    with plain_errors():
        if not in_one:
            suite.run(names or list(suite.SERVICES))
            return
        embedded.configure(data)
        embedded.prepare()
        from servicelane.welcome import first_time, welcome

        suite.run(suite.SERVICES, when_started=partial(welcome, open_demo=first_time()))


@app.command()
def demo(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False) -> None:
    """Run the main job at two dealers, from booking to gate pass, in this process and a temporary folder."""
    with plain_errors():
        from servicelane.demo import run as run_demo  # loads all services

        run_demo(as_json=as_json)


@accounts.command("create-admin")
def create_admin(
    login: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Create an account that administers the group: the first one, or one more."""
    with plain_errors():
        from servicelane.setup import create_administrator  # loads the gateway

        create_administrator(login, password)
        console.print(f"created {login}")


@app.command()
def migrate(names: Names = None) -> None:
    """Bring databases to the newest revision and declare exchanges, queues and bindings."""
    with plain_errors():
        chosen = names or list(suite.SERVICES)
        suite.migrate_all(chosen)
        console.print(f"migrated: {', '.join(chosen)}")
        _declare(chosen)


@app.command()
def provision(names: Names = None) -> None:
    """Create databases, roles and broker users as the services' settings name them. Needs administrators' URLs."""
    with plain_errors():
        for name in names or list(suite.SERVICES):
            provisioning.provision(
                Settings.read(name),
                admin_database_url=required("ADMIN_DATABASE_URL"),
                management_url=required("RABBITMQ_MANAGEMENT_URL"),
            )


@app.command()
def topology(names: Names = None) -> None:
    """Declare exchanges, queues and bindings only; what is missing is put back, nothing is removed."""
    with plain_errors():
        _declare(names or list(suite.SERVICES))


@app.command()
def republish(
    service: Annotated[str, typer.Argument(help="The service that announced the events.")],
    event_ids: Annotated[list[str] | None, typer.Argument(help="Event ids; without any, --since.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Every event since this time (UTC).")] = None,
) -> None:
    """Publish events once more, under their old ids; whoever has handled them drops them."""
    if bool(event_ids) == (since is not None):
        raise typer.BadParameter("name events or say --since")
    with plain_errors():
        count = dead_letters.republish(
            dead_letters.open_core(service), event_ids=event_ids or None, since=since and since.replace(tzinfo=UTC)
        )
        console.print(f"{count} to be published again")


@app.command()
def reconcile(
    dealer: Annotated[str | None, typer.Option(help="One dealer only.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only deliveries made or reversed since this time (UTC).")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every invariant, not only the deliveries.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Prove that every delivered order has its effects once, over all services; exit status 1 if one has not."""
    with plain_errors():
        from servicelane import reconcile as reconciling  # its name is the command's

        findings = reconciling.reconcile(dealer=dealer, since=since and since.replace(tzinfo=UTC), everything=everything)
        reconciling.show(findings, as_json=as_json)
    raise typer.Exit(1 if findings else 0)


@app.command()
def health(url: Annotated[str, typer.Argument(help="Base address of a probe.")] = "") -> None:
    """Ask this container's probe whether the service is alive; exit status 0 if it is. For health checks of containers."""
    address = url or f"http://127.0.0.1:{os.environ.get('PROBE_ADDRESS', ':9000').rpartition(':')[2]}"
    try:
        answer = requests.get(f"{address}/healthz", timeout=5)
    except requests.RequestException as error:
        print(f"servicelane: {address} does not answer: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if answer.ok else 1)
