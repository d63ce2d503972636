"""Raw py-amqp: an outbox relay with confirms matched by tag, and a consumer that acknowledges what is committed."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import amqp
import psycopg2

from bench.data.uris import amqp_arguments

RELAY_BATCH = 200
IDLE_SECONDS = 0.2
PREFETCH = 100


class Relay(threading.Thread):
    """Publishes what is pending, waits for every confirm, marks it sent. `wake` after a commit spares the wait."""

    def __init__(self, url: str, uri: str) -> None:
        super().__init__(daemon=True)
        self._database = psycopg2.connect(url)
        self._uri = uri
        self._woken = threading.Event()
        self._sent = 0
        self._open: dict[int, int] = {}
        self._returned = False

    def wake(self) -> None:
        """There is something to publish."""
        self._woken.set()

    def run(self) -> None:
        """Relay for ever."""
        with amqp.Connection(**amqp_arguments(self._uri)) as connection:
            channel = connection.channel()
            channel.confirm_select()
            channel.events["basic_ack"].add(self._on_ack)
            channel.events["basic_return"].add(self._on_return)
            while True:
                self._woken.clear()
                if not self._relay(connection, channel):
                    self._woken.wait(IDLE_SECONDS)

    def _relay(self, connection: Any, channel: Any) -> bool:
        with self._database, self._database.cursor() as cursor:
            cursor.execute(
                "SELECT position, id, type, envelope, mandatory FROM outbox WHERE sent_at IS NULL ORDER BY position LIMIT %s",
                [RELAY_BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return False
            for position, identity, kind, envelope, mandatory in rows:
                self._sent += 1
                self._open[self._sent] = position
                publisher, _, routing_key = kind.partition(".")
                message = amqp.Message(
                    envelope, content_type="application/json", delivery_mode=2, message_id=str(identity), type=routing_key
                )
                channel.basic_publish(message, f"{publisher}.events", routing_key, mandatory=mandatory)
            while self._open:
                connection.drain_events(timeout=30)
            if self._returned:
                raise RuntimeError("an event found no queue")
            cursor.execute("UPDATE outbox SET sent_at = now() WHERE position = ANY(%s)", [[row[0] for row in rows]])
        return True

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for one in [one for one in self._open if one <= tag] if multiple else [tag]:
            del self._open[one]

    def _on_return(self, *_: Any) -> None:
        self._returned = True


def consume(uri: str, queue: str, batch: int, handle: Callable[[list[Any]], None]) -> None:
    """Hand over up to `batch` bodies at a time, what is there without waiting; acknowledge them once `handle` has returned."""
    with amqp.Connection(**amqp_arguments(uri)) as connection:
        channel = connection.channel()
        channel.basic_qos(0, PREFETCH, False)
        arrived: list[Any] = []
        channel.basic_consume(queue, callback=arrived.append)
        while True:
            if not arrived:
                with suppress(TimeoutError):
                    connection.drain_events(timeout=1)
            with suppress(TimeoutError):
                while len(arrived) < batch:
                    connection.drain_events(timeout=0.001)
            taken, arrived[:] = arrived[:batch], arrived[batch:]
            if taken:
                handle([message.body for message in taken])
                channel.basic_ack(taken[-1].delivery_tag, multiple=True)


def until(moment: float) -> None:
    """Sleep until a moment of the monotonic clock."""
    if (left := moment - time.monotonic()) > 0:
        time.sleep(left)
