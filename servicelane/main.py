"""The entry point of the `servicelane` command: makes the process cooperative before anything else is imported.

However a command ends, it ends with an exit status and at most one line on standard error: 0 done, 1 something was found, 2 it
could not be done, 130 interrupted.
"""

import errno
import os
import signal
import sys
import warnings

INTERRUPTED = 130
READER_GONE = 141
"""What a shell says of a program that SIGPIPE ended."""


def main() -> None:
    """Patch the standard library for eventlet, run the command line, and exit."""
    try:
        # eventlet takes whatever is raised while it patches for a failure to patch.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # eventlet announces its own end; nameko stands on it
            import eventlet  # the patch comes before every other import

            eventlet.monkey_patch()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])

        status = run_command()
    except KeyboardInterrupt:
        status = INTERRUPTED
    if status == INTERRUPTED:
        sys.stderr.flush()
        os._exit(status)  # at a usual exit eventlet would go on with its green threads, and they would say how they were cut off
    sys.exit(status)


def run_command() -> int:
    """Run the command that `sys.argv` names; returns its exit status."""
    import typer

    from servicelane.cli import app

    try:
        status = app(prog_name="servicelane", standalone_mode=False)
        if sys.stdout is not None:  # somebody may have closed it
            sys.stdout.flush()
    except typer.Abort:
        return INTERRUPTED  # at a prompt
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):  # typer makes one of the other
            raise
        _forget_output()  # whoever read it has gone
        return READER_GONE
    except Exception as error:  # noqa: BLE001  # whatever it is becomes one line and an exit status
        from servicelane.failures import tell  # loads the database's and the broker's libraries

        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _forget_output()
        return tell(error)
    return status if isinstance(status, int) else 0


def _forget_output() -> None:
    """What is still buffered must not be tried once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
