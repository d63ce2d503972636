"""The clients of the soak: whole visits through the gateways, from the opened work order to the delivery.

    python -m bench.cooperative bench.fleet.visits      # one line of JSON says where and whose, then a line per job

A job is {"rate": visits per second or null, "clients": n, "seconds": how long new visits are begun}. Its answer tells the work
orders whose delivery was answered with success, and whatever else clients were given.
"""

import json
import sys
import time
from collections import Counter
from itertools import cycle
from typing import Any

import eventlet
import requests

from bench.arithmetic import schedule
from bench.cooperative import lines
from deploy.local.desk import Dealer, Desk, PatientClient
from servicelane.client import ProblemError

OPEN_LOOP_CLIENTS = 100


class Job:
    """Visits at all desks in turn, as long as the job lasts."""

    def __init__(self, desks: list[Desk]) -> None:
        self._desks = cycle(desks)
        self._delivered: list[str] = []
        self._failed: Counter[str] = Counter()

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Begin visits for so long, end all that were begun."""
        started = time.monotonic()
        if job["rate"]:
            pool = eventlet.GreenPool(OPEN_LOOP_CLIENTS)
            for due in schedule(round(job["seconds"] * job["rate"]), job["rate"]):
                eventlet.sleep(max(0.0, started + due - time.monotonic()))
                pool.spawn_n(self._visit)
            pool.waitall()
        else:
            clients = [eventlet.spawn(self._work, started + job["seconds"]) for _ in range(job["clients"])]
            for client in clients:
                client.wait()
        return {"seconds": time.monotonic() - started, "delivered": self._delivered, "failed": self._failed}

    def _work(self, end: float) -> None:
        while time.monotonic() < end:
            self._visit()

    def _visit(self) -> None:
        try:
            desk = next(self._desks)
            order = desk.ready()
            desk.deliver(order)
            self._delivered.append(order.id)
        except (ProblemError, requests.RequestException) as error:
            self._failed[str(error)[:200]] += 1


def main() -> None:
    """Do job after job until the soak ends the process."""
    received = lines()
    given = json.loads(next(received))
    dealers = [Dealer(**one) for one in given["dealers"]]
    desks = [
        Desk(one.name, PatientClient(given["addresses"], one.refresh_token, dealer=one.name), one.walk_in) for one in dealers
    ]
    for answer in (Job(desks).run(json.loads(line)) for line in received):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
