"""The house whose doors are tried."""

from collections.abc import Iterator

import pytest

from tests.doors.house import House, plain_answer


@pytest.fixture(scope="session")
def built_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One house for all doors: building its application takes a second."""
    folder, all_you_like = str(tmp_path_factory.mktemp("doors")), "1000000/second"
    return House(folder, RATE_PER_DEALER=all_you_like, RATE_PER_PRINCIPAL=all_you_like, RATE_PER_VISITOR=all_you_like)


@pytest.fixture
def house(built_house: House) -> Iterator[House]:
    """The house with nothing noted yet; with its own doors again, whatever a test has put in their place."""
    built_house.services.calls.clear()
    built_house.services.answer = plain_answer
    app = built_house.app
    yield built_house
    built_house.app = app
