"""P2: FastStream and asyncpg with the same outbox, inbox, idempotency record and business keys: the well-made peer.

    python -m bench.arms.peers.faststream_services workshop|billing|parts|crm      # DATABASE_URL, AMQP_URI

One message is one transaction, up to PREFETCH of them at once; the outbox is relayed in batches, confirms awaited together.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

import asyncpg
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue

from bench.arms.peers.faststream_effects import (
    DeliverWorkOrder,
    Effect,
    Envelope,
    Row,
    announce,
    deduct_stock,
    deliver,
    issue_invoices,
    schedule_follow_up,
)
from bench.arms.plain.seeding import QUEUE_ARGUMENTS

CONNECTIONS = 10

PREFETCH = 10

RELAY_BATCH = 200

IDLE_SECONDS = 0.2

DOOR = RabbitQueue("workshop.deliver_work_order", durable=True)


class Node:
    """One service: broker, pool and relay."""

    def __init__(self) -> None:
        self.broker = RabbitBroker(
            os.environ["AMQP_URI"], default_channel=Channel(prefetch_count=PREFETCH, on_return_raises=True), logger=None
        )
        self.woken = asyncio.Event()

    async def start(self) -> None:
        """Connect everything."""
        self.pool = await asyncpg.create_pool(
            os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS, init=_json_columns
        )
        await self.broker.start()
        self.relaying = asyncio.create_task(self._relay())

    async def _relay(self) -> None:
        exchanges: dict[str, RabbitExchange] = {}
        while True:
            self.woken.clear()
            rows = await self.pool.fetch(
                "SELECT position, id, type, envelope, mandatory FROM outbox WHERE sent_at IS NULL ORDER BY position LIMIT $1",
                RELAY_BATCH,
            )
            if not rows:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.woken.wait(), IDLE_SECONDS)
                continue
            sending = []
            for row in rows:
                publisher, _, key = row["type"].partition(".")
                exchange = exchanges.setdefault(publisher, _exchange(publisher))
                sending.append(
                    self.broker.publish(
                        row["envelope"].encode(),
                        exchange=exchange,
                        routing_key=key,
                        mandatory=row["mandatory"],
                        persist=True,
                        message_id=str(row["id"]),
                        content_type="application/json",
                    )
                )
            await asyncio.gather(*sending)
            sent = [row["position"] for row in rows]
            await self.pool.execute("UPDATE outbox SET sent_at = now() WHERE position = ANY($1)", sent)

    def serve_door(self) -> None:
        """Take the command."""

        @self.broker.subscriber(DOOR)
        async def deliver_work_order(command: DeliverWorkOrder) -> Row:
            async with self.pool.acquire() as connection, connection.transaction():
                answer = await deliver(connection, command)
            self.woken.set()
            return answer

    def subscribe(self, queue: str, effect: Effect) -> None:
        """Take an event, with the inbox."""
        arguments: Any = {**QUEUE_ARGUMENTS, "x-dead-letter-exchange": f"{queue.partition('.')[0]}.dead"}
        bound = RabbitQueue(
            queue, queue_type=QueueType.QUORUM, durable=True, routing_key="work_order.delivered", arguments=arguments
        )

        @self.broker.subscriber(bound, _exchange("workshop"))
        async def handle(event: Envelope) -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                new = await connection.fetchval(
                    "INSERT INTO inbox (subscriber, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
                    queue,
                    event.id,
                )
                if new:
                    await announce(connection, await effect(connection, event))
            self.woken.set()


def _exchange(publisher: str) -> RabbitExchange:
    return RabbitExchange(f"{publisher}.events", type=ExchangeType.TOPIC, durable=True)


async def _json_columns(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


EFFECTS: dict[str, tuple[str, Effect]] = {
    "billing": ("billing.issue_invoices", issue_invoices),
    "parts": ("parts.deduct_stock", deduct_stock),
    "crm": ("crm.schedule_follow_up", schedule_follow_up),
}


async def serve(role: str) -> None:
    """Run one service until the harness ends the process."""
    node = Node()
    if role == "workshop":
        node.serve_door()
    else:
        node.subscribe(*EFFECTS[role])
    await node.start()
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    await node.relaying


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
