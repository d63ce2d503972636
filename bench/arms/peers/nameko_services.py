"""P1: plain nameko as its examples do it - commit, then dispatch; handlers without inbox. Fast to write, and unsafe.

    python -m bench.cooperative bench.arms.peers.nameko_services workshop|billing|parts|crm      # DATABASE_URL, AMQP_URI

A crash between commit and dispatch loses the event, a redelivery has the effect twice. Only the queues differ from the examples:
they are quorum queues, as everywhere in this benchmark, and the delivery is dispatched with `mandatory`.
"""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from nameko import config
from nameko.events import EventDispatcher, EventHandler
from nameko.rpc import rpc
from nameko.runners import ServiceRunner
from sqlalchemy import select

from bench.arms.peers import nameko_models as m
from bench.arms.plain import facts
from bench.cooperative import lines


class QuorumEventHandler(EventHandler):
    """nameko's event handler on a quorum queue."""

    def setup(self) -> None:
        """As nameko does, but for the type of the queue."""
        super().setup()
        self.queue.queue_arguments = {"x-queue-type": "quorum"}


event_handler = QuorumEventHandler.decorator


class WorkshopService:
    """The service."""

    name = "workshop"
    session = m.Database()
    dispatch = EventDispatcher(mandatory=True)

    @rpc
    def deliver_work_order(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Commit the delivery, then tell the others."""
        order = self.session.get(m.WorkOrder, (payload["dealer"], payload["work_order_id"]), with_for_update=True)
        if order.status != "ready":
            return {"status": order.status}
        rows = self.session.scalars(
            select(m.OrderLine)
            .where(m.OrderLine.dealer_id == order.dealer_id, m.OrderLine.work_order_id == order.id)
            .order_by(m.OrderLine.number)
        )
        row, at = _row(order), datetime.now(UTC)
        signed = facts.settlement(row, [_row(line) for line in rows], mileage=payload["mileage"], at=at)
        event = facts.delivered(row, signed)
        order.status, order.version, order.revision = "delivered", order.version + 1, order.revision + 1
        order.mileage, order.delivered_at = payload["mileage"], at
        self.session.add(
            m.Delivery(dealer_id=order.dealer_id, id=uuid4(), work_order_id=order.id, revision=order.revision, settlement=signed)
        )
        self.session.commit()
        self.dispatch("work_order.delivered", event)
        return signed


class BillingService:
    """Invoices."""

    name = "billing"
    session = m.Database()
    dispatch = EventDispatcher()

    @event_handler("workshop", "work_order.delivered")
    def issue_invoices(self, event: facts.Envelope) -> None:
        """An invoice per payer."""
        dealer, data = event["dealerid"], event["data"]
        issued = []
        series = self.session.get(m.NumberSeries, (dealer, "INV", 2026), with_for_update=True)
        self.session.add(
            m.OrderAccount(
                dealer_id=dealer,
                id=data["work_order_id"],
                version=1,
                work_order_number=data["number"],
                customer_id=data["customer"]["customer_id"],
                currency=data["currency"],
            )
        )
        self.session.flush()
        for payer, bill in facts.bills(data).items():
            series.last += 1
            identity, number = str(uuid4()), f"INV-2026-{series.last:06d}"
            self.session.add(
                m.Invoice(
                    dealer_id=dealer,
                    id=identity,
                    kind="invoice",
                    series="INV",
                    year=2026,
                    sequence_number=series.last,
                    number=number,
                    work_order_id=data["work_order_id"],
                    work_order_number=data["number"],
                    revision=data["revision"],
                    payer=payer,
                    customer=data["customer"],
                    vehicle=data["vehicle"],
                    issued_at=datetime.now(UTC),
                    currency=data["currency"],
                    net_minor=bill["net"],
                    tax_minor=bill["tax"],
                    total_minor=bill["gross"],
                    document={"lines": bill["lines"]},
                )
            )
            self.session.add(
                m.Share(
                    dealer_id=dealer,
                    id=uuid4(),
                    account_id=data["work_order_id"],
                    revision=data["revision"],
                    payer=payer,
                    invoice_id=identity,
                    total_minor=bill["gross"],
                )
            )
            issued.append(facts.invoice_issued(event, identity, number, payer, bill))
        self.session.commit()
        for fact in issued:
            self.dispatch("invoice.issued", fact)


class PartsService:
    """Stock."""

    name = "parts"
    session = m.Database()
    dispatch = EventDispatcher()

    @event_handler("workshop", "work_order.delivered")
    def deduct_stock(self, event: facts.Envelope) -> None:
        """What was issued goes to the customer."""
        dealer, data, identity, now = event["dealerid"], event["data"], uuid4(), datetime.now(UTC)
        order = data["work_order_id"]
        reservation = self.session.scalars(
            select(m.Reservation).where(m.Reservation.dealer_id == dealer, m.Reservation.work_order_id == order)
        ).one()
        reservation.state, reservation.version = "delivered", reservation.version + 1
        for line in self.session.scalars(
            select(m.ReservationLine).where(
                m.ReservationLine.dealer_id == dealer, m.ReservationLine.reservation_id == reservation.id
            )
        ):
            line.issued_units = 0
        taken = facts.installed(data)
        balances = {
            (one.part_number, one.location): one
            for one in self.session.scalars(
                select(m.StockBalance)
                .where(m.StockBalance.dealer_id == dealer, m.StockBalance.part_number.in_({number for _, number, _ in taken}))
                .order_by(m.StockBalance.part_number, m.StockBalance.location)
                .with_for_update()
            )
        }
        lines_ = []
        for line_id, number, units in taken:
            before = balances[number, "bin"].quantity_units + balances[number, "wip"].quantity_units
            balances[number, "wip"].quantity_units -= units
            balances[number, "customer"].quantity_units += units
            self.session.add(
                m.StockMove(
                    dealer_id=dealer,
                    id=uuid4(),
                    kind="deducted",
                    part_number=number,
                    quantity_units=units,
                    from_location="wip",
                    to_location="customer",
                    document_id=identity,
                    work_order_id=order,
                    line_id=line_id,
                    moved_at=now,
                    moved_by="bench",
                )
            )
            lines_.append(facts.deducted_line(line_id, number, units, before))
        self.session.add(
            m.Deduction(
                dealer_id=dealer, id=identity, work_order_id=order, revision=data["revision"], lines=lines_, deducted_at=now
            )
        )
        self.session.commit()
        self.dispatch("deduction.deducted", facts.stock_deducted(event, str(identity), lines_))


class CrmService:
    """Follow-ups."""

    name = "crm"
    session = m.Database()
    dispatch = EventDispatcher()

    @event_handler("workshop", "work_order.delivered")
    def schedule_follow_up(self, event: facts.Envelope) -> None:
        """The follow-up and what the odometer showed."""
        dealer, data, identity = event["dealerid"], event["data"], str(uuid4())
        times = facts.follow_up_times(data)
        self.session.add(
            m.FollowUp(
                dealer_id=dealer,
                id=identity,
                version=1,
                state="scheduled",
                work_order_id=data["work_order_id"],
                work_order_number=data["number"],
                revision=data["revision"],
                customer=data["customer"],
                vehicle=data["vehicle"],
                delivered_at=data["delivered_at"],
                planned_at=times[0],
                due_at=times[1],
                breach_at=times[2],
            )
        )
        self.session.add(
            m.MileageReading(
                dealer_id=dealer,
                id=uuid4(),
                vehicle_id=data["vehicle"]["vehicle_id"],
                at=data["delivered_at"],
                mileage=data["mileage"],
                work_order_id=data["work_order_id"],
            )
        )
        self.session.commit()
        self.dispatch("follow_up.scheduled", facts.follow_up_scheduled(event, identity, times))


SERVICES = {service.name: service for service in (WorkshopService, BillingService, PartsService, CrmService)}


def _row(mapped: Any) -> facts.Row:
    return {column.name: getattr(mapped, column.name) for column in mapped.__table__.columns}


def main() -> None:
    """Run one service until the harness ends the process."""
    config.setup({"AMQP_URI": os.environ["AMQP_URI"]})
    runner = ServiceRunner()
    runner.add_service(SERVICES[sys.argv[1]])
    runner.start()
    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    for _ in lines():
        pass
