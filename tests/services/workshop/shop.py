"""A workshop under test: a desk that knows customers, cars, operations and prices, and the everyday steps of an order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

from chassis.wire.errors import NotFound, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Hours, Money, Quantity
from contracts.billing.events import ReversalConfirmed
from contracts.booking.calendar import OpeningHours, Weekday
from contracts.booking.calendar_events import CalendarSet
from contracts.booking.events import AppointmentArrived, AppointmentFacts
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.parts.events import PriceEntry, PriceListPublished
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.signing import Signing
from contracts.workshop import agreement, handing_over, reception, shop_floor
from contracts.workshop.completion import IssueCompletionCertificate
from contracts.workshop.order import AddLines, GetWorkOrder, NewLabour, NewPart, NewSublet, WorkOrder
from contracts.workshop.pricing import (
    CoefficientEntry,
    OperationEntry,
    PublishCoefficients,
    PublishOperations,
    SetWorkshopSettings,
)
from tests.services.desk import NOON, Desk

CUSTOMER = CustomerFacts(customer_id=new_id(), name="Li Na", phone="13800000001")
VEHICLE = VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="Volvo", model="XC60")
DEALER = "sh-pudong"
CALENDAR = "019cadf0-0000-7000-8000-000000000032"


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


def price(part_number: str, amount: str, successor: str | None = None, core_charge: str | None = None) -> PriceEntry:
    """A part of the price list."""
    return PriceEntry(
        part_number=part_number,
        name_zh=f"备件{part_number}",
        name_en=f"Part {part_number}",
        unit="pc",
        list_price=cny(amount),
        successor=successor,
        core_charge=cny(core_charge) if core_charge else None,
    )


def labour(code: str = "BRAKE-F", **more: Any) -> NewLabour:
    """A labour line; the customer pays unless said otherwise."""
    return NewLabour(operation_code=code, **_paid(more))


def part(number: str = "PAD-1", quantity: str = "2", **more: Any) -> NewPart:
    """A part line; the customer pays unless said otherwise."""
    return NewPart(part_number=number, quantity=Quantity.of(quantity), **_paid(more))


def sublet(amount: str = "80.00", **more: Any) -> NewSublet:
    """A sublet line; the customer pays unless said otherwise."""
    return NewSublet(description="Wheel alignment", price=cny(amount), **_paid(more))


AS_SHOWN = "as shown"

OF_WHAT_IS_SAID = ("mileage_went_back", "mileage_far_ahead")
"""Refusals of a delivery that nobody can know before it is said what the odometer shows."""


def signed(name: str = "Li Na") -> Signing:
    """The customer's signature under what they are shown at that moment."""
    return Signing(means="typed", name=name, document_hash=AS_SHOWN)


def _unseen(signing: Signing | None) -> bool:
    return signing is not None and signing.document_hash == AS_SHOWN


def _paid(more: dict[str, Any]) -> dict[str, Any]:
    return more if "split" in more else {"payer": "customer_pay", **more}


