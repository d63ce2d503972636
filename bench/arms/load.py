"""The clients of the arms that are called: over RPC at the workshop's RPC, or over HTTP at the gateway.

    python -m bench.cooperative bench.arms.load rpc|nameko|http|read      # AMQP_URI, or HTTP_ADDRESS and JWT_SECRET

HTTP_ADDRESS may be several with commas: they are asked in turn; one that takes no connection is asked no
more, as by a proxy.

Jobs come as lines of JSON: {"orders": [[dealer, id, version]], "rate": per second or null, "clients": n, "repeats": share}. A
client whose call ends without an answer, or that is told to come back, repeats it under the same key, as clients should.
"""

import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPConnection, HTTPException
from typing import Any

import eventlet
from eventlet.queue import LightQueue

from bench.arithmetic import schedule
from bench.arms.plain.facts import DELIVERY
from bench.cooperative import lines
from chassis.rpc.client import RpcCaller
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, ServiceError, Unavailable

TRIES = 5
TIMEOUT = 10.0
NOT_NOW = (429, 503, 504)
OPEN_LOOP_CLIENTS = 200
LOOKING = 16
"""So many settlements are asked for at once before the clock runs."""

Order = tuple[str, str, int]


class ComeBack(Exception):
    """No answer this time: the same again may do."""


def signed(shown: str | None) -> dict[str, Any]:
    """What is said at the delivery, with the hash of the settlement that was shown, if one was."""
    if shown is None:
        return DELIVERY
    return {**DELIVERY, "signature": {**DELIVERY["signature"], "document_hash": shown}}


class Client(ABC):
    """Delivers orders one way; one object serves all green threads."""

    _took: list[float]
    _again: Counter[str]
    _shown: dict[str, str | None]

    @abstractmethod
    def deliver(self, order: Order) -> str | None:
        """Deliver; None if it is delivered, else what the refusal is called. Raises ComeBack."""

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Do a job to the end; refusals and lost calls are counted by name, `took` says how long each order did, in ms.

        `again` counts by name what made a client ask once more.
        """
        failed: Counter[str] = Counter()
        self._took, self._again = [], Counter()
        self._shown = dict(eventlet.GreenPool(LOOKING).imap(self._look, job["orders"]))
        started = time.monotonic()
        if job["rate"]:
            pool = eventlet.GreenPool(OPEN_LOOP_CLIENTS)
            for due, order in zip(schedule(len(job["orders"]), job["rate"]), job["orders"], strict=True):
                eventlet.sleep(max(0.0, started + due - time.monotonic()))
                pool.spawn_n(self._insist, order, failed)
            pool.waitall()
        else:
            todo = deque(enumerate(job["orders"]))
            every = round(1 / job["repeats"]) if job["repeats"] else 0
            clients = [eventlet.spawn(self._work, todo, every, failed) for _ in range(job["clients"])]
            for client in clients:
                client.wait()
        return {"seconds": time.monotonic() - started, "failed": failed, "again": self._again, "took": self._took}

    def _look(self, order: Order) -> tuple[str, str | None]:
        for _ in range(TRIES - 1):
            try:
                return order[1], self.shown(order)
            except ComeBack as error:
                self._again[str(error)] += 1
                eventlet.sleep(0.05)
        return order[1], self.shown(order)

    def shown(self, order: Order) -> str | None:
        """The hash of the settlement that the customer is shown, asked before the clock runs; None where none is shown."""
        return None

    def _work(self, todo: deque[tuple[int, Order]], every: int, failed: Counter[str]) -> None:
        while todo:
            number, order = todo.popleft()
            self._insist(order, failed)
            if every and number % every == 0:
                self._insist(order, failed)

    def _insist(self, order: Order, failed: Counter[str]) -> None:
        started = time.monotonic()
        for _ in range(TRIES):
            try:
                refusal = self.deliver(order)
            except ComeBack as error:
                refusal = str(error)
                self._again[refusal] += 1
                eventlet.sleep(0.05)
                continue
            break
        self._took.append(round((time.monotonic() - started) * 1000, 1))
        if refusal is not None:
            failed[refusal] += 1


class RpcDelivery(Client):
    """Calls the workshop's RPC as the gateway would."""

    def __init__(self) -> None:
        self._caller = RpcCaller(os.environ["AMQP_URI"], "gateway")
        self._caller.start()

    def shown(self, order: Order) -> str | None:
        """As the gateway would ask for it."""
        dealer, identity, _ = order
        call = Call(dealer=dealer, principal="account:bench", actor="bench", roles=("service_advisor",))
        found = self._caller.call("workshop", "get_settlement", {"work_order_id": identity}, call, TIMEOUT)
        return str(found["document_hash"])

    def deliver(self, order: Order) -> str | None:
        """One RPC."""
        dealer, identity, version = order
        call = Call(
            dealer=dealer,
            principal="account:bench",
            actor="bench",
            roles=("service_advisor",),
            idempotency_key=identity,
            request_hash=identity,
            if_match=version,
        )
        try:
            self._caller.call("workshop", "deliver_work_order", self.payload(order), call, TIMEOUT)
        except (Unavailable, DeadlineExceeded) as error:
            raise ComeBack(str(error)) from error
        except ServiceError as error:
            return str(error)
        return None

    def payload(self, order: Order) -> dict[str, Any]:
        """What is said besides the call's context."""
        return {"work_order_id": order[1], **signed(self._shown.get(order[1]))}


