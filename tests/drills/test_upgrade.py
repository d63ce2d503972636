"""A release takes the place of the one before while staff go on working, and is taken back: `make upgrade-drill`."""

from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
import pytest

from deploy.dev import Infrastructure
from deploy.dev.infrastructure import PROJECT
from servicelane import suite
from tests.drills.checkout import checked_out, release_before
from tests.drills.conftest import DrillAt
from tests.drills.rollout import Reader, Rollout, Visits
from tests.faults.bus import Bus
from tests.faults.world import World, Worlds
from tests.infrastructure import ServiceDatabase, Vhosts

pytestmark = pytest.mark.upgrade

SECONDS = 3600.0
BOTH_SECONDS = 5.0
"""So long everybody works with what there is, between two steps."""
ONE_RETRY = 1


def test_a_release_takes_the_place_of_the_one_before_and_is_taken_back(
    infrastructure: Infrastructure,
    vhosts: Vhosts,
    fresh_database: Callable[[str], ServiceDatabase],
    tmp_path_factory: pytest.TempPathFactory,
    drill_at: DrillAt,
) -> None:
    """Databases first, then services, gateway, console, replica by replica; back the other way round, over migrated databases.

    No request is answered by an error more than once, whoever asks a gateway that is away asks the other one (as a proxy would),
    no page is missed twice, and everything answered is there, once.
    """
    name = release_before()
    with checked_out(name) as before:

        def make() -> World:
            bus = Bus(vhosts.make(), infrastructure.management_url)
            databases: dict[str, Any] = {service: fresh_database(service) for service in suite.SERVICES}
            return World(bus, databases, tmp_path_factory.mktemp("world"), None, project=before)

        worlds = Worlds(make)
        with drill_at(f"upgrade from {name}, and back", worlds, SECONDS) as drill:
            rollout = Rollout(drill)
            try:
                drill.begin(3, over=5)
                drill.add(Visits(drill.world.desks, drill.orders))
                reader = Reader(rollout.consoles, drill.fleet.addresses[0], drill.world.desks[0].dealer, drill.orders[0].id)
                drill.add(reader)
                eventlet.sleep(BOTH_SECONDS)
                for project, steps in (
                    (PROJECT, (partial(drill.fleet.operator, "migrate"), rollout.services, rollout.gateway, rollout.console)),
                    (before, (rollout.console, rollout.gateway, rollout.services, partial(drill.fleet.operator, "migrate"))),
                ):
                    rollout.to(project)
                    for step in steps:
                        step()
                        eventlet.sleep(BOTH_SECONDS)
                drill.wait()
            finally:
                rollout.stop()
            drill.result.most_errors = drill.world.tally.most_errors
            assert reader.missed == []
            assert drill.result.most_errors <= ONE_RETRY, drill.world.tally
        worlds.discard()
