"""The suite under fault: dealers with orders, load on them, and the record of one fault from injection to proof."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import eventlet
from eventlet import GreenPool

from deploy.dev.infrastructure import PROJECT
from deploy.local.desk import Order
from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import open_group
from tests.faults.answers import Tally
from tests.faults.bus import Bus
from tests.faults.fleet import Fleet
from tests.faults.orders import Desk
from tests.faults.proof import NotDrained, Proof
from tests.faults.results import Result
from tests.faults.servers import Servers

DEALERS = ("sh-pudong", "bj-chaoyang", "gz-tianhe")
HANDS = 6
"""So many requests at once: what two cores answer without queueing."""
SQUEAL = {
    "operation_code": "BRK-SQUEAL",
    "name_zh": "制动异响检查",
    "name_en": "Brake squeal",
    "hours": "0.50",
    "operation_group": "BRAKES",
}
"""No order has it: there is work of the group that a fault may be observed of."""
DRAIN_SECONDS = 60.0
"""Six times what any fault should take, for a machine that has other things to do; how long each took stands in the table."""
REVERSED_EACH = 4
"""Every fourth delivery is reversed, every eighth made again."""


class World:
    """One fleet with its dealers, of a checkout's code. `servers` is None on servers that others use as well."""

    def __init__(
        self,
        bus: Bus,
        databases: dict[str, Any],
        folder: Path,
        servers: Servers | None,
        environment: Mapping[str, str] | None = None,
        *,
        project: Path = PROJECT,
    ) -> None:
        self.servers = servers
        self.bus = bus
        self.spoilt = False
        """Whether a fault left something behind that nothing takes back: the next one gets a new world."""
        self.fleet = Fleet(bus, databases, folder, environment or {}, project)
        self.proof = Proof(self.fleet, bus)
        self.tally = Tally()
        try:
            self.desks = self._open()
        except BaseException:
            self.fleet.stop()
            raise

    def _open(self) -> list[Desk]:
        addresses = self.fleet.addresses
        admin = Client.sign_in(addresses[0], "admin", PASSWORD)
        open_group(admin)
        admin.post("/operations", {"operations": [SQUEAL]})
        return [Desk.open(admin, addresses, dealer, self.tally) for dealer in DEALERS]

    def ready(self, count: int, *, hot: bool = False) -> list[tuple[Desk, Order]]:
        """So many orders ready to be delivered, spread over the dealers or all at one."""
        desks = self.desks[:1] if hot else self.desks
        chosen = [desks[number % len(desks)] for number in range(count)]
        return list(zip(chosen, GreenPool(HANDS).imap(Desk.ready, chosen), strict=True))

    def restore(self) -> None:
        """Everything runs again, at full strength."""
        if self.servers is not None:
            self.servers.heal()
        self.fleet.restore()

    def stop(self) -> None:
        """End every process."""
        self.fleet.stop()


class Worlds:
    """The world as long as it stands, and a new one after it broke."""

    def __init__(self, make: Callable[[], World]) -> None:
        self._make = make
        self._world: World | None = None

    def current(self) -> World:
        """The world for the next fault."""
        if self._world is None:
            self._world = self._make()
        return self._world

    def discard(self) -> None:
        """It did not withstand: end it."""
        if self._world is not None:
            self._world.stop()
            self._world = None


