"""What every measurement begins and ends with, whatever it measures."""

import signal
import sys
from collections.abc import Callable

from rich.console import Console

from bench.arms.worker import ArmFailed
from bench.data.sandbox import Sandbox
from deploy.dev import InfrastructureError, ensure

console = Console(width=None if sys.stdout.isatty() else 120)
"""In files, tables need more than the eighty columns that are taken for granted there."""


def measured(measure: Callable[[Sandbox], int]) -> int:
    """Measure in a sandbox of this run, which is empty before and gone after; the exit status.

    It is what `measure` answers: 0 when all is as it should be. An arm that failed is 1, servers that cannot be had are 2.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started is ended
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # progress is wanted in files, too
    try:
        sandbox = Sandbox(ensure())
    except InfrastructureError as error:
        console.print(f"bench: {error}")
        return 2
    sandbox.clear()
    try:
        return measure(sandbox)
    except (ArmFailed, InfrastructureError) as error:
        console.print(f"bench: {error}")
        return 1
    finally:
        sandbox.clear()
