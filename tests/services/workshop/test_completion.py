"""Rule W32: second-level maintenance and overhaul are delivered with a completion certificate, numbered without a gap."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from chassis.wire.errors import Refused
from chassis.wire.values import Hours
from contracts.workshop import completion as certificates
from contracts.workshop import lane
from contracts.workshop.comeback import WorkClass
from contracts.workshop.completion_events import CompletionCertified, CompletionVoided
from contracts.workshop.delivery_time import SetDeliverySettings
from contracts.workshop.handing_over import GetSettlement, MarkReady
from contracts.workshop.isolation import VoidIsolation
from contracts.workshop.order import WorkOrder
from contracts.workshop.order_file import GetOrderFile
from contracts.workshop.pricing import OperationEntry, PublishOperations
from contracts.workshop.road_test import AnswerTestDrive
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck, ReturnToWork
from services.workshop.completion.completion_certificate import CompletionCertificate
from services.workshop.completion.voiding import CompletionVoid
from services.workshop.lane.settings import ReceptionSettings
from tests.services.workshop.electric import electric_shop, isolated, live, step
from tests.services.workshop.shop import Shop, labour, line_id
from tests.services.workshop.test_comeback import publish_operations


@pytest.fixture(autouse=True)
def _published(shop: Shop) -> None:
    publish_operations(shop)


def ready(shop: Shop, code: str = "ENGINE") -> WorkOrder:
    return shop.ready(shop.approved(labour=[labour(code)]))


def publish_class(shop: Shop, code: str, work_class: WorkClass) -> None:
    """The group has an operation of that class."""
    one = OperationEntry(
        operation_code=code, name_zh=code, name_en=code, hours=Hours.of("1.00"), operation_group=code, work_class=work_class
    )
    shop.desk.do(PublishOperations(operations=[one]), dealer=None)


def issues(shop: Shop, order: WorkOrder, *, by: str = "qin") -> certificates.CompletionCertificate:
    return shop.desk.do(certificates.IssueCompletionCertificate(work_order_id=order.id), actor=by)


def of_order(shop: Shop, order: WorkOrder) -> certificates.CompletionCertificates:
    return shop.desk.ask(certificates.GetCompletionCertificates(work_order_id=order.id))


def to_issue(shop: Shop) -> list[str]:
    return [one.work_order_id for one in shop.desk.ask(certificates.ListCarsToCertify()).items]


def test_an_overhaul_is_not_delivered_without_it_and_other_work_needs_none(shop: Shop) -> None:
    order, other = ready(shop), ready(shop, "BRAKE-F")
    assert (to_issue(shop), of_order(shop, order).needed, of_order(shop, other).needed) == ([order.id], True, False)
    with pytest.raises(Refused, match="completion_not_certified"):
        shop.deliver(order)
    assert shop.deliver(other).status == "delivered"
    with pytest.raises(Refused, match="not_in_this_status"):
        issues(shop, other)
    issued = issues(shop, order)
    assert (issued.number, issued.revision, issued.work_classes) == ("CC-2026-000001", 1, ["overhaul"])
    assert (issued.signature.name, issued.signature.means, issued.signature.verified) == ("qin", "account", True)
    assert (to_issue(shop), of_order(shop, order).needed) == ([], False)
    with pytest.raises(Refused, match="completion_certified"):
        issues(shop, order)
    assert shop.deliver(shop.now(order)).status == "delivered"
    assert [(one.number, one.revision) for one in shop.desk.announced(CompletionCertified)] == [("CC-2026-000001", 1)]
    kinds = [one.kind for one in shop.desk.ask(GetOrderFile(work_order_id=order.id)).documents]
    assert kinds.count("completion") == 1


def test_it_says_what_was_done_on_which_car_and_what_its_odometer_showed(shop: Shop) -> None:
    """As it is printed: kind of work, mileage, day, and the car."""
    order = shop.ready(shop.approved(shop.open(mileage=51_200), labour=[labour("ENGINE")]))
    issued = issues(shop, order)
    assert (issued.mileage, issued.work_classes, issued.issued_at) == (51_200, ["overhaul"], shop.desk.clock.now())
    assert (issued.vin, issued.plate) == (order.vehicle.vin, order.vehicle.plate)
    assert issued.signature.verified


def test_it_is_issued_once_the_car_has_passed_and_for_work_that_needs_it(shop: Shop) -> None:
    """Which classes need it is a setting of the dealer; minor repairs never do."""
    with pytest.raises(Refused, match="not_in_this_status"):
        issues(shop, shop.approved(labour=[labour("ENGINE")]))
    minor = ready(shop, "BRAKE-F")
    with pytest.raises(Refused, match="no_certificate_needed"):
        issues(shop, minor)
    order = ready(shop)
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="stain", rework_line_ids=[]))
    shop.desk.do(SetDeliverySettings(certified_classes=[]))
    assert shop.deliver(ready(shop)).status == "delivered"


def test_an_assembly_that_was_repaired_is_certified_and_warranted_as_an_overhaul(shop: Shop) -> None:
    """Rules W29, W32: a gearbox is no special repair, whose class needs a certificate only where the dealer says so."""
    publish_class(shop, "GEARBOX", "assembly")
    publish_class(shop, "PAINT", "special")
    order = ready(shop, "GEARBOX")
    assert shop.deliver(ready(shop, "PAINT")).status == "delivered"
    with pytest.raises(Refused, match="completion_not_certified"):
        shop.deliver(order)
    assert issues(shop, order).work_classes == ["assembly"]
    shop.deliver(shop.now(order))
    [line] = shop.desk.ask(GetSettlement(work_order_id=order.id)).lines
    assert (line.warranty_days, line.warranty_km) == (100, 20_000)


def test_a_class_that_is_newer_than_the_dealers_numbers_is_warranted_by_the_rule(shop: Shop) -> None:
    """Rule W29: the numbers were kept by the release before, and somebody had said their own of another class."""
    publish_class(shop, "GEARBOX", "assembly")
    before = shop.desk.ask(lane.GetReceptionSettings()).warranties
    kept = {one.work_class: [one.days, one.km] for one in before if one.work_class != "assembly"}

    def keep(session: Any) -> None:
        session.execute(update(ReceptionSettings).values(warranties={**kept, "minor": [9, 900]}))
        session.commit()

    shop.desk.rows(keep)
    warranted = {one.work_class: one.days for one in shop.desk.ask(lane.GetReceptionSettings()).warranties}
    assert (warranted["assembly"], warranted["minor"]) == (100, 9)
    order = ready(shop, "GEARBOX")
    issues(shop, order)
    shop.deliver(shop.now(order))
    [line] = shop.desk.ask(GetSettlement(work_order_id=order.id)).lines
    assert (line.warranty_days, line.warranty_km) == (100, 20_000)


def test_who_did_the_work_certifies_it_no_more_than_they_inspect_it(shop: Shop) -> None:
    """Rule W32: whoever has both roles."""
    order = ready(shop)
    shop.desk.employ("zhang", "quality_inspector", "technician", sequence=9)
    with pytest.raises(Refused, match="inspector_did_the_work"):
        issues(shop, order, by="zhang")
    assert issues(shop, order).signature.name == "qin"


def test_however_many_are_issued_at_once_no_number_is_left_out_or_given_twice(shop: Shop) -> None:
    orders = [ready(shop) for _ in range(6)]
    numbers = list(eventlet.GreenPool(6).imap(lambda order: issues(shop, order).number, orders))
    assert Counter(numbers) == Counter(f"CC-2026-{number:06d}" for number in range(1, 7))


def test_the_next_delivery_after_a_reversal_needs_one_of_its_own(shop: Shop) -> None:
    """Rule W15: the first one is void, its number stays used."""
    order = ready(shop)
    issues(shop, order)
    back = shop.reverse(shop.deliver(shop.now(order)))
    with pytest.raises(Refused, match="completion_not_certified"):
        shop.deliver(back)
    assert (issues(shop, back).number, of_order(shop, order).needed) == ("CC-2026-000002", False)
    assert shop.deliver(shop.now(order)).revision == 2
    assert [(one.number, one.revision) for one in of_order(shop, order).items] == [("CC-2026-000001", 1), ("CC-2026-000002", 2)]
    first, second = of_order(shop, order).items
    assert (first.void and first.void.void_cause, first.void and first.void.voided_by, second.void) == ("reversed", "boss", None)


def goes_back(shop: Shop, order: WorkOrder) -> None:
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="oil at the sump", rework_line_ids=[line_id(order, 1)]))


def is_not_fixed(shop: Shop, order: WorkOrder) -> None:
    drive: dict[str, Any] = {"route": "ring road", "mileage_before": 51_990, "mileage_after": 51_995}
    found: dict[str, Any] = {"outcome": "not_fixed", "findings": "oil at the sump", "rework_line_ids": [line_id(order, 1)]}
    shop.desk.do(AnswerTestDrive(work_order_id=order.id, **drive, **found))


@pytest.mark.parametrize(
    ("stage", "sends_back", "cause"),
    [
        ("inspected", goes_back, "back_to_work"),
        ("ready", goes_back, "back_to_work"),
        ("ready", is_not_fixed, "not_fixed"),
    ],
)
def test_one_of_a_car_that_goes_back_to_work_is_void_and_the_next_pass_needs_another(
    shop: Shop, stage: str, sends_back: Callable[[Shop, WorkOrder], None], cause: str
) -> None:
    """Rule W32: its number stays used; order and file show since when it is void, and why."""
    order = getattr(shop, stage)(shop.approved(labour=[labour("ENGINE")]))
    issued = issues(shop, order)
    sends_back(shop, order)
    assert (of_order(shop, order).needed, to_issue(shop)) == (False, []), "it has not passed again yet"
    order = shop.now(order)
    shop.clock_on(order)
    shop.desk.pass_time(minutes=30)
    shop.clock_off(order)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    assert (of_order(shop, order).needed, to_issue(shop)) == (True, [order.id])
    [void] = of_order(shop, order).items
    assert (void.id, void.signature.verified) == (issued.id, True)
    assert void.void is not None
    assert (void.void.void_cause, void.void.reason) == (cause, "oil at the sump")
    [told] = shop.desk.announced(CompletionVoided)
    assert (told.number, told.revision, told.void_cause) == ("CC-2026-000001", 1, cause)
    assert issues(shop, order).number == "CC-2026-000002"
    assert [one.void is None for one in of_order(shop, order).items] == [False, True]
    filed = [one for one in shop.desk.ask(GetOrderFile(work_order_id=order.id)).documents if one.kind == "completion"]
    assert [one.void_because for one in filed] == ["oil at the sump", None]
    assert (filed[0].void_since, filed[1].void_since) == (void.void.voided_at, None)


def test_a_car_that_went_back_to_work_is_not_delivered_with_the_certificate_it_had(shop: Shop) -> None:
    order = ready(shop)
    issues(shop, order)
    goes_back(shop, order)
    again = shop.now(order)
    shop.clock_on(again)
    shop.clock_off(again)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    shop.checked(shop.desk.do(MarkReady(work_order_id=order.id)))
    with pytest.raises(Refused, match="completion_not_certified"):
        shop.deliver(order)
    issues(shop, order)
    assert shop.deliver(shop.now(order)).status == "delivered"


def test_one_of_a_car_whose_isolation_is_void_is_void(shop: Shop) -> None:
    """Rule W30: what was passed by a mistaken record is inspected, and certified, anew."""
    electric_shop(shop)
    order = shop.dispatched(shop.approved(labour=[labour("ENGINE")]))
    one = isolated(shop, order)
    live(shop, one)
    shop.clock_on(order)
    shop.clock_off(order)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    issues(shop, order)
    step(shop, VoidIsolation, one, "boss", reason="another car")
    [void] = of_order(shop, order).items
    assert void.void is not None
    assert (void.void.void_cause, void.void.reason) == ("isolation_void", "another car")


def test_the_database_refuses_to_change_one(shop: Shop) -> None:
    order = ready(shop)
    issues(shop, order)

    def attempt(change: Any) -> None:
        with pytest.raises(DBAPIError, match="never changed"):
            shop.desk.rows(lambda session: session.execute(change))

    attempt(update(CompletionCertificate).values(sequence_number=9))
    attempt(delete(CompletionCertificate))
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="stain", rework_line_ids=[]))
    attempt(update(CompletionVoid).values(reason="another"))
    attempt(delete(CompletionVoid))
