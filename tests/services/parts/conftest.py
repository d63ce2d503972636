"""A desk of parts with the trade's words on it."""

import pytest

from services.parts.service import PartsService
from tests.services.parts.scene import Scene


@pytest.fixture
def desk(open_desk):
    return open_desk(PartsService)


@pytest.fixture
def scene(desk):
    return Scene(desk)
