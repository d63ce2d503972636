"""The clients of P2, by FastStream's own requests; jobs and answers as in `bench.arms.load`."""

import asyncio
import json
import os
import sys
import time
from collections import Counter, deque
from typing import Any

from faststream.rabbit import RabbitBroker

from bench.arithmetic import schedule
from bench.arms.plain.facts import DELIVERY

DOOR = "workshop.deliver_work_order"
TIMEOUT = 10.0

Order = tuple[str, str, int]


class Clients:
    """Delivers orders; tasks share one connection."""

    def __init__(self, broker: RabbitBroker) -> None:
        self._broker = broker
        self._failed: Counter[str] = Counter()

    async def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Do a job to the end."""
        self._failed = Counter()
        started = time.monotonic()
        if job["rate"]:
            tasks = []
            for due, order in zip(schedule(len(job["orders"]), job["rate"]), job["orders"], strict=True):
                await asyncio.sleep(max(0.0, started + due - time.monotonic()))
                tasks.append(asyncio.create_task(self._deliver(order)))
            await asyncio.gather(*tasks)
        else:
            todo = deque(enumerate(job["orders"]))
            every = round(1 / job["repeats"]) if job["repeats"] else 0
            await asyncio.gather(*(self._work(todo, every) for _ in range(job["clients"])))
        return {"seconds": time.monotonic() - started, "failed": self._failed}

    async def _work(self, todo: deque[tuple[int, Order]], every: int) -> None:
        while todo:
            number, order = todo.popleft()
            await self._deliver(order)
            if every and number % every == 0:
                await self._deliver(order)

    async def _deliver(self, order: Order) -> None:
        dealer, identity, _ = order
        command = {"dealer": dealer, "work_order_id": identity, "idempotency_key": identity, **DELIVERY}
        try:
            await self._broker.request(command, queue=DOOR, timeout=TIMEOUT)
        except TimeoutError:
            self._failed["timeout"] += 1


async def serve() -> None:
    """Do job after job until the harness ends the process."""
    async with RabbitBroker(os.environ["AMQP_URI"], logger=None) as broker:
        clients = Clients(broker)
        reader = asyncio.StreamReader(limit=1 << 24)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        sys.stdout.write('{"ready": true}\n')
        sys.stdout.flush()
        while line := await reader.readline():
            sys.stdout.write(json.dumps(await clients.run(json.loads(line))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve())
