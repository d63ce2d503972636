"""What every command has that does more than to tell something."""

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def working(command: Callable[P, T]) -> Callable[P, T]:
    """The command with its logs on standard error, in the form a service's have; trouble only, unless LOG_LEVEL says more."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> T:
        from chassis.process.logs import configure_logging
        from chassis.process.settings import LOG_LEVELS

        level = os.environ.get("LOG_LEVEL", "").upper()
        configure_logging("servicelane", level if level in LOG_LEVELS else "WARNING")
        return command(*arguments, **options)

    return run
