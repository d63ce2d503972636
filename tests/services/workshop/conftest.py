"""The workshop under test."""

from collections.abc import Callable

import pytest

from chassis.service.entrypoints import Service
from chassis.wire.values import Hours
from contracts.workshop.pricing import OperationEntry, PublishOperations
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


@pytest.fixture
def skilled(shop: Shop) -> Shop:
    """An operation that needs HV of whoever does it and CHECK of whoever signs its inspection; zhang and qin are known."""
    operation = OperationEntry(
        operation_code="HV-BAT",
        name_zh="动力电池检修",
        name_en="Traction battery",
        hours=Hours.of("2.00"),
        work_class="overhaul",
        skills=["hv"],
        inspection_skills=["CHECK"],
    )
    shop.desk.do(PublishOperations(operations=[operation]), dealer=None)
    shop.desk.employ("qin", "quality_inspector")
    return shop
