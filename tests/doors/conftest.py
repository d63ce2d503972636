"""The house whose doors are tried."""

import pytest

from tests.doors.house import House, plain_answer


@pytest.fixture(scope="session")
def built_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One house for all doors: building its application takes a second."""
    return House(str(tmp_path_factory.mktemp("doors")), RATE_PER_DEALER="1000000/second", RATE_PER_PRINCIPAL="1000000/second")


@pytest.fixture
def house(built_house: House) -> House:
    """The house with nothing noted yet."""
    built_house.services.calls.clear()
    built_house.services.answer = plain_answer
    return built_house
