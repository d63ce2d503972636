"""Private RabbitMQ and PostgreSQL for development and tests.

`ensure()` answers with servers that run: those the environment names, else containers, else private instances of installed
binaries, else freshly installed ones. Only the standard library is used, so that it runs before the virtual environment exists;
but for a Docker engine, which is asked through its SDK.
"""

from deploy.dev.infrastructure import Infrastructure, ensure
from deploy.dev.processes import InfrastructureError

__all__ = ["Infrastructure", "InfrastructureError", "ensure"]
