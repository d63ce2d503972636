"""The workshop under test."""

from collections.abc import Callable

import pytest

from chassis.service.entrypoints import Service
from services.workshop.service import WorkshopService
from tests.services.desk import Desk
from tests.services.workshop.electric import electric_shop
from tests.services.workshop.legs import Fleet
from tests.services.workshop.shop import Shop


@pytest.fixture
def desk(open_desk: Callable[[type[Service]], Desk]) -> Desk:
    """The workshop at its desk."""
    return open_desk(WorkshopService)


@pytest.fixture
def shop(desk: Desk) -> Shop:
    """A workshop that knows its neighbours and has opened no order yet."""
    return Shop(desk)


@pytest.fixture
def fleet(desk: Desk) -> Fleet:
    """The same one, with drivers who fetch cars and bring them."""
    return Fleet(desk)


@pytest.fixture
def electric(shop: Shop) -> Shop:
    """The same one, with electric cars."""
    return electric_shop(shop)
