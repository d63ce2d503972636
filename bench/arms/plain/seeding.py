"""Databases and bus of the plain arms, and orders that are ready to be delivered in them."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import amqp
import psycopg2
from psycopg2.extras import execute_values

from bench.arms.plain.facts import SUBSCRIBERS
from bench.data.mixes import Mix, Order
from bench.data.uris import amqp_arguments

SERVICES = ("workshop", "billing", "parts", "crm")
SCHEMA = Path(__file__).with_name("schema.sql")
QUEUE_ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 100,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}
FIRST_STOCK = 1_000_000_000


def declare(uri: str) -> None:
    """Exchanges, quorum queues and bindings, each service's dead letters as well."""
    with amqp.Connection(**amqp_arguments(uri)) as connection:
        channel = connection.channel()
        for service in SERVICES:
            channel.exchange_declare(f"{service}.events", "topic", durable=True, auto_delete=False)
            channel.exchange_declare(f"{service}.dead", "fanout", durable=True, auto_delete=False)
            quorum = {"x-queue-type": "quorum"}
            channel.queue_declare(f"{service}.dead-letters", durable=True, auto_delete=False, arguments=quorum)
            channel.queue_bind(f"{service}.dead-letters", f"{service}.dead")
        for event, queues in SUBSCRIBERS.items():
            publisher, _, routing_key = event.partition(".")
            for queue in queues:
                arguments = {**QUEUE_ARGUMENTS, "x-dead-letter-exchange": f"{queue.partition('.')[0]}.dead"}
                channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
                channel.queue_bind(queue, f"{publisher}.events", routing_key)


class Seeder:
    """Makes orders that are ready: their parts are in stock and issued to the technician."""

    def __init__(self, urls: dict[str, str], mix: Mix) -> None:
        self._urls = urls
        self._mix = mix
        self._made = 0
        self._customer = {
            "customer_id": str(uuid4()),
            "name": "Li Na",
            "phone": "13800000001",
            "email": None,
            "preferred_channel": "phone",
        }
        self._vehicle = {
            "vehicle_id": str(uuid4()),
            "vin": "1M8GDM9AXKP042788",
            "plate": "沪A12345",
            "make": "Volvo",
            "model": "XC60",
        }

    def prepare(self) -> None:
        """The tables, and stock of every part at every dealer."""
        for url in self._urls.values():
            with _cursor(url) as cursor:
                cursor.execute(SCHEMA.read_text(encoding="utf-8"))
        with _cursor(self._urls["billing"]) as cursor:
            first = [(dealer, "INV", 2026, 0) for dealer in set(self._mix.dealers)]
            execute_values(cursor, "INSERT INTO number_series VALUES %s", first)
        received = {
            (self._mix.dealer(number), line["part_number"])
            for number in range(self._mix.templates)
            for line in self._lines(number)
            if line["part_number"]
        }
        moves = [
            (
                dealer,
                str(uuid4()),
                "received",
                number,
                FIRST_STOCK,
                "supplier",
                "bin",
                str(uuid4()),
                None,
                None,
                "2026-03-01T05:00:00+00:00",
                "zhao",
            )
            for dealer, number in sorted(received)
        ]
        with _cursor(self._urls["parts"]) as cursor:
            execute_values(cursor, "INSERT INTO stock_move VALUES %s", moves, page_size=500)

    def orders(self, count: int) -> list[Order]:
        """So many further orders."""
        numbers = range(self._made, self._made + count)
        self._made += count
        orders = [Order(self._mix.dealer(number), str(uuid4()), 1) for number in numbers]
        lines = [self._lines(number) for number in numbers]
        with _cursor(self._urls["workshop"]) as cursor:
            execute_values(cursor, _ORDER, [self._order(*one) for one in zip(numbers, orders, strict=True)], page_size=500)
            columns = list(lines[0][0])
            rows = [
                (order.dealer, order.id, *(json.dumps(line[name]) if name == "shares" else line[name] for name in columns))
                for order, of_order in zip(orders, lines, strict=True)
                for line in of_order
            ]
            into = f"INSERT INTO order_line (dealer_id, work_order_id, {', '.join(columns)}) VALUES %s"
            execute_values(cursor, into, rows, page_size=500)
        self._issue_parts(orders, lines)
        return orders

    def _order(self, number: int, order: Order) -> tuple[Any, ...]:
        return (
            order.dealer,
            order.id,
            order.version,
            str(uuid4()),
            f"RO-2026-{number:06d}",
            "ready",
            json.dumps(self._customer),
            json.dumps(self._vehicle),
            self._vehicle["plate"],
            "Brakes squeal",
            "wang",
            "2026-03-02T04:00:00+00:00",
            0,
        )

    def _lines(self, number: int) -> list[dict[str, Any]]:
        return [
            {
                "id": str(uuid4()),
                "number": place,
                "kind": line.kind,
                "description": line.description,
                "operation_code": line.operation_code,
                "hours_units": line.hours_units,
                "part_number": line.part_number and f"{line.part_number}-{self._mix.template(number):02d}",
                "quantity_units": line.quantity_units,
                "amount_minor": line.amount_minor,
                "shares": line.shares(),
            }
            for place, line in enumerate(self._mix.lines, 1)
        ]

    def _issue_parts(self, orders: list[Order], lines: list[list[dict[str, Any]]]) -> None:
        reservations, wanted, moves = [], [], []
        for order, of_order in zip(orders, lines, strict=True):
            reservation = str(uuid4())
            reservations.append((order.dealer, reservation, 1, order.id, "open"))
            for line in of_order:
                if line["part_number"]:
                    number, units = line["part_number"], line["quantity_units"]
                    wanted.append((order.dealer, str(uuid4()), reservation, line["id"], number, units, 0, units))
                    moves.append(
                        (
                            order.dealer,
                            str(uuid4()),
                            "issued",
                            number,
                            units,
                            "bin",
                            "wip",
                            reservation,
                            order.id,
                            line["id"],
                            "2026-03-02T05:00:00+00:00",
                            "zhao",
                        )
                    )
        with _cursor(self._urls["parts"]) as cursor:
            execute_values(cursor, "INSERT INTO reservation VALUES %s", reservations, page_size=500)
            execute_values(cursor, "INSERT INTO reservation_line VALUES %s", wanted, page_size=500)
            execute_values(cursor, "INSERT INTO stock_move VALUES %s", moves, page_size=500)
            cursor.execute(_BALANCE)


_ORDER = """
    INSERT INTO work_order (dealer_id, id, version, visit_id, number, status, customer, vehicle, plate, complaint, advisor,
        opened_at, revision) VALUES %s"""

_BALANCE = """
    INSERT INTO stock_balance SELECT dealer_id, part_number, location, sum(units), 0 FROM (
        SELECT dealer_id, part_number, to_location AS location, quantity_units AS units FROM stock_move
        UNION ALL SELECT dealer_id, part_number, from_location, -quantity_units FROM stock_move
        UNION ALL SELECT DISTINCT dealer_id, part_number, 'customer', 0 FROM stock_move
    ) AS ends GROUP BY 1, 2, 3
    ON CONFLICT (dealer_id, part_number, location) DO UPDATE SET quantity_units = EXCLUDED.quantity_units"""


@contextmanager
def _cursor(url: str) -> Iterator[Any]:
    """A cursor in a transaction of its own."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        yield cursor