class NamekoDelivery(RpcDelivery):
    """Calls a plain nameko service, which knows nothing of the context: the dealer goes with the arguments."""

    def payload(self, order: Order) -> dict[str, Any]:
        """All there is."""
        return {"dealer": order[0], **super().payload(order)}

    def shown(self, order: Order) -> str | None:
        """It shows none."""
        return None


class HttpDelivery(Client):
    """Posts to the gateway over kept connections, with the token of an advisor of the order's dealer."""

    def __init__(self) -> None:
        self._idle: LightQueue = LightQueue()
        self._addresses = deque(os.environ["HTTP_ADDRESS"].split(","))

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Over connections of this job: those kept since the last one may have been closed."""
        self._idle = LightQueue()
        return super().run(job)

    def shown(self, order: Order) -> str | None:
        """As the advisor's screen asks for it."""
        dealer, identity, _ = order
        path = f"/v1/dealers/{dealer}/work-orders/{identity}/settlement"
        status, body = self.request("GET", path, None, {"Authorization": f"Bearer {advisors_token()}"})
        if status in NOT_NOW:
            raise ComeBack(f"{status} {body[:200]!r}")
        assert status == 200, body[:200]
        return str(json.loads(body)["document_hash"])

    def deliver(self, order: Order) -> str | None:
        """One request."""
        dealer, identity, version = order
        headers = {
            "Authorization": f"Bearer {advisors_token()}",
            "Content-Type": "application/json",
            "Idempotency-Key": identity,
            "If-Match": f'"{version}"',
        }
        path = f"/v1/dealers/{dealer}/work-orders/{identity}/deliver"
        status, body = self.request("POST", path, json.dumps(signed(self._shown.get(identity))), headers)
        if status in NOT_NOW:
            raise ComeBack(f"{status} {body[:200]!r}")
        return None if status == 200 else f"{status} {body[:200]!r}"

    def request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body. Raises ComeBack when the connection is lost."""
        connection = self._idle.get_nowait() if self._idle.qsize() else None
        connection = connection or HTTPConnection(self._addresses[0], timeout=TIMEOUT)
        self._addresses.rotate(-1)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, said = answer.status, answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            self._lost(connection, takes_none=isinstance(error, ConnectionRefusedError))
            raise ComeBack(type(error).__name__) from error
        self._idle.put(connection)
        return status, said

    def _lost(self, connection: HTTPConnection, *, takes_none: bool) -> None:
        """Others that were kept to the same gateway will be lost, too; who takes no connection is not there."""
        kept = [self._idle.get_nowait() for _ in range(self._idle.qsize())]
        for one in kept:
            if one.port != connection.port:
                self._idle.put(one)
        gone = f"{connection.host}:{connection.port}"
        if takes_none and gone in self._addresses and len(self._addresses) > 1:
            self._addresses.remove(gone)


class HttpRead(HttpDelivery):
    """Reads the order instead of delivering it."""

    def shown(self, order: Order) -> str | None:
        """Nobody signs."""
        return None

    def deliver(self, order: Order) -> str | None:
        """One request."""
        dealer, identity, _ = order
        path = f"/v1/dealers/{dealer}/work-orders/{identity}"
        status, body = self.request("GET", path, None, {"Authorization": f"Bearer {advisors_token()}"})
        return None if status == 200 else f"{status} {body[:200]!r}"


@cache
def advisors_token() -> str:
    """What the program that is an advisor of every dealer is given at sign-in. Signing in is not what is measured."""
    from gateway.account.principal import Credentials  # noqa: PLC0415
    from gateway.http.tokens import Tokens  # noqa: PLC0415  # the client of the other arm needs no gateway

    credentials = Credentials(
        principal="client:bench",
        actor="bench",
        secret_hash="",
        secret_number=1,
        active=True,
        locale="en",
        dealers={},
        group_roles=[],
    )
    return Tokens(os.environ["JWT_SECRET"]).issue(credentials, datetime.now(UTC))


def main() -> None:
    """Do job after job until the harness ends the process."""
    kinds: dict[str, Callable[[], Client]] = {
        "rpc": RpcDelivery,
        "nameko": NamekoDelivery,
        "http": HttpDelivery,
        "read": HttpRead,
    }
    client = kinds[sys.argv[1]]()
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    for line in lines():
        sys.stdout.write(json.dumps(client.run(json.loads(line))) + "\n")
        sys.stdout.flush()