class Shop:
    """The everyday steps; each answers the order as it is afterwards. `order` is always the newest state."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.sees = self.sees
        desk.do(
            PublishOperations(
                operations=[
                    OperationEntry(
                        operation_code="BRAKE-F", name_zh="更换前制动片", name_en="Front brake pads", hours=Hours.of("1.50")
                    ),
                    OperationEntry(operation_code="OIL", name_zh="更换机油", name_en="Oil change", hours=Hours.of("0.50")),
                ]
            ),
            dealer=None,
        )
        desk.do(PublishCoefficients(coefficients=[CoefficientEntry(make="Volvo", model="XC60", coefficient="1.2")]), dealer=None)
        self.know_neighbours(DEALER)

    def sees(self, command: Any, dealer: str | None) -> Any:
        """The command with the hash of what is shown to whoever signs it: the settlement, or the estimate that is decided on."""
        field = next((one for one in ("signature", "decision") if _unseen(getattr(command, one, None))), None)
        if field is None:
            return command
        order = {"work_order_id": command.work_order_id}
        if isinstance(command, handing_over.DeliverWorkOrder):
            query: Any = handing_over.GetSettlement(**order)
        else:
            query = agreement.GetEstimate(**order, estimate_version=getattr(command, "estimate_version", None))
        try:
            shown = self.desk.ask(query, dealer=dealer).document_hash
        except (NotFound, Refused):
            shown = None
        return replace(command, **{field: replace(getattr(command, field), document_hash=shown)})

    def know_neighbours(self, dealer: str) -> None:
        """Customer, car, prices and rates of one dealer."""
        self.desk.hear(CustomerRecorded(customer=CUSTOMER), subject=CUSTOMER.customer_id, dealer=dealer)
        self.desk.hear(
            VehicleRecorded(vehicle=VEHICLE, customer_id=CUSTOMER.customer_id), subject=VEHICLE.vehicle_id, dealer=dealer
        )
        for name in ("zhang", "chen"):
            self.desk.employ(name, "technician")
        self.publish_prices(1, price("PAD-1", "199.99"), price("WIPER", "45.00"), dealer=dealer)
        self.desk.do(SetWorkshopSettings(labour_rate=cny("180.00"), call_threshold=cny("300.00")), dealer=dealer)

    def publish_prices(self, edition: int, *parts: PriceEntry, dealer: str = DEALER, times: int = 1) -> None:
        """parts announces prices."""
        self.desk.hear(PriceListPublished(edition=edition, chunk=1, chunks=1, parts=list(parts)), dealer=dealer, times=times)

    def open(self, *, dealer: str = DEALER, **more: Any) -> WorkOrder:
        """A walk-in's order."""
        walk_in = {"customer_id": CUSTOMER.customer_id, "vehicle_id": VEHICLE.vehicle_id, "complaint": "Brakes squeal"}
        sure = {"confirm_second_order": True}  # there is one car for all tests
        return self.desk.do(reception.OpenWorkOrder(**{**walk_in, **sure, **more}), dealer=dealer)

    def opens(self, opens: str, closes: str, *weekdays: Weekday, sequence: int = 1, closed_on: tuple[str, ...] = ()) -> None:
        """booking announces when the dealer is open, on every weekday unless some are named."""
        days: tuple[Weekday, ...] = weekdays or get_args(Weekday)
        opening = [OpeningHours(weekday=day, opens=opens, closes=closes) for day in days]
        closed = [date.fromisoformat(one) for one in closed_on]
        fact = CalendarSet(calendar_id=CALENDAR, opening=opening, closed_on=closed)
        self.desk.hear(fact, subject=fact.calendar_id, sequence=sequence)

    def appointment(self, **changes: Any) -> AppointmentFacts:
        """An appointment's facts."""
        facts = {
            "appointment_id": new_id(),
            "status": "arrived",
            "service_type": "repair",
            "starts_at": NOON,
            "customer": CUSTOMER,
            "vehicle": VEHICLE,
            "complaint": "Brakes squeal",
            "operations": [],
            "parts": [],
            "tags": [],
        }
        return AppointmentFacts(**{**facts, **changes})

    def arrive(self, appointment: AppointmentFacts, *, visit: str | None = None, sequence: int = 2, times: int = 1) -> None:
        """booking announces that the car is here."""
        self.desk.hear(
            AppointmentArrived(appointment=appointment),
            subject=appointment.appointment_id,
            sequence=sequence,
            visit=visit,
            times=times,
        )

    def quoted(self, order: WorkOrder, **lines: Any) -> WorkOrder:
        """Lines added and put before the customer."""
        given = lines or {"labour": [labour()], "parts": [part()], "sublet": [sublet()]}
        self.desk.do(AddLines(work_order_id=order.id, **given))
        return self.estimate(order)

    def estimate(self, order: WorkOrder, **more: Any) -> WorkOrder:
        """What is undecided, put before the customer."""
        return self.desk.do(
            agreement.IssueEstimate(
                work_order_id=order.id,
                payment_method="wechat_pay",
                old_parts="return_to_customer",
                **{
                    "free_wash": False,
                    "promised_at": self.desk.clock.now() + timedelta(hours=4),
                    "promise_reason": "as agreed",
                    **more,
                },
            )
        )

    def approved(self, order: WorkOrder | None = None, **lines: Any) -> WorkOrder:
        """An order with approved lines."""
        order = self.quoted(order or self.open(), **lines)
        return self.approve(order)

    def approve(self, order: WorkOrder) -> WorkOrder:
        """The customer signs the newest estimate."""
        return self.desk.do(
            agreement.ApproveEstimate(work_order_id=order.id, estimate_version=order.estimate_version, decision=signed())
        )

    def dispatched(self, order: WorkOrder, technician: str = "zhang", bay: str = "B1") -> WorkOrder:
        """Given to a technician and a bay."""
        return self.desk.do(shop_floor.DispatchWorkOrder(work_order_id=order.id, technician=technician, bay=bay))

    def clock_on(self, order: WorkOrder, number: int = 1, technician: str = "zhang", **more: Any) -> WorkOrder:
        """The technician starts on the line of that number."""
        asked = shop_floor.ClockOn(work_order_id=order.id, line_id=line_id(order, number), **more)
        return self.desk.do(asked, actor=technician)

    def clock_off(
        self, order: WorkOrder, number: int = 1, technician: str = "zhang", *, done: bool = True, **more: Any
    ) -> WorkOrder:
        """The technician stops."""
        asked = shop_floor.ClockOff(work_order_id=order.id, line_id=line_id(order, number), done=done, **more)
        return self.desk.do(asked, actor=technician)

    def worked(self, order: WorkOrder) -> WorkOrder:
        """All labour done, and the car sent to its checks."""
        order = self.dispatched(order)
        for line in order.lines:
            if line.kind == "labour" and line.state == "approved":
                self.clock_on(order, line.number)
                self.desk.pass_time(minutes=45)
                self.clock_off(order, line.number)
        return self.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")

    def inspected(self, order: WorkOrder) -> WorkOrder:
        """All labour done and the car passed by an inspector."""
        order = self.worked(order)
        passed = shop_floor.CheckQuality(work_order_id=order.id, passed=True, as_before=order.to_compare)
        return self.desk.do(passed, actor="qin")

    def ready(self, order: WorkOrder | None = None) -> WorkOrder:
        """An order whose car can be handed over, and was checked before its customer was told."""
        return self.checked(self.desk.do(handing_over.MarkReady(work_order_id=self.inspected(order or self.approved()).id)))

    def checked(self, order: WorkOrder, **more: Any) -> WorkOrder:
        """The advisor looked at it before the customer was told."""
        items = ("old_parts_present", "clean", "no_tools_left", "spare_tyre_and_tools_checked")
        told = {**dict.fromkeys(items, True), **more}
        return self.desk.do(handing_over.CheckBeforeDelivery(work_order_id=order.id, **told))

    def certified(self, order: WorkOrder) -> WorkOrder:
        """The inspector issued the completion certificate that its work needs."""
        self.desk.do(IssueCompletionCertificate(work_order_id=order.id), actor="qin")
        return self.now(order)

    def deliver(self, order: WorkOrder, **more: Any) -> WorkOrder:
        """The customer accepts and signs; whatever refuses it was told before they did (Rule W13)."""
        known = self.obstacles(order)
        asked = handing_over.DeliverWorkOrder(work_order_id=order.id, **{"mileage": 52_000, "signature": signed(), **more})
        try:
            delivered = self.desk.do(asked)
        except Refused as refused:
            if known is not None and refused.code not in (*known[:1], *OF_WHAT_IS_SAID):
                raise AssertionError(f"{refused.code} was not told before") from refused
            raise
        assert not known, f"delivered in spite of {known}"
        return delivered

    def obstacles(self, order: WorkOrder) -> list[str] | None:
        """What is known to refuse the delivery; None for one that was delivered."""
        try:
            settlement = self.desk.ask(handing_over.GetSettlement(work_order_id=order.id))
        except NotFound:
            return None
        return None if settlement.final else [one.code for one in settlement.obstacles]

    def reverse(self, order: WorkOrder) -> WorkOrder:
        """The delivery is asked to be reversed, and billing confirms it."""
        self.desk.do(handing_over.ReverseDelivery(work_order_id=order.id, reason="wrong car"), actor="boss")
        self.desk.hear(ReversalConfirmed(work_order_id=order.id, revision=order.revision))
        return self.now(order)

    def now(self, order: WorkOrder) -> WorkOrder:
        """The order as it stands."""
        return self.desk.ask(GetWorkOrder(work_order_id=order.id))


def line_id(order: WorkOrder, number: int) -> str:
    """The id of the line with that number."""
    return next(line.line_id for line in order.lines if line.number == number)
