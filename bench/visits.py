"""The clients of the soak: whole visits through the gateways, from the opened work order to the delivery.

    python -m bench.cooperative bench.visits      # one line of JSON says where and whose, then a line per job

A job is {"rate": visits per second or null, "clients": n, "seconds": how long new visits are begun}. Its answer tells the work
orders whose delivery was answered with success, and whatever else clients were told.
"""

import json
import sys
import time
from collections import Counter
from itertools import cycle
from typing import Any

import eventlet
import requests
from requests.adapters import HTTPAdapter

from bench.arithmetic import schedule
from bench.cooperative import lines
from chassis.wire.ids import new_id
from servicelane.client import REPEATABLE, Client, ProblemError

ATTEMPT_SECONDS = 14.0
"""Longer than the gateway's own deadline."""
PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.2
OPEN_LOOP_CLIENTS = 100

SIGNED = {"means": "signature", "name": "王芳"}
LINES = {
    "parts": [
        {"part_number": "OIL-5W30", "quantity": "4.5", "payer": "customer_pay"},
        {"part_number": "PAD-F-77", "quantity": "1", "payer": "warranty"},
    ],
    "sublet": [
        {
            "description": "四轮定位",
            "price": {"amount": "180.01", "currency": "CNY"},
            "split": [{"payer": "customer_pay", "percent": 50}, {"payer": "warranty", "percent": 50}],
        }
    ],
}


class Unanswered(Exception):
    """No gateway answered in time: the outcome is unknown."""


class AnyGateway(Client):
    """Asks the gateways in turn until one answers; every repeat is under the same key and entity tag."""

    def __init__(self, addresses: list[str], token: str, dealer: str) -> None:
        super().__init__(addresses[0], token, dealer=dealer)
        self._session.mount("http://", HTTPAdapter(pool_maxsize=OPEN_LOOP_CLIENTS))
        self._bases = cycle(f"{address}/v1/dealers/{dealer}" for address in addresses)

    def _request(self, method: str, path: str, **how: Any) -> Any:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                answer = self._session.request(method, next(self._bases) + path, timeout=ATTEMPT_SECONDS, **how)
            except requests.RequestException:  # its gateway died: the other one may know what came of it
                answer = None
            if answer is not None and answer.status_code not in REPEATABLE:
                if answer.ok:
                    return answer.json()
                raise ProblemError(answer.json())
            time.sleep(PAUSE_SECONDS)
        raise Unanswered(f"{method} without an answer")


class Desk:
    """The desk of one dealer, with a customer who comes again and again."""

    def __init__(self, client: Client, walk_in: dict[str, str]) -> None:
        self._client = client
        self._walk_in = walk_in

    def visit(self) -> str:
        """One visit to its end; the id of the delivered work order. Raises ProblemError, Unanswered."""
        order = self._client.post("/work-orders", self._walk_in)
        path = f"/work-orders/{order['id']}"
        for verb, body in (
            ("lines", LINES),
            ("estimates", {"payment_method": "cash", "old_parts": "return_to_customer", "free_wash": True}),
            ("approve-estimate", {"estimate_version": 1, "decision": SIGNED}),
            ("dispatch", {"technician": "technician", "bay": "B1"}),
            ("request-quality-check", None),
            ("check-quality", {"passed": True}),
            ("ready", None),
            ("deliver", {"mileage": 32_112, "accepted_by": SIGNED["name"]}),
        ):
            order = self._client.post(f"{path}/{verb}", body, of=order, key=new_id())
        return str(order["id"])


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
            self._delivered.append(next(self._desks).visit())
        except (ProblemError, Unanswered) as error:
            self._failed[str(error)[:200]] += 1


def main() -> None:
    """Do job after job until the soak ends the process."""
    heard = lines()
    told = json.loads(next(heard))
    desks = [Desk(AnyGateway(told["addresses"], one["token"], one["dealer"]), one["walk_in"]) for one in told["desks"]]
    for answer in (Job(desks).run(json.loads(line)) for line in heard):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
