"""Workshop after a restore: what it is told that it announced, and has forgotten."""

from chassis.wire.envelope import seal
from chassis.wire.ids import new_id
from contracts.billing.events import ReversalConfirmed
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.workshop.completion_events import CompletionCertified
from contracts.workshop.events import DeliveryReversed, ReversalRequested, WorkOrderOpened
from servicelane.recalling import keep
from services.workshop.service import WorkshopService
from tests.services.workshop.shop import DEALER


def recall(shop, fact, *, subject=None, sequence=1):
    """What `servicelane recall` does with an event of the journal."""
    envelope = seal(
        fact,
        subject=subject or new_id(),
        sequence=sequence,
        time=shop.desk.clock.now(),
        dealer=DEALER,
        correlation_id=None,
        causation_id=None,
        traceparent=None,
        actor="boss",
    )
    keep(shop.desk.executor, WorkshopService, [envelope])


def test_the_number_of_an_order_that_is_forgotten_is_no_others(shop):
    """It is on the customer's paper."""
    year = shop.open().number.split("-")[1]
    customer = CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001")
    car = VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="Subaru", model="Forester")
    for number in (41, 40):
        opened = WorkOrderOpened(
            work_order_id=new_id(), number=f"RO-{year}-{number:06d}", customer=customer, vehicle=car, complaint="squeals"
        )
        recall(shop, opened)
    assert shop.open().number == f"RO-{year}-000042"


def test_the_number_of_a_certificate_that_is_forgotten_is_no_others(shop):
    """Rule W32: so a gap stays, and says so."""
    from sqlalchemy import select

    from services.workshop.completion.completion_certificate import CompletionSeries

    told = CompletionCertified(
        work_order_id=new_id(), number="CC-2026-000007", revision=1, issued_by="boss", issued_at=shop.desk.clock.now()
    )
    recall(shop, told)
    assert shop.desk.rows(lambda session: session.scalars(select(CompletionSeries.last)).all()) == [7]


def test_a_reversal_that_was_asked_for_and_is_forgotten_is_done_when_billing_confirms_it_again(shop):
    """Rule W15: billing has credited it; the question is recalled, so that the answer is understood."""
    order = shop.deliver(shop.ready())
    asked = ReversalRequested(work_order_id=order.id, revision=1, reason="wrong car")
    recall(shop, asked, subject=order.id, sequence=order.version + 1)
    recall(shop, ReversalRequested(work_order_id=new_id(), revision=1, reason="of an order that is forgotten, too"))
    shop.desk.hear(ReversalConfirmed(work_order_id=order.id, revision=1))
    found = shop.now(order)
    assert (found.status, found.reversal.state, found.reversal.reason, found.reversal.requested_by) == (
        "ready",
        "confirmed",
        "wrong car",
        "boss",
    )
    assert [fact.reason for fact in shop.desk.announced(DeliveryReversed)] == ["wrong car"]
    recall(shop, asked, subject=order.id, sequence=order.version + 1)
    assert shop.now(order) == found, "who recalls once more asks for nothing"
    assert shop.desk.parked() == []
