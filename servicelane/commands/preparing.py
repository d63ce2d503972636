"""`provision`, `migrate`, `topology`, `accounts`: what an administrator does before services run."""

import os
from typing import Annotated

import typer

from servicelane.commands.arguments import Names
from servicelane.commands.working import working
from servicelane.suite import SERVICES

accounts = typer.Typer(no_args_is_help=True)


@working
def provision(names: Names = None) -> None:
    """Create databases, roles and broker users.

    As the settings of the services name them. Needs the administrators' URLs in ADMIN_DATABASE_URL and RABBITMQ_MANAGEMENT_URL.
    It may be repeated.
    """
    from chassis.process.settings import Settings
    from servicelane import provision as provisioning

    chosen = names or list(SERVICES)
    database, management = _required("ADMIN_DATABASE_URL"), _required("RABBITMQ_MANAGEMENT_URL")
    for settings in [Settings.read(name) for name in chosen]:
        provisioning.provision(settings, admin_database_url=database, management_url=management)
    typer.echo(f"provisioned: {', '.join(chosen)}")


@working
def migrate(names: Names = None) -> None:
    """Bring databases and bus to the newest revision.

    Tables by MIGRATION_DATABASE_URL, then exchanges, queues and bindings. It may be repeated.
    """
    from servicelane.preparing import migrate_all

    chosen = names or list(SERVICES)
    migrate_all(chosen)
    typer.echo(f"migrated: {', '.join(chosen)}")
    topology(chosen)


@working
def topology(names: Names = None) -> None:
    """Declare exchanges, queues and bindings only.

    What is missing is put back, nothing is removed.
    """
    from servicelane.preparing import declare_all

    chosen = names or list(SERVICES)
    missing = declare_all(chosen)
    typer.echo(f"declared: {', '.join(chosen)}")
    if missing:
        typer.echo(f"not there yet: {', '.join(sorted(missing))}; declare these services again once theirs are migrated")


@accounts.command("create-admin")
@working
def create_admin(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="Lower-case letters, digits and . _ @ -")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True, hide_input=True, confirmation_prompt=True, help="At least 10 characters; asked for if not given."
        ),
    ],
) -> None:
    """Create an account that administers the group.

    The first one, or one more. Needs the gateway's settings.
    """
    from servicelane.setup import create_administrator

    create_administrator(login, password)
    typer.echo(f"created {login}")


def _required(variable: str) -> str:
    from chassis.wire.errors import SettingsError

    value = os.environ.get(variable, "")
    if not value:
        raise SettingsError(f"{variable} is not set")
    return value
