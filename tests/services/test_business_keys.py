"""Every business key of every service, refused by the database itself: the wall that stands when code and inbox fail.

The rows are those that commands and events really made. Each is inserted once more through SQL, as the runtime role, with another
id and everything else of its own that could stop it first: only the key under test is the same.
"""

import os
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import Index, Table, UniqueConstraint, Uuid, insert, select
from sqlalchemy.exc import IntegrityError

from chassis.service.entrypoints import Service
from chassis.wire.ids import new_id
from chassis.wire.values import Money, Quantity
from contracts.billing.account import RecordPayment
from contracts.billing.gate_pass import IssueGatePass
from contracts.billing.invoice import AttachTaxNumber, ListInvoices, SetTaxRate
from contracts.booking.events import AppointmentFacts, AppointmentMissed
from contracts.booking.loaner import AddLoaner
from contracts.crm.customer import RegisterCustomer
from contracts.crm.follow_up import ListFollowUps, RecordAttempt
from contracts.crm.invitation import InviteCustomer
from contracts.crm.vehicle import RegisterVehicle
from contracts.gateway.account import CreateAccount, CreateApiClient
from contracts.parts.level import SetStockLevel
from contracts.parts.purchasing import (
    ApprovePurchaseOrder,
    DeliveredPart,
    DraftPurchaseOrder,
    ReceivePurchaseOrder,
    SendPurchaseOrder,
    WantedPart,
)
from contracts.parts.supplier import ApproveSupplier, OfferPart, RegisterSupplier
from contracts.shared import DeclinedLine
from contracts.workshop.equipment import RegisterEquipment
from contracts.workshop.order_file import FilePaper
from contracts.workshop.pricing import SetMenuPrice
from contracts.workshop.signing_link import CreateSigningLink
from contracts.workshop.visit_link import CreateVisitLink
from servicelane.suite import SERVICES, service_class
from tests.architecture.service_tables import metadata_of
from tests.services.billing import orders
from tests.services.booking.conftest import Front
from tests.services.desk import NOON, Desk
from tests.services.gateway.signing import sign_in
from tests.services.parts.facts import want
from tests.services.parts.scene import Scene, installed
from tests.services.parts.stocktakes import Count
from tests.services.workshop.electric import a_battery_job, electric_shop, lock
from tests.services.workshop.shop import CUSTOMER, DEALER, VEHICLE, Shop, cny, labour
from tests.services.workshop.test_comeback import publish_operations
from tests.services.workshop.test_evidence import attach
from tests.services.workshop.test_order_file import leaves

UNIQUE_VIOLATION = "23505"


def _keys() -> list[Any]:
    keys = []
    for service in SERVICES:
        for table in metadata_of(service).sorted_tables:
            unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
            for one in sorted(unique, key=lambda key: [column.name for column in key.columns]):
                columns = [column.name for column in one.columns if column.name != "dealer_id"]
                keys.append(pytest.param(service, table, one, id=f"{service}-{table.name}-{'-'.join(columns)}"))
    return keys


def _work_in_workshop(desk: Desk) -> None:
    shop = Shop(desk)
    appointment = shop.appointment()
    shop.arrive(appointment)
    order = shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)
    shop.desk.do(CreateSigningLink(work_order_id=shop.quoted(shop.open()).id, estimate_version=1, token_hash="0" * 64))
    shop.desk.do(CreateVisitLink(work_order_id=order.id, token_hash="0" * 64))
    with mock.patch.dict(os.environ, {"HEALTH_RECORD_URL": "http://127.0.0.1:9/records"}):
        leaves(shop, shop.deliver(shop.ready()))
    shop.deliver(shop.ready(shop.approved(order)))
    paper = {"kind": "walk_around", "attachment_id": attach(shop, order).id, "signed_by": "Li Na", "signed_on": NOON.date()}
    desk.do(FilePaper(work_order_id=order.id, **paper))
    lock(shop, a_battery_job(electric_shop(shop)))
    publish_operations(shop)
    shop.certified(shop.ready(shop.approved(labour=[labour("ENGINE")])))
    desk.do(RegisterEquipment(code="T-1", kind="tool", name="Torque wrench"))
    desk.do(SetMenuPrice(operation_code="OIL", price=cny("99.00")))
    desk.pass_time(hours=5)
    desk.fire_timers()  # a promise is at risk


def _work_in_parts(desk: Desk) -> None:
    scene = Scene(desk)
    scene.catalogued("P-1", barcode="690123")
    scene.received("P-1", "1", reference="DN-1")
    scene.opened("order")
    scene.approved("order", want("line", "P-1", "2"))
    scene.delivered("order", installed("line", "P-1", "2"))  # one more than there is: the desk gets a task
    sells = desk.do(RegisterSupplier(code="S", name_zh="供应商", name_en="Supplier", lead_time_days=7))
    terms = {"part_number": "P-1", "supplier_part_number": "S-1", "price": Money.of("10.00", "CNY")}
    desk.do(OfferPart(supplier_id=sells.id, **terms))
    desk.do(ApproveSupplier(supplier_id=sells.id, reason="audited"))
    order = desk.do(DraftPurchaseOrder(supplier_id=sells.id, lines=[WantedPart(part_number="P-1", quantity=Quantity.of(1))]))
    desk.do(ApprovePurchaseOrder(purchase_order_id=order.id))
    desk.do(SendPurchaseOrder(purchase_order_id=order.id))
    damaged = [DeliveredPart(line_number=1, damaged=Quantity.of(1))]
    desk.do(ReceivePurchaseOrder(purchase_order_id=order.id, reference="DN-2", lines=damaged))
    scene.booked("monday", want("booked", "P-1", "1"))  # there is none: it is on special order
    desk.do(SetStockLevel(part_number="P-1", reorder_point=Quantity.of(9), order_up_to=Quantity.of(9)))
    desk.pass_time(hours=1)
    desk.fire_timers()  # it is at its reorder point
    scene.opened("walk-in")
    scene.approved("walk-in", want("lacks", "P-1", "1"))
    scene.catalogued("P-2")
    scene.received("P-2", "2")
    count = Count(desk)
    count.counted(("P-2", "1"), by="sun")
    count.counted(("P-2", "1"), by="li")
    count.approved()


