"""What parts receives from other services, and what the parts desk does: the words the tests of parts are written in."""

import json

from sqlalchemy import select

from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.booking.events import (
    AppointmentAmended,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.parts.catalogue import ChangePart, CreatePart
from contracts.parts.events import PriceListPublished
from contracts.parts.issuing import HandedLine, IssueParts, ReturnParts
from contracts.parts.receiving import CorrectStock, ReceiptLine, ReceiveStock, ReturnToSupplier, UndoReceipt
from contracts.parts.reservation import GetReservation
from contracts.parts.stock import GetPart
from contracts.parts.task import ListTasks
from contracts.shared import DeliveredLine, Share
from contracts.signing import Signing
from contracts.workshop.events import (
    DeliveryReversed,
    WorkApproved,
    WorkDeclined,
    WorkOrderDelivered,
    WorkOrderOpened,
    WorkOrderVoided,
    WorkWithdrawn,
)
from services.parts.stock.balance import StockBalance
from tests.services.parts.books import books_agree
from tests.services.parts.facts import TOMORROW, VISIT, a_customer, a_vehicle, an_id, appointment, yuan


class Scene:
    """A desk of parts with the trade's words on it."""

    def __init__(self, desk):
        self.desk = desk
        desk.employ("zhao", "technician")

    # what happens in booking and workshop

    def booked(self, name, *parts, sequence=1, **how):
        self.desk.hear(AppointmentBooked(appointment=appointment(name, *parts)), subject=an_id(name), sequence=sequence, **how)

    def rescheduled(self, name, *parts, starts_at=TOMORROW, sequence=2):
        fact = AppointmentRescheduled(
            appointment=appointment(name, *parts, starts_at=starts_at), previous_starts_at=TOMORROW, reason="asked for it"
        )
        self.desk.hear(fact, subject=an_id(name), sequence=sequence)

    def amended(self, name, *parts, sequence=2, status="confirmed"):
        fact = AppointmentAmended(appointment=appointment(name, *parts, status=status))
        self.desk.hear(fact, subject=an_id(name), sequence=sequence)

    def cancelled(self, name, *parts, sequence=2, **how):
        fact = AppointmentCancelled(appointment=appointment(name, *parts, status="cancelled"), reason="ill")
        self.desk.hear(fact, subject=an_id(name), sequence=sequence, **how)

    def missed(self, name, *parts, sequence=2):
        self.desk.hear(
            AppointmentMissed(appointment=appointment(name, *parts, status="no_show")), subject=an_id(name), sequence=sequence
        )

    def arrived(self, name, *parts, sequence=2):
        fact = AppointmentArrived(appointment=appointment(name, *parts, status="arrived"), bay="3")
        self.desk.hear(fact, subject=an_id(name), sequence=sequence)

    def opened(self, order, appointment=None, *, sequence=1, **how):
        fact = WorkOrderOpened(
            work_order_id=an_id(order),
            number="WO-1",
            appointment_id=an_id(appointment) if appointment else None,
            customer=a_customer(),
            vehicle=a_vehicle(),
            complaint="noise",
        )
        self.desk.hear(fact, subject=an_id(order), sequence=sequence, visit=VISIT, **how)

    def approved(self, order, *parts, appointment=None, sequence=2, promised_at=None, **how):
        fact = WorkApproved(
            work_order_id=an_id(order),
            appointment_id=an_id(appointment) if appointment else None,
            approved_by="Li Lei",
            parts=list(parts),
            promised_at=promised_at,
        )
        self.desk.hear(fact, subject=an_id(order), sequence=sequence, visit=VISIT, **how)

    def declined(self, order, *parts, appointment=None, approved=None, sequence=2, **how):
        """`parts` are all that are declined by now, `approved` all that are approved."""
        fact = WorkDeclined(
            work_order_id=an_id(order),
            appointment_id=an_id(appointment) if appointment else None,
            declined=[],
            not_wanted=list(parts),
            parts=approved,
        )
        self.desk.hear(fact, subject=an_id(order), sequence=sequence, visit=VISIT, **how)

    def withdrawn(self, order, *parts, sequence=3, **how):
        fact = WorkWithdrawn(work_order_id=an_id(order), withdrawn_by="Li Lei", declined=[], parts=list(parts))
        self.desk.hear(fact, subject=an_id(order), sequence=sequence, visit=VISIT, **how)

    def voided(self, order, *, sequence=9, **how):
        self.desk.hear(
            WorkOrderVoided(work_order_id=an_id(order), reason="changed his mind"), subject=an_id(order), sequence=sequence, **how
        )

    def delivered(self, order, *lines, revision=1, sequence=None, **how):
        self.desk.hear(
            delivery(order, *lines, revision=revision),
            subject=an_id(order),
            sequence=sequence or 10 * revision,
            visit=VISIT,
            **how,
        )

    def reversed(self, order, *, revision=1, sequence=None, **how):
        fact = DeliveryReversed(work_order_id=an_id(order), revision=revision, reason="entered by mistake")
        self.desk.hear(fact, subject=an_id(order), sequence=sequence or 10 * revision + 1, **how)

    # what the parts desk does

    def catalogued(self, *numbers, dealer="sh-pudong", **facts):
        for number in numbers:
            self.desk.do(a_part(number, **facts), dealer=dealer)

    def superseded(self, number, successor):
        """The catalogue says so from now on; the price list is published, and heard."""
        part = self.part(number, resolve=False)
        facts = {field: getattr(part, field) for field in ("name_zh", "name_en", "unit", "list_price")}
        self.desk.do(ChangePart(part_id=part.id, successor=successor, **facts))
        self.desk.hear(self.desk.announced(PriceListPublished)[-1])

    def received(self, number, quantity, cost="10.00", *, reference=None, supplier="SAIC", dealer="sh-pudong"):
        line = ReceiptLine(part_number=number, quantity=Quantity.of(quantity), unit_cost=yuan(cost))
        return self.desk.do(ReceiveStock(reference=reference or new_id(), supplier=supplier, lines=[line]), dealer=dealer)

    def undone(self, receipt):
        return self.desk.do(UndoReceipt(receipt_id=receipt.id, reason="typed wrong"))

    def sent_back(self, receipt, number, quantity, *, reference=None):
        return self.desk.do(
            ReturnToSupplier(
                receipt_id=receipt.id,
                part_number=number,
                quantity=Quantity.of(quantity),
                reference=reference or new_id(),
                reason="wrong part",
            )
        )

    def corrected(self, number, quantity, source, target):
        return self.desk.do(
            CorrectStock(
                part_number=number, quantity=Quantity.of(quantity), from_location=source, to_location=target, reason="counted"
            )
        )

    def in_stock(self, number, quantity, cost="10.00"):
        self.catalogued(number)
        self.received(number, quantity, cost)

    def issue(self, order, line, quantity, technician="zhao", **how):
        return self.desk.do(IssueParts(**self._handed(order, line, quantity, technician)), **how)

    def take_back(self, order, line, quantity, technician="zhao", **how):
        return self.desk.do(ReturnParts(**self._handed(order, line, quantity, technician)), **how)

    def _handed(self, order, line, quantity, technician):
        lines = [HandedLine(line_id=an_id(line), quantity=Quantity.of(quantity))]
        return {
            "work_order_id": an_id(order),
            "technician": technician,
            "signature": Signing(means="typed", name=technician),
            "lines": lines,
        }

    # what the records say

    def part(self, number, **how):
        return self.desk.ask(GetPart(part_number=number, **how))

    def balance(self, number, dealer="sh-pudong"):
        """Where the part is: only locations that are not zero, as plain numbers."""
        rows = self.desk.rows(
            lambda session: session.scalars(select(StockBalance).where(StockBalance.part_number == number)).all(), dealer=dealer
        )
        return {row.location: row.quantity_units / 1000 for row in rows if row.quantity_units}

    def cost(self, number):
        """What a piece on hand cost on average, as text; None with nothing on hand."""
        cost = self.part(number, resolve=False).average_cost
        return None if cost is None else str(cost.amount)

    def tasks(self, state="open"):
        """(kind, part number, quantity) of the parts desk's tasks."""
        items = self.desk.ask(ListTasks(state=state)).items
        return {(one.kind, one.part_number, float(one.quantity.decimal)) for one in items}

    def reservation(self, order=None, appointment=None):
        return self.desk.ask(
            GetReservation(
                work_order_id=an_id(order) if order else None, appointment_id=an_id(appointment) if appointment else None
            )
        )

    def set_aside(self, order=None, appointment=None):
        """(reserved, issued, short) by part number."""
        return {
            one.part_number: tuple(float(quantity.decimal) for quantity in (one.reserved, one.issued, one.short))
            for one in self.reservation(order, appointment).lines
        }

    def assert_the_books_agree(self, dealer="sh-pudong"):
        """Invariant I3: balances are the sums of moves, reserved is the sum of open reservations and lies in the bin."""
        self.desk.rows(books_agree, dealer=dealer)
        assert self.desk.parked() == []


def a_part(number, **facts):
    return CreatePart(
        **{
            "part_number": number,
            "name_zh": f"配件 {number}",
            "name_en": f"part {number}",
            "unit": "l",
            "list_price": yuan("20.00"),
            **facts,
        }
    )


def delivery(order, *lines, revision=1):
    return WorkOrderDelivered(
        work_order_id=an_id(order),
        number="WO-1",
        revision=revision,
        customer=a_customer(),
        vehicle=a_vehicle(),
        mileage=1000,
        currency="CNY",
        tax_mode="inclusive",
        tax_rate="13",
        lines=list(lines) or [labour()],
        declined=[],
        advisor="wang",
        accepted_by="Li Lei",
        delivered_at=TOMORROW,
    )


def installed(line, number, quantity, place=1):
    return DeliveredLine(
        line_id=an_id(line),
        number=place,
        kind="part",
        description=number or "?",
        part_number=number,
        quantity=None if quantity is None else Quantity.of(quantity),
        amount=yuan("20.00"),
        shares=[Share(payer="customer_pay", amount=yuan("20.00"))],
    )


def labour():
    return DeliveredLine(
        line_id=an_id("labour"),
        number=9,
        kind="labour",
        description="oil change",
        amount=yuan("100.00"),
        shares=[Share(payer="customer_pay", amount=yuan("100.00"))],
    )


def envelope_of(fact, *, sequence, dealer="sh-pudong"):
    """An event as it comes off the bus, for deliveries in batches."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": new_id(),
            "source": "servicelane/workshop",
            "type": fact.type,
            "subject": new_id(),
            "time": TOMORROW.isoformat(),
            "sequence": sequence,
            "schemaversion": 1,
            "dealerid": dealer,
            "data": fact.dump(),
        }
    )
