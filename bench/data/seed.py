"""Orders that are ready to be delivered in ServiceLane: made by its own commands, then multiplied (see `multiply`).

Each template order goes the whole way through the services' own use cases, from the dealer's registration to `ready`, with the
events between the services carried by hand; no bus is needed for that. The environment names the services' databases.
"""

import os
from secrets import token_hex
from typing import Any

from sqlalchemy import select, update

from bench.data.mixes import Line, Mix
from chassis.events.subscriber import Subscriber
from chassis.events.subscription import Delivery
from chassis.process.settings import Settings
from chassis.service.entrypoints import Service
from chassis.store.tables import outbox
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from chassis.wire.messages import Command, Query
from chassis.wire.values import Hours, Money, Quantity
from chassis.work.executor import Executor
from contracts.crm.customer import RegisterCustomer
from contracts.crm.vehicle import RegisterVehicle
from contracts.gateway.account import CreateAccount, CreateApiClient, Membership
from contracts.gateway.dealer import RegisterDealer
from contracts.parts import catalogue, issuing
from contracts.parts.receiving import ReceiptLine, ReceiveStock
from contracts.roles import SERVICE_ADVISOR, TECHNICIAN
from contracts.signing import Signing
from contracts.workshop import agreement, handing_over, reception, shop_floor
from contracts.workshop.order import AddLines, NewLabour, NewPart, NewSublet
from contracts.workshop.pricing import OperationEntry, PublishOperations, SetWorkshopSettings
from gateway.service import GatewayService
from servicelane.visit import CHECKED
from services.billing.service import BillingService
from services.crm.service import CrmService
from services.parts.service import PartsService
from services.workshop.service import WorkshopService

STOCK = "100000"


class Hand:
    """Plays bus and staff: gives commands to services and carries what they announce to whoever subscribes."""

    def __init__(self, classes: tuple[type[Service], ...]) -> None:
        self._services = {cls.name: cls() for cls in classes}
        self._cores = {name: Executor(Settings.read(name, os.environ)) for name in self._services}
        self._subscriptions = {
            name: {one.name: one for one in service.subscriptions()} for name, service in self._services.items()
        }

    def do(self, command: Command, dealer: str | None, actor: str = "wang") -> Any:
        """Give a command; its answer as plain data, once every subscriber has handled what it announced."""
        service = self._services[type(command).service]
        call = Call(dealer=dealer, principal=f"account:{actor}", actor=actor)
        use_case = service.use_case(type(command))
        answer = self._cores[service.name].execute(type(command), use_case, command.dump(), call, new_id())
        while self._carry():
            pass
        return answer

    def ask(self, query: Query, dealer: str, actor: str = "wang") -> Any:
        """Ask something; its answer as plain data."""
        service = self._services[type(query).service]
        call = Call(dealer=dealer, principal=f"account:{actor}", actor=actor)
        return self._cores[service.name].ask(type(query), service.use_case(type(query)), query.dump(), call)

    def _carry(self) -> bool:
        carried = False
        for publisher, executor in self._cores.items():
            with executor.sessions() as session:
                rows = session.execute(select(outbox).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.position)).all()
                if not rows:
                    continue
                carried = True
                for name, subscriptions in self._subscriptions.items():
                    given = [
                        Delivery(queue, row.envelope)
                        for row in rows
                        for queue, one in subscriptions.items()
                        if row.type in one.events
                    ]
                    if given and name != publisher:
                        Subscriber(self._cores[name], subscriptions).process(given)
                session.execute(update(outbox).where(outbox.c.sent_at.is_(None)).values(sent_at=executor.clock.now()))
                session.commit()
        return carried

    def close(self) -> None:
        """Disconnect."""
        for executor in self._cores.values():
            executor.engine.dispose()


def templates(mix: Mix) -> list[dict[str, Any]]:
    """Make the template orders; the dealer and id of each, by number."""
    hand = Hand((GatewayService, CrmService, PartsService, WorkshopService, BillingService))
    operations = [
        OperationEntry(
            operation_code=line.operation_code, name_zh=line.description, name_en=line.description, hours=Hours(line.hours_units)
        )
        for line in mix.lines
        if line.operation_code and line.hours_units
    ]
    hand.do(PublishOperations(operations=operations), None)
    for dealer in dict.fromkeys(mix.dealers):
        hand.do(
            RegisterDealer(
                dealer=dealer, name=dealer, time_zone="Asia/Shanghai", currency="CNY", locale="zh", tax_mode="inclusive"
            ),
            None,
        )
        hand.do(SetWorkshopSettings(labour_rate=Money.of("180.00", "CNY"), call_threshold=Money.of("300.00", "CNY")), dealer)
    people = [Membership(dealer=dealer, roles=[TECHNICIAN]) for dealer in dict.fromkeys(mix.dealers)]
    hand.do(CreateAccount(login="zhang", name="Zhang", password="wrench and socket", dealers=people), None)
    advisors = [Membership(dealer=dealer, roles=[SERVICE_ADVISOR]) for dealer in dict.fromkeys(mix.dealers)]
    hand.do(CreateApiClient(client_id="bench", name="Bench", secret=token_hex(32), dealers=advisors), None)
    made = [{"dealer": mix.dealer(number), "id": _ready(hand, mix, number)} for number in range(mix.templates)]
    hand.close()
    return made


