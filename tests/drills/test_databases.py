"""A database with a standby loses its primary: what was answered is there, or is known to be lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import eventlet
import pytest

from servicelane import suite
from tests.drills.conftest import DrillAt
from tests.drills.drill import Drill
from tests.drills.servers import Databases
from tests.faults.bus import Bus
from tests.faults.world import World, Worlds
from tests.infrastructure import Databases as Made
from tests.infrastructure import ServiceDatabase, Vhosts

pytestmark = pytest.mark.drill

NOTICED_SECONDS = 3.0
"""How long until whoever watches the primary promotes the standby."""


@contextmanager
def worlds_on(folders: pytest.TempPathFactory, *, synchronous: bool, on_pair: tuple[str, ...]) -> Iterator[Worlds]:
    """The suite with the databases of these services on the pair, and of the others elsewhere."""
    servers = Databases(synchronous=synchronous)

    def make() -> World:
        servers.heal()
        pair, others = Made(servers.primary), Made(servers.infrastructure)

        def database(name: str) -> ServiceDatabase:
            if name not in on_pair:
                return others.make(name)
            made = pair.make(name)
            urls = {key: servers.pair.url(getattr(made, key)) for key in ("url", "owner_url", "admin_url")}
            return replace(made, **urls)

        bus = Bus(Vhosts(servers.infrastructure).make(), servers.infrastructure.management_url)
        return World(bus, {name: database(name) for name in suite.SERVICES}, folders.mktemp("world"), servers)

    made = Worlds(make)
    try:
        yield made
    finally:
        made.discard()
        servers.close()


def fail_over(drill: Drill) -> None:
    """The primary is killed; a while later the standby takes its place."""
    pair = drill.servers.pair
    pair.primary.kill()
    drill.inject()
    eventlet.sleep(NOTICED_SECONDS)
    pair.promote()


def test_a_synchronous_standby_takes_over(tmp_path_factory: pytest.TempPathFactory, drill_at: DrillAt) -> None:
    """All six databases fail over at once: what was answered is on both, so it is there."""
    with (
        worlds_on(tmp_path_factory, synchronous=True, on_pair=tuple(suite.SERVICES)) as worlds,
        drill_at("primary killed, synchronous standby", worlds) as drill,
    ):
        drill.begin(24, over=20)
        eventlet.sleep(5)
        fail_over(drill)


def lose_the_last_moments(drill: Drill) -> tuple[datetime, list[str]]:
    """Deliveries are answered and have their effects, the standby never hears of them, and takes over; since when, and which."""
    drill.begin(9, over=10)
    eventlet.sleep(8)
    since = datetime.now(UTC)
    drill.servers.pair.standby.lose_primary()
    work = drill.world.ready(9)
    drill.serve(work, reversing=False).wait()
    drill.proof.await_drained(60)
    fail_over(drill)
    drill.world.restore()
    drill.wait()
    return since, [order.id for _, order in work]


def named_by_reconcile(drill: Drill) -> list[dict[str, str]]:
    """What `servicelane reconcile` finds."""
    found: list[dict[str, str]] = json.loads(drill.fleet.operator("reconcile", "--json", expect=1))
    drill.result.named = len(found)
    return found


def test_invoices_that_a_standby_never_got_are_named_and_made_again(
    tmp_path_factory: pytest.TempPathFactory, drill_at: DrillAt
) -> None:
    """Billing's standby was asynchronous. Each invoice that is gone is missed, and is there once its cause is published again."""
    with (
        worlds_on(tmp_path_factory, synchronous=False, on_pair=("billing",)) as worlds,
        drill_at("primary of billing killed, asynchronous standby; published again", worlds) as drill,
    ):
        since, delivered = lose_the_last_moments(drill)
        found = named_by_reconcile(drill)
        assert all(any(f"{order} revision 1 has 0 times: invoice" in one["what"] for one in found) for order in delivered), found
        assert {one["invariant"] for one in found} == {"I1"}
        for service in suite.SERVICES:
            drill.fleet.operator("republish", service, "--since", since.replace(tzinfo=None).isoformat())
        drill.proof.await_drained(60)
        drill.fleet.operator("reconcile")


def test_deliveries_that_a_standby_never_got_are_named_by_what_others_made_of_them(
    tmp_path_factory: pytest.TempPathFactory, drill_at: DrillAt
) -> None:
    """Workshop's standby was asynchronous. What was answered is lost, and the proof says so; each delivery is known to others."""
    with (
        worlds_on(tmp_path_factory, synchronous=False, on_pair=("workshop",)) as worlds,
        drill_at("primary of workshop killed, asynchronous standby", worlds) as drill,
    ):
        _, delivered = lose_the_last_moments(drill)
        found = named_by_reconcile(drill)
        for effect in ("invoice", "deduction", "follow-up"):
            told = f"{effect} for work order {{}} revision 1, which was never delivered"
            assert all(any(told.format(order) in one["what"] for one in found) for order in delivered), found
        drill.must_lose(len(delivered))
