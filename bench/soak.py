"""`make soak`: steady load while processes die. Are memory and connections flat, and does every invariant hold?

    python -m bench.soak [--minutes 30 --kill-every 30 --rate 1]      # writes bench/out/soak.json, soak.md and soak-*.svg

Two replicas of every service take whole visits over HTTP at a steady rate; every so often a random one of the six that are not
spared is killed with SIGKILL and started again. Before that, goodput: as many visits as the clients get done, first undisturbed,
then with a SIGKILL of any of the twelve every five seconds.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from bench.arms.worker import OUT, ArmFailed, Worker
from bench.data.sandbox import Sandbox
from bench.fleet.installation import SERVICES, Installation
from bench.fleet.sampling import Sampler
from bench.measuring import console, measured
from bench.report.endurance import Endurance, Goodput, Life
from deploy.local.desk import Dealer
from deploy.local.fleet import Fleet, Replica
from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import open_group
from servicelane.invariants import ALL, Books, check

DEALERS = tuple(f"dealer-{number}" for number in range(6))
SEED = 2026
SAMPLE_SECONDS = 5.0
GOODPUT_KILL_SECONDS = 5.0
GOODPUT_CLIENTS = 6
ANSWER_SECONDS = 180.0
"""How long the visits that were begun may take to end."""
DRAIN_SECONDS = 180.0
IDLE_LOOKS = 3
"""So many idle looks in a row mean that nothing is left: the broker's own counts are up to five seconds old."""


class Soak:
    """One fleet, its clients and its samples."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._installation = Installation(sandbox, "soak")
        self._chance = random.Random(SEED)
        self._fleet = Fleet(self._installation, SERVICES, replicas=2, seed="soak")
        self._clients = Worker("soak-clients", ["-m", "bench.cooperative", "bench.fleet.visits"], {})
        self._sampler = Sampler(sandbox, self._installation)
        self.result = Endurance()

    def open(self) -> None:
        """Start the fleet and open the dealers."""
        self._fleet.restore()
        address = self._fleet.addresses[0]
        admin = Client.sign_in(address, "admin", PASSWORD)
        open_group(admin)
        dealers = [asdict(Dealer.open(admin, address, name)) for name in DEALERS]
        self._clients.tell({"addresses": self._fleet.addresses, "dealers": dealers})

    def goodput(self, seconds: float) -> None:
        """Complete orders per second, undisturbed and with kills."""
        rates = [self._complete_per_second(seconds, kill_every) for kill_every in (None, GOODPUT_KILL_SECONDS)]
        self.result.goodput = Goodput(seconds, GOODPUT_KILL_SECONDS, *rates)

    def _complete_per_second(self, seconds: float, kill_every: float | None) -> float:
        before, started = self._sampler.complete(), time.monotonic()
        self._clients.tell({"rate": None, "clients": GOODPUT_CLIENTS, "seconds": seconds})
        for _ in _every(kill_every or seconds, seconds):
            self._fleet.mend()
            if kill_every is not None:
                self._kill(self._fleet.replicas)
        rate = (self._sampler.complete() - before) / (time.monotonic() - started)
        self._finish()
        return rate

    def endure(self, *, seconds: float, kill_every: float, rate: float) -> None:
        """Steady load for so long, with kills and samples."""
        self.result.seconds, self.result.rate, self.result.kill_every = seconds, rate, kill_every
        self._sampler = Sampler(self._sandbox, self._installation)
        self._clients.tell({"rate": rate, "clients": 0, "seconds": seconds})
        next_kill = kill_every
        for at in _every(SAMPLE_SECONDS, seconds):
            if at >= next_kill:
                self._kill([one for one in self._fleet.replicas if not _spared(one)])
                self.result.kills += 1
                next_kill += kill_every
            self._fleet.mend()
            self._sample()
        self._finish()

    def judge(self) -> None:
        """The invariants of every dealer, and whether each answered delivery is there."""
        urls = {service: self._installation.environment["DATABASE_URL"].replace("{service}", service) for service in SERVICES}
        with Books.open(urls) as books:
            findings = check(books, ALL)
        self.result.findings = [f"{one.invariant} {one.dealer}: {one.what}" for one in findings]
        self.result.lost = self._sampler.missing(self.result.delivered)

    def close(self) -> None:
        """End every process."""
        self._clients.stop()
        self._fleet.stop()

    def _kill(self, candidates: list[Replica]) -> None:
        self._fleet.replace(self._chance.choice(candidates))

    def _sample(self) -> None:
        sample = self._sampler.look(self._fleet.replicas)
        self.result.samples.append(sample)
        for one in self._fleet.replicas:
            figures = sample.processes.get(one.name)
            if figures is not None:
                life = self.result.lives.setdefault(one.pid, Life(one.name, sample.at, spared=_spared(one)))
                life.peak_mib = max(life.peak_mib, figures["memory_mib"])

    def _finish(self) -> None:
        """Full strength, every visit ended, every effect there. Raises ArmFailed."""
        self._fleet.restore()
        answer: dict[str, Any] = self._clients.receive(ANSWER_SECONDS)
        self.result.answered(answer)
        started, idle = time.monotonic(), 0
        while idle < IDLE_LOOKS:
            sample = self._sampler.look(self._fleet.replicas)
            idle = idle + 1 if sample.idle else 0
            if time.monotonic() - started > DRAIN_SECONDS:
                raise ArmFailed(f"not drained: {sample.queued} queued, {sample.outbox_pending} unsent, {sample.parked} parked")
            time.sleep(SAMPLE_SECONDS / IDLE_LOOKS)
        self.result.drain_seconds = round(time.monotonic() - started, 1)


def _every(step: float, seconds: float) -> Iterator[float]:
    """The seconds since now, after each step, until so many have passed."""
    started, at = time.monotonic(), step
    while at <= seconds:
        time.sleep(max(0.0, started + at - time.monotonic()))
        yield at
        at += step


def _spared(one: Replica) -> bool:
    """The first of each two is not killed in a soak, so that something grows old there."""
    return one.place == 0


@contextmanager
def _soak(sandbox: Sandbox) -> Iterator[Soak]:
    soak = Soak(sandbox)
    try:
        soak.open()
        yield soak
    finally:
        soak.close()


def main() -> int:
    """Run; the exit status is 1 when anything was lost, doubled, not flat, or goodput is under its gate."""
    options = _options()

    def judged(sandbox: Sandbox) -> int:
        with _soak(sandbox) as soak:
            if options.goodput_seconds:
                soak.goodput(options.goodput_seconds)
            soak.endure(seconds=options.minutes * 60, kill_every=options.kill_every, rate=options.rate)
            soak.judge()
        soak.result.write(OUT)
        console.print(soak.result.text(), markup=False, soft_wrap=True)
        return 0 if soak.result.passed else 1

    return measured(judged)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--kill-every", type=float, default=30, help="seconds from one SIGKILL to the next")
    parser.add_argument("--rate", type=float, default=1, help="whole visits, of nine commands, per second")
    parser.add_argument("--goodput-seconds", type=float, default=60, help="how long each half of it takes; 0 leaves it out")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