class Load:
    """Deliveries under way in green threads, and reversals, each of which waits until billing has confirmed it."""

    def __init__(self, work: list[tuple[Desk, Order]], *, over: float, hands: int, reversing: bool) -> None:
        self._pool = GreenPool(hands)
        self._reversing = reversing
        self._waits: list[Any] = []
        self._answered = 0
        self._feeding = eventlet.spawn(self._feed, work, over)

    @property
    def answered(self) -> int:
        """How many deliveries and reversals were answered so far."""
        return self._answered

    def wait(self) -> int:
        """Return when everything was answered; how much. Raises what a client was refused."""
        self._feeding.wait()
        for one in self._waits:
            one.wait()
        return self._answered

    def reached(self, answered: int) -> None:
        """Return as soon as so many were answered."""
        while self._answered < answered and not all(one.dead for one in [self._feeding, *self._waits]):
            eventlet.sleep(0.02)

    def _feed(self, work: list[tuple[Desk, Order]], over: float) -> None:
        started = time.monotonic()
        for number, (desk, order) in enumerate(work):
            eventlet.sleep(max(0.0, started + over * number / len(work) - time.monotonic()))
            self._waits.append(self._pool.spawn(self._serve, number, desk, order))

    def _serve(self, number: int, desk: Desk, order: Order) -> None:
        self._do(desk.deliver, order)
        if not self._reversing:
            return
        if number % REVERSED_EACH == 0:
            self._do(desk.reverse, order)
        if number % (2 * REVERSED_EACH) == 0:
            self._do(desk.deliver, order)

    def _do(self, act: Callable[[Order], None], order: Order) -> None:
        act(order)
        self._answered += 1


class Fault:
    """One fault: what is done to the world, under which load."""

    def __init__(self, world: World, result: Result) -> None:
        self.world = world
        self.fleet = world.fleet
        self.bus = world.bus
        self.proof = world.proof
        self.result = result
        self.orders: list[Order] = []
        self._loads: list[Any] = []

    @property
    def servers(self) -> Servers:
        """The broker and the database, to be harmed."""
        assert self.world.servers is not None, "only servers of our own are harmed"
        return self.world.servers

    def inject(self, times: int = 1) -> None:
        """Count an injection."""
        self.result.injected += times

    def load(self, count: int, *, over: float = 0.0, hands: int = HANDS, hot: bool = False, reversing: bool = True) -> Load:
        """Get orders ready and begin to deliver them, all at once or over so many seconds."""
        work = self.world.ready(count, hot=hot)
        return self.serve(work, over=over, hands=hands, reversing=reversing)

    def serve(self, work: list[tuple[Desk, Order]], *, over: float = 0.0, hands: int = HANDS, reversing: bool = True) -> Load:
        """Begin to deliver orders that are ready, and to reverse some of them unless nobody is there to confirm it."""
        self.orders += [order for _, order in work]
        self._loads.append(Load(work, over=over, hands=hands, reversing=reversing))
        return self._loads[-1]

    def finish(self) -> None:
        """Mend the world, await the answers and their effects, and prove that nothing is lost and nothing doubled."""
        self.world.restore()
        self.result.answered += sum(load.wait() for load in self._loads)
        started = time.monotonic()
        stuck = []
        try:
            self.result.drained_last = self.proof.await_drained(DRAIN_SECONDS)
            self.result.drain_seconds = round(time.monotonic() - started, 1)
        except NotDrained as error:  # what is lost of it, the invariants say
            stuck = [str(error)]
        verdict = self.proof.verdict(self.orders)
        self.result.findings = stuck + verdict.findings + self.world.tally.defects
        self.result.lost, self.result.doubled = verdict.lost, verdict.doubled
        self.result.invariants_ok = not self.result.findings
        if self.result.findings:
            raise AssertionError("\n".join([f"{self.result.fault}: {len(self.result.findings)} findings", *self.result.findings]))


FaultT = TypeVar("FaultT", bound=Fault)
MakeFault = Callable[[str, float], AbstractContextManager[Fault]]
"""What a test gets: `with make_fault("relay killed", 90) as fault`."""


class FaultTookTooLong(AssertionError):
    """A fault has its own deadline."""


@contextmanager
def judged(one: FaultT, seconds: float) -> Iterator[FaultT]:
    """Inject the fault in this block; leaving it proves the invariants. All of it, within so many seconds."""
    one.world.tally.clear()
    with eventlet.Timeout(seconds, FaultTookTooLong(f"{one.result.fault}: not over within {seconds:.0f} s")):
        yield one
        one.finish()
