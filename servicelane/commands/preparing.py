"""`provision`, `migrate`, `topology`, `accounts`: what an administrator does before services run."""

import os
import sys
from typing import Annotated

import typer

from servicelane.commands.arguments import Names
from servicelane.commands.help import Command, Group, help_text
from servicelane.commands.working import working
from servicelane.suite import SERVICES
from servicelane.texts import text

accounts = typer.Typer(cls=Group, no_args_is_help=True)


@working
def provision(
    names: Names = None,
    outsider: Annotated[str | None, typer.Option(metavar="NAME", help=help_text("cli.provision.outsider"))] = None,
) -> None:
    """Create the databases, roles and broker users that the settings of services name, or the broker user of an outsider."""
    from chassis.process.settings import Settings
    from servicelane import provision as provisioning
    from servicelane.outsiders import provision_outsider

    if outsider is not None:
        if names:
            raise typer.BadParameter(text("cli.provision.outsider_or_services"))
        typer.echo(text("cli.provision.outsider_done", name=outsider, uri=provision_outsider(outsider, os.environ)))
        return
    chosen = names or list(SERVICES)
    database, management = _required("ADMIN_DATABASE_URL"), _required("RABBITMQ_MANAGEMENT_URL")
    for settings in [Settings.read(name) for name in chosen]:
        provisioning.provision(settings, admin_database_url=database, management_url=management)
    typer.echo(text("cli.provision.done", services=", ".join(chosen)))


@working
def migrate(names: Names = None) -> None:
    """Bring databases and bus to the newest revision."""
    from servicelane.preparing import migrate_all

    chosen = names or list(SERVICES)
    migrate_all(chosen)
    typer.echo(text("cli.migrate.done", services=", ".join(chosen)))
    topology(chosen)


@working
def topology(names: Names = None) -> None:
    """Declare exchanges, queues and bindings; nothing is removed."""
    from servicelane.preparing import declare_all

    chosen = names or list(SERVICES)
    missing = declare_all(chosen)
    typer.echo(text("cli.topology.done", services=", ".join(chosen)))
    if missing:
        typer.echo(text("cli.topology.missing", exchanges=", ".join(sorted(missing))))


@accounts.command("create-admin", cls=Command, help=help_text("cli.create_admin.help"))
@working
def create_admin(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help=help_text("cli.create_admin.login"))],
    password: Annotated[str | None, typer.Option(help=help_text("cli.create_admin.password"))] = None,
) -> None:
    """Create an account that administers the group."""
    from servicelane.setup import create_administrator

    create_administrator(login, password or _asked_for())
    typer.echo(text("cli.create_admin.done", login=login))


def _asked_for() -> str:
    """The password, asked for twice at a terminal; the first line of whatever stands in its place."""
    from servicelane.failures import CannotDo

    if sys.stdin is not None and sys.stdin.isatty():
        return str(typer.prompt(text("cli.create_admin.prompt"), hide_input=True, confirmation_prompt=True))
    password = "" if sys.stdin is None else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CannotDo(text("cli.create_admin.no_terminal"))
    return password


def _required(variable: str) -> str:
    from chassis.process.settings import setting
    from chassis.wire.errors import SettingsError

    value = setting("", variable)
    if not value:
        raise SettingsError(text("cli.provision.not_set", variable=variable))
    return value
