"""The disk of all databases is full: what did not fit was not done and is said to be so, and all goes on once there is room."""

from collections.abc import Iterator

import eventlet
import pytest

from tests.drills.conftest import DrillAt, worlds_of
from tests.drills.servers import One
from tests.faults.world import Worlds

pytestmark = pytest.mark.drill

DISK = "900m"
FULL_SECONDS = 15.0


@pytest.fixture
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The suite with its databases on a small disk."""
    with worlds_of(One("disk", disk=DISK), tmp_path_factory) as made:
        yield made


def test_a_full_disk_of_the_databases_loses_nothing(worlds: Worlds, drill_at: DrillAt) -> None:
    """Nobody is answered by a defect (500) and nothing answered is lost; room is made, and the server started if it stopped."""
    with drill_at("the disk of all databases full", worlds) as drill:
        drill.begin(24, over=25)
        eventlet.sleep(5)
        ballast = drill.servers.disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1_000_000)):
                    pass
            except OSError:
                drill.inject()
        eventlet.sleep(FULL_SECONDS)
        ballast.unlink()
