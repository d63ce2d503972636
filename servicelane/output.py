"""How a command ends that cannot do what it was asked."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from chassis.wire.errors import ServiceError, SettingsError
from servicelane.provision import ProvisioningFailed


@contextmanager
def plain_errors() -> Iterator[None]:
    """A wrong setting or a refusal ends the command with one line, not with a stack trace."""
    try:
        yield
    except (SettingsError, ServiceError, ProvisioningFailed) as error:
        print(f"servicelane: {error}", file=sys.stderr)
        raise typer.Exit(2) from None
