"""`python -m deploy.release VERSION`: cut a release; without a version: tag the one that was cut."""

import argparse
import sys

from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import exit_code
from deploy.release.making import cut, tag


def main() -> int:
    """Do it; what stands in the way is one line on standard error and exit code 1, Ctrl-C is 130."""
    parser = argparse.ArgumentParser(prog="make release", description=__doc__)
    parser.add_argument("version", nargs="?", help="what is to be cut, 1.4.0; without it what was cut is tagged")
    parser.add_argument("--tested", action="store_true", help="`make check` and `make test` ended well on this very commit")
    given = parser.parse_args()
    return exit_code(lambda: cut(PROJECT, given.version) if given.version else tag(PROJECT, tested=given.tested))


if __name__ == "__main__":
    sys.exit(main())
