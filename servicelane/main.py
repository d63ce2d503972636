"""The entry point of the `servicelane` command: makes the process cooperative before anything else is imported."""

import warnings


def main() -> None:
    """Patch the standard library for eventlet, then run the command line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # eventlet announces its own end; nameko stands on it
        import eventlet  # the patch comes before every other import

        eventlet.monkey_patch()

    from servicelane.cli import app

    app()
