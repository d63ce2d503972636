"""The image, built once for all that look at it."""

import os

import pytest

from deploy.dev.infrastructure import PROJECT
from deploy.image.building import Built, Revision, build

TAG = "servicelane/suite:packaging"
NETWORK = os.environ.get("BUILD_NETWORK")
"""Through which of the engine's networks a build fetches packages: `host`, where its own leads nowhere."""


@pytest.fixture(scope="session")
def built() -> Built:
    """The image of this checkout, by the engine that DOCKER_HOST names."""
    return build(Revision.of(PROJECT), [TAG], network=NETWORK)