def _work_in_billing(desk: Desk) -> None:
    fact = orders.delivered(orders.labour(1, customer_pay="113.00"))
    desk.hear(fact)
    amount = orders.cny("113.00")
    payment = {"payer": "customer_pay", "payment_method": "alipay", "amount": amount, "provider_reference": "AL-1"}
    desk.do(RecordPayment(work_order_id=fact.work_order_id, **payment))
    desk.do(IssueGatePass(work_order_id=fact.work_order_id))
    desk.do(SetTaxRate(effective_on=date(2026, 4, 1), rate="9.00"))
    [invoice] = desk.ask(ListInvoices(work_order_id=fact.work_order_id)).items
    desk.do(AttachTaxNumber(invoice_id=invoice.id, tax_number="2600001"))


def _work_in_booking(desk: Desk) -> None:
    desk.do(AddLoaner(plate="沪A00001", make="BYD", model="Qin", mileage=10))
    Front(desk).books(tags=["comeback"])
    desk.pass_time(days=6)
    desk.fire_timers()  # the technical director hears of it


def _work_in_crm(desk: Desk) -> None:
    customer = desk.do(RegisterCustomer(name="Li Lei", phone="13800000001"))
    car = {"vin": "1M8GDM9AXKP042788", "plate": "沪A·12345", "make": "MCI", "model": "102"}
    vehicle = desk.do(RegisterVehicle(customer_id=customer.id, **car))
    desk.do(InviteCustomer(vehicle_id=vehicle.id, reason="recall", channel="phone"))
    wipers = DeclinedLine(line_id=new_id(), kind="part", description="Wiper blades", reason="next time")
    desk.hear(orders.delivered(orders.labour(1, customer_pay="113.00"), declined=[wipers]))
    [follow_up] = desk.ask(ListFollowUps()).items
    desk.do(RecordAttempt(follow_up_id=follow_up.id, reached=False))
    missed = {"appointment_id": new_id(), "status": "no_show", "service_type": "repair", "starts_at": NOON}
    wanted = {"customer": CUSTOMER, "vehicle": VEHICLE, "operations": [], "parts": [], "tags": []}
    desk.hear(AppointmentMissed(appointment=AppointmentFacts(**missed, **wanted)))


def _work_in_gateway(desk: Desk) -> None:
    desk.do(CreateAccount(login="wang", name="王强", password="correct horse battery", locale="zh"), dealer=None)
    desk.do(CreateApiClient(client_id="portal", name="portal", secret="more than 32 characters, at random"), dealer=None)
    sign_in(desk, "wang")


WORK: dict[str, Callable[[Desk], None]] = {
    "booking": _work_in_booking,
    "workshop": _work_in_workshop,
    "parts": _work_in_parts,
    "billing": _work_in_billing,
    "crm": _work_in_crm,
    "gateway": _work_in_gateway,
}
"""What makes at least one row with each of a service's business keys."""


@pytest.fixture(scope="module")
def desks(migrated_database: Any) -> Callable[[str], Desk]:
    """`desks("parts")`: the service after a day's work, the same for all its keys."""
    opened: dict[str, Desk] = {}

    def worked(name: str) -> Desk:
        if name not in opened:
            door: type[Service] = service_class(name)
            opened[name] = Desk(door, url=migrated_database(door).url)
            WORK[name](opened[name])
        return opened[name]

    return worked


@pytest.mark.parametrize(("service", "table", "key"), _keys())
def test_a_second_row_with_the_same_business_key_is_refused(
    desks: Callable[[str], Desk], service: str, table: Table, key: UniqueConstraint
) -> None:
    """Whatever the code believes: the database has the last word."""
    desk = desks(service)
    names = [column.name for column in key.columns]

    def again(session: Any) -> None:
        complete = [table.c[name].is_not(None) for name in names]
        row = dict(session.execute(select(table).where(*complete).limit(1)).one()._mapping)
        session.execute(insert(table).values(_another(row, table, key)))

    with pytest.raises(IntegrityError) as refusal:
        desk.rows(again, dealer=DEALER)
    assert (refusal.value.orig.pgcode, refusal.value.orig.diag.constraint_name) == (UNIQUE_VIOLATION, key.name)


def _another(row: dict[str, Any], table: Table, key: UniqueConstraint) -> dict[str, Any]:
    """The row under another id, and with other values where another key of the table would refuse it first."""
    other: dict[str, Any] = {"id": new_id()}
    mine = {column.name for column in key.columns}
    for one in [*table.constraints, *table.indexes]:
        if one is not key and (isinstance(one, UniqueConstraint) or (isinstance(one, Index) and one.unique)):
            others = [column for column in one.columns if column.name not in mine and column.name != "dealer_id"]
            if not others:
                continue  # one that only some rows keep, and this one does not
            free = min(others, key=lambda column: bool(column.foreign_keys))  # another order would have to be there
            other[free.name] = _different(row[free.name], uuid=isinstance(free.type, Uuid))
    return {**row, **other}


def _different(value: Any, *, uuid: bool) -> Any:
    if value is None:
        return None
    if uuid:
        return new_id()
    return value + 1 if isinstance(value, int) else f"{value[:-1]}#"
