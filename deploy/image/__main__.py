"""`python -m deploy.image`: build the image, and write what is in it to build/servicelane-VERSION.cdx.json."""

import argparse
import sys

from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import exit_code, say
from deploy.image.building import Built, Revision, build


def main() -> int:
    """Build; a failure is one line on standard error and exit code 1, Ctrl-C is 130."""
    parser = argparse.ArgumentParser(prog="make image", description=__doc__)
    parser.add_argument("--tag", help="what the image is called (servicelane/suite, with the version and `latest`)")
    parser.add_argument("--network", help="the engine's network that packages are fetched through, `host` for the host's own")
    parser.add_argument("--no-cache", action="store_true", help="build every step anew")
    given = parser.parse_args()
    revision = Revision.of(PROJECT)
    tags = [given.tag] if given.tag else [f"servicelane/suite:{revision.version}", "servicelane/suite:latest"]
    return exit_code(lambda: _said(build(revision, tags, network=given.network, cached=not given.no_cache)))


def _said(built: Built) -> None:
    materials = PROJECT / "build" / f"servicelane-{built.revision.version}.cdx.json"
    materials.parent.mkdir(exist_ok=True)
    materials.write_bytes(built.file("/opt/servicelane/sbom.cdx.json"))
    where = materials.relative_to(PROJECT)
    say(f"{', '.join(built.tags)}: {built.megabytes:.0f} MB, revision {built.revision.name}; what is in it: {where}")


if __name__ == "__main__":
    sys.exit(main())
