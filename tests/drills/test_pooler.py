"""pgbouncer in transaction mode between the services and PostgreSQL: what works, and what is seen to where it does not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import eventlet
import pytest
from sqlalchemy import text

from chassis.process.clock import SystemClock
from chassis.store.database import create_database_engine
from chassis.store.leadership import BehindPooler, Leadership
from deploy.dev.pooler import Pooler
from servicelane import suite
from tests.drills.conftest import DrillAt
from tests.drills.servers import One
from tests.faults.bus import Bus
from tests.faults.world import World, Worlds
from tests.infrastructure import Databases, ServiceDatabase, Vhosts

pytestmark = pytest.mark.drill

SIZE = 4
"""Connections to each database, for two replicas with fifteen each."""


class Pooled(One):
    """And a pooler in front of the database."""

    def __init__(self) -> None:
        super().__init__("pooler")
        self.pooler = Pooler(self._home.folder / "pgbouncer", self._home.machine.server_user())

    def close(self) -> None:
        """End them, with their data."""
        self.pooler.end()
        super().close()


@pytest.fixture(scope="module")
def servers() -> Iterator[Pooled]:
    made = Pooled()
    yield made
    made.close()


def pooled(servers: Pooled, databases: dict[str, ServiceDatabase]) -> dict[str, ServiceDatabase]:
    """The same databases, with the services' roles behind the pooler."""
    roles = [urlsplit(one.url) for one in databases.values()]
    servers.pooler.start(servers.database.port, {one.username: one.password for one in roles}, size=SIZE)
    return {name: replace(one, url=servers.pooler.url(one.url)) for name, one in databases.items()}


def test_the_suite_behind_a_pooler(servers: Pooled, tmp_path_factory: pytest.TempPathFactory, drill_at: DrillAt) -> None:
    """Commands, queries and events go through it, leaders past it; replicas are killed meanwhile."""
    direct = {name: Databases(servers.infrastructure).make(name) for name in suite.SERVICES}
    through = pooled(servers, direct)
    past = {f"{name.upper()}_DIRECT_DATABASE_URL": one.url for name, one in direct.items()}

    def make() -> World:
        bus = Bus(Vhosts(servers.infrastructure).make(), servers.infrastructure.management_url)
        return World(bus, through, tmp_path_factory.mktemp("world"), servers, environment=past)

    worlds = Worlds(make)
    try:
        with drill_at("pgbouncer in transaction mode, a relay's leader killed", worlds) as drill:
            drill.begin(12, over=20)
            drill.fleet.leader("workshop").kill()
            drill.inject()
            eventlet.sleep(10)
            assert pools(servers, direct) == dict.fromkeys(suite.SERVICES, True)
    finally:
        worlds.discard()


def pools(servers: Pooled, databases: dict[str, ServiceDatabase]) -> dict[str, Any]:
    """Whether no more connections came through the pooler than it may have."""
    found = {}
    for name, one in databases.items():
        engine = create_database_engine(one.admin_url, name="drill", connections=1)
        with engine.connect() as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
            found[name] = connection.execute(text(query), {"name": f"servicelane-{name}"}).scalar_one() <= SIZE
        engine.dispose()
    return found


def test_nobody_leads_through_a_pooler(servers: Pooled) -> None:
    """A lock of the pooler's session would be anybody's: who is led to it by mistake says so, and two never lead at once."""
    database = Databases(servers.infrastructure).make("parts")
    direct = urlsplit(database.url)
    pooler = Pooler(servers._home.folder / "second", servers._home.machine.server_user())
    pooler.start(servers.database.port, {direct.username: direct.password}, size=SIZE)
    engine = create_database_engine(pooler.url(database.url), name="drill")
    try:
        with pytest.raises(BehindPooler, match="DIRECT_DATABASE_URL"), Leadership(engine, "relay", SystemClock()).attempt():
            pytest.fail("it leads")
        with engine.connect() as connection:  # what a session is told at its start is its role's setting
            shown = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("timezone", "lock_timeout")}
        assert shown == {"timezone": "UTC", "lock_timeout": "10s"}
    finally:
        engine.dispose()
        pooler.end()
