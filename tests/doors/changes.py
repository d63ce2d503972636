"""A gateway with the one door of the change feed, its server, and what is heard there: for the tests of that door."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.events.notices import Noticed
from chassis.process import ring
from chassis.process.server import Server
from chassis.wire.ids import new_id
from contracts.gateway.feed import WatchChanges
from gateway.http.table import Table
from tests.doors.examples import SOME_ID
from tests.doors.house import OWN, ROWS, House, token
from tests.doors.listening import Listener
from tests.waiting import awaited

ROW = next(row for row in ROWS if row.route.request is WatchChanges)
PATH = ROW.path.replace("{dealer}", OWN)
BOUNDS = {"HTTP_STREAMS": "4", "HTTP_STREAMS_PER_PRINCIPAL": "2"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with the one door, that has been listening for a while."""
    house = House(str(tmp_path), Table([ROW]), **BOUNDS)
    house.interior.feed._complete_since -= ring.KEPT_SECONDS
    return house


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    """Its server, with one place."""
    server = Server(house.app, "127.0.0.1:0", connections=1)
    server.start()
    yield server
    house.interior.streams.close()
    server.stop(1)


def mine(number: int = 0, **more: Any) -> str:
    """A token of one of several people at the dealer."""
    return token(dealers={OWN: ["technician"]}, sub=f"account:{number}", **more)


def happens(house: House, subject: str, *, dealer: str = OWN, **facts: Any) -> None:
    """The gateway hears of an event."""
    known = {"id": new_id(), "type": "workshop.work_order.opened", "sequence": 1, "time": "2026-03-02T04:00:00+00:00"}
    noticed = {**known, "correlation_id": SOME_ID, "ids": {}, **facts}
    house.interior.feed.heard([Noticed(subject=subject, dealer=dealer, **noticed)])


def opened(listener: Listener) -> Listener:
    """The stream has begun."""
    awaited(lambda: listener.blocks, "the stream to begin")
    assert listener.status == 200
    return listener


def subjects(listener: Listener) -> list[str]:
    """What changed, as far as it was told."""
    return [json.loads(one)["subject"] for one in listener.told]
