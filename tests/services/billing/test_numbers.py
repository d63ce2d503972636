"""Rule L2: numbers have no gap and no double, whatever is rolled back and however many bill at once."""

import random

import eventlet
import pytest
from sqlalchemy import event, select

from chassis.events.subscription import Delivery
from chassis.wire.call import Call
from chassis.wire.envelope import Envelope
from chassis.work.unit_of_work import Work
from services.billing.invoice import issuing
from services.billing.invoice.invoice import Invoice
from tests.services.billing.orders import NOON, batch, delivered, labour, message, reversal_requested

DEALERS = ("bj-chaoyang", "sh-pudong", "cd-wuhou", "gz-tianhe")


def given_numbers(desk, dealer="sh-pudong", series="INV"):
    return sorted(
        desk.rows(
            lambda session: session.scalars(select(Invoice.sequence_number).where(Invoice.series == series)).all(), dealer=dealer
        )
    )


def an_order():
    return delivered(labour(1, customer_pay="113.00", warranty="40.00"))


def test_a_number_that_is_rolled_back_is_given_again(desk):
    desk.hear(an_order())
    lost = an_order()
    with desk.executor.sessions() as session:
        work = Work(session, Call(dealer="sh-pudong"), NOON, cause=Envelope.from_json(message(lost)))
        issuing.issue_invoices(work, lost)
        session.flush()
        assert session.scalars(select(Invoice.sequence_number).order_by(Invoice.sequence_number)).all() == [1, 2, 3, 4]
        session.rollback()
    desk.hear(an_order())
    assert given_numbers(desk) == [1, 2, 3, 4]


def test_a_batch_that_fails_after_its_numbers_were_given_leaves_no_gap(desk):
    facts = [an_order() for _ in range(6)]
    killed = []

    @event.listens_for(desk.executor.engine, "before_cursor_execute")
    def fail_once(connection, cursor, statement, *rest):
        if "INSERT INTO outbox" in statement and not killed:
            killed.append(statement)
            connection.exec_driver_sql("SELECT * FROM no_such_table")

    desk.subscriber.process(batch(*facts))
    assert killed
    assert desk.parked() == []
    assert given_numbers(desk) == list(range(1, 13))


@pytest.mark.parametrize("seed", range(3))
def test_four_replicas_billing_and_crediting_several_dealers_at_once(desk, database_errors, seed):
    rolls = random.Random(seed)
    for dealer in DEALERS:
        desk.register(dealer)
    orders = [(rolls.choice(DEALERS), an_order()) for _ in range(60)]
    told = [Delivery("billing.issue_invoices", message(fact, dealer=dealer)) for dealer, fact in orders]
    again = told + rolls.sample(told, 20)
    rolls.shuffle(again)
    shares = [again[start::4] for start in range(4)]
    for thread in [eventlet.spawn(desk.subscriber.process, share) for share in shares]:
        thread.wait()
    reversals = [
        Delivery("billing.decide_reversal", message(reversal_requested(fact), dealer=dealer)) for dealer, fact in orders[:30]
    ]
    rolls.shuffle(reversals)
    late = [(rolls.choice(DEALERS), an_order()) for _ in range(20)]
    more = [Delivery("billing.issue_invoices", message(fact, dealer=dealer)) for dealer, fact in late]
    shares = [reversals[::2], more[::2], reversals[1::2], more[1::2]]
    for thread in [eventlet.spawn(desk.subscriber.process, share) for share in shares]:
        thread.wait()
    assert desk.parked() == []
    assert database_errors == [], "they wait for one another: no deadlock, no number given twice"
    for dealer in DEALERS:
        billed = 2 * sum(one == dealer for one, _ in orders + late)
        credited = 2 * sum(one == dealer for one, _ in orders[:30])
        assert given_numbers(desk, dealer) == list(range(1, billed + 1))
        assert given_numbers(desk, dealer, "CRN") == list(range(1, credited + 1))
