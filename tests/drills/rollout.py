"""The tree takes the place of the release before, service by service and replica by replica, while staff go on working."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import eventlet
import requests

from deploy.dev.processes import wait_until
from deploy.dev.state import free_port
from deploy.local.desk import Order
from deploy.local.fleet import START_SECONDS, Replica
from deploy.local.installation import PASSWORD
from servicelane import suite
from servicelane.client import signed_in
from tests.drills.drill import Drill
from tests.faults.fleet import REPLICAS
from tests.faults.orders import Desk

SERVICES = [name for name in suite.SERVICES if name != "gateway"]
PAUSE_SECONDS = 1.0
PAGES = ("/board", "/orders", "/orders/{order}", "/lane")
PAGE_SECONDS = 30.0


class Rollout:
    """The processes of a drill, and two consoles before them; whose code each one runs, `to` says from now on."""

    def __init__(self, drill: Drill) -> None:
        self.drill = drill
        self.fleet = drill.fleet
        self._addresses = [f"127.0.0.1:{free_port()}" for _ in range(REPLICAS)]
        self.consoles = [f"http://{address}" for address in self._addresses]
        self._running = [self._console(place) for place in range(REPLICAS)]

    def to(self, project: Path) -> None:
        """Whoever starts from now on is of this checkout."""
        self.fleet.installation.project = project

    def services(self) -> None:
        """Each service in turn: a new replica, and when it is ready an old one less, until all are new."""
        for service in SERVICES:
            for old in self.fleet.of(service):
                self._ready(self.fleet.start(service))
                self._end(old)

    def gateway(self) -> None:
        """One after the other, each at the address of the one before: as behind a proxy that knows no others."""
        for old in self.fleet.of("gateway"):
            self._end(old)
            self._ready(self.fleet.start("gateway"))

    def console(self) -> None:
        """Likewise."""
        for place, old in enumerate(self._running):
            self._end(old)
            self._running[place] = self._console(place)

    def stop(self) -> None:
        """End the consoles."""
        for one in self._running:
            one.kill()

    def _console(self, place: int) -> Replica:
        settings = {"gateway_url": self.fleet.addresses[place], "http_address": self._addresses[place], "secure_cookie": "NO"}
        new = Replica(self.fleet.installation, suite.CONSOLE, place, **settings, rate_per_client="1000/second")
        self._ready(new)
        return new

    def _ready(self, new: Replica) -> None:
        wait_until(lambda: new.ready, f"{new.name} to be ready", seconds=START_SECONDS)

    def _end(self, old: Replica) -> None:
        self.drill.inject()
        assert old.process.stop() == 0, f"{old.name} did not end as it should"


@dataclass
class Visits:
    """Whole visits at each dealer until nobody else comes; each may begin at one release and end at another."""

    desks: Sequence[Desk]
    orders: list[Order]
    _leaving: bool = False
    _answered: int = 0
    _threads: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._threads = [eventlet.spawn(self._serve, desk) for desk in self.desks]

    def wait(self) -> int:
        """No more come; how many deliveries and reversals were answered. Raises what somebody was refused."""
        self._leaving = True
        for one in self._threads:
            one.wait()
        return self._answered

    def _serve(self, desk: Desk) -> None:
        number = 0
        while not self._leaving:
            order = desk.ready()
            self.orders.append(order)
            desk.deliver(order)
            self._answered += 1
            if number % 3 == 0:
                desk.reverse(order)
                self._answered += 1
            number += 1
            eventlet.sleep(PAUSE_SECONDS)


class Reader:
    """Somebody at the console, who looks at one page after the other and asks the other replica once, if one does not answer."""

    def __init__(self, consoles: Sequence[str], gateway: str, dealer: str, order: str) -> None:
        self._consoles = cycle(consoles)
        self._paths = cycle(f"/d/{dealer}{page.format(order=order)}" for page in PAGES)
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment does not reach the loopback
        self._session.cookies["lane"] = signed_in(gateway, f"{dealer}.manager", PASSWORD)["refresh_token"]
        self.seen = 0
        self.repeated = 0
        self.missed: list[str] = []
        self._leaving = False
        self._thread = eventlet.spawn(self._read)

    def wait(self) -> int:
        """They go; nothing of what they did is a delivery."""
        self._leaving = True
        self._thread.wait()
        return 0

    def _read(self) -> None:
        while not self._leaving:
            path = next(self._paths)
            first = self._look(path)
            if first:
                self.repeated += 1
                second = self._look(path)
                if second:
                    self.missed.append(f"{path}: {first}, then {second}")
            self.seen += 1
            eventlet.sleep(PAUSE_SECONDS / 2)

    def _look(self, path: str) -> str:
        """What was wrong with a page, if anything."""
        try:
            answer = self._session.get(next(self._consoles) + path, timeout=PAGE_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            return type(error).__name__
        return "" if answer.status_code == requests.codes.ok else str(answer.status_code)
