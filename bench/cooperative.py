"""Runs the `main` of a module with eventlet's patch in place before anything else is imported.

python -m bench.cooperative bench.arms.load rpc
"""

import sys
import warnings
from collections.abc import Iterator
from importlib import import_module

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet announces its own end; nameko stands on it
    import eventlet

from eventlet.hubs import trampoline


def lines() -> Iterator[str]:
    """Lines of standard input, one at a time; other green threads run while none is there."""
    while True:
        trampoline(sys.stdin.fileno(), read=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def main() -> None:
    """Patch, import, run."""
    eventlet.monkey_patch()
    module = sys.argv.pop(1)
    import_module(module).main()


if __name__ == "__main__":
    main()
