"""The workshop under test."""

from collections.abc import Callable

import pytest

from chassis.service.entrypoints import Service
from services.workshop.service import WorkshopService
from tests.services.desk import Desk
from tests.services.workshop.electric import electric_shop
from tests.services.workshop.shop import Shop


@pytest.fixture
def shop(open_desk: Callable[[type[Service]], Desk]) -> Shop:
    """A workshop that knows its neighbours and has opened no order yet."""
    return Shop(open_desk(WorkshopService))


@pytest.fixture
def electric(shop: Shop) -> Shop:
    """The same one, with electric cars."""
    return electric_shop(shop)