def _ready(hand: Hand, mix: Mix, number: int) -> str:
    """One order from the customer's file to the passed inspection; its id."""
    dealer = mix.dealer(number)
    customer = hand.do(RegisterCustomer(name="Li Na", phone=f"138{number:08d}"), dealer)
    vehicle = hand.do(
        RegisterVehicle(
            customer_id=customer["id"],
            vin=f"1M8GDM9AXKP0{number:05d}",
            plate=f"沪A{number:05d}",
            make="Volvo",
            model="XC60",
        ),
        dealer,
    )
    for line in mix.lines:
        if line.part_number:
            _stock(hand, dealer, f"{line.part_number}-{number:02d}", line)
    order = hand.do(
        reception.OpenWorkOrder(customer_id=customer["id"], vehicle_id=vehicle["id"], complaint="Brakes squeal", mileage=51_000),
        dealer,
    )
    identity = order["id"]
    hand.do(
        AddLines(
            work_order_id=identity,
            labour=[NewLabour(operation_code=line.operation_code, payer=line.payer) for line in mix.lines if line.operation_code],
            parts=[
                NewPart(part_number=f"{line.part_number}-{number:02d}", quantity=Quantity(line.quantity_units), payer=line.payer)
                for line in mix.lines
                if line.part_number and line.quantity_units
            ],
            sublet=[
                NewSublet(description=line.description, price=Money(line.amount_minor, "CNY"), payer=line.payer)
                for line in mix.lines
                if line.kind == "sublet"
            ]
            or None,
        ),
        dealer,
    )
    order = hand.do(
        agreement.IssueEstimate(
            work_order_id=identity, payment_method="wechat_pay", old_parts="return_to_customer", free_wash=False
        ),
        dealer,
    )
    shown = hand.ask(agreement.GetEstimate(work_order_id=identity), dealer)
    order = hand.do(
        agreement.ApproveEstimate(
            work_order_id=identity,
            estimate_version=order["estimate_version"],
            decision=Signing(means="typed", name="Li Na", document_hash=shown["document_hash"]),
        ),
        dealer,
    )
    hand.do(
        issuing.IssueParts(
            work_order_id=identity,
            technician="zhang",
            signature=Signing(means="typed", name="Zhang"),
            lines=[
                issuing.HandedLine(line_id=line["line_id"], quantity=Quantity.of(line["quantity"]))
                for line in order["lines"]
                if line["kind"] == "part"
            ],
        ),
        dealer,
    )
    hand.do(shop_floor.DispatchWorkOrder(work_order_id=identity, technician="zhang", bay="B1"), dealer)
    for line in order["lines"]:
        if line["kind"] == "labour":
            hand.do(shop_floor.ClockOn(work_order_id=identity, line_id=line["line_id"]), dealer, "zhang")
            hand.do(shop_floor.ClockOff(work_order_id=identity, line_id=line["line_id"], done=True), dealer, "zhang")
    hand.do(shop_floor.RequestQualityCheck(work_order_id=identity), dealer, "zhang")
    hand.do(shop_floor.CheckQuality(work_order_id=identity, passed=True), dealer, "qin")
    hand.do(handing_over.MarkReady(work_order_id=identity), dealer)
    hand.do(handing_over.CheckBeforeDelivery(work_order_id=identity, **CHECKED), dealer)
    return str(identity)


def _stock(hand: Hand, dealer: str, number: str, line: Line) -> None:
    assert line.quantity_units
    price = Money(line.amount_minor * 1000 // line.quantity_units, "CNY")
    hand.do(
        catalogue.CreatePart(part_number=number, name_zh=number, name_en=line.description, unit="pc", list_price=price), dealer
    )
    hand.do(
        ReceiveStock(
            reference=number,
            supplier="SAIC",
            lines=[ReceiptLine(part_number=number, quantity=Quantity.of(STOCK), unit_cost=price)],
        ),
        dealer,
    )
