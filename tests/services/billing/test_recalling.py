"""Rule L2 after a restore: a number that was told stays its document's, and the series stays without gap or double."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.wire.envelope import Envelope
from servicelane.invariants import Books, check
from servicelane.invariants.checks import numbers
from servicelane.recalling import keep
from services.billing.account.order_account import OrderAccount
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.number_series import RecalledNumber
from services.billing.service import BillingService
from tests.services.billing.orders import delivered, labour, reversal_requested


def an_order():
    return delivered(labour(1, customer_pay="113.00", warranty="40.00"))


class Two:
    """Billing twice: as it was, and on the database that was restored from a backup. Both have heard `before`."""

    def __init__(self, open_desk, before):
        self.lost, self.restored = open_desk(BillingService), open_desk(BillingService)
        for desk in (self.lost, self.restored):
            desk.hear(before, subject=before.work_order_id)
        self._remembered = len(self.lost.envelopes())

    def recall(self):
        """The restored one is told what the journal has of the lost one beyond the backup."""
        forgotten = [Envelope.from_json(one) for one in _texts(self.lost)[self._remembered :]]
        keep(self.restored.executor, BillingService, forgotten)

    def documents(self, desk):
        """Number and time of each document, by its id."""
        rows = desk.rows(lambda session: session.execute(select(Invoice.id, Invoice.number, Invoice.issued_at)).all())
        return {row.id: (row.number, row.issued_at) for row in rows}

    def left(self):
        """The numbers that wait for their documents."""
        return self.restored.rows(lambda session: session.scalars(select(RecalledNumber.sequence_number)).all())

    def findings(self):
        """What I4 says of the restored one."""
        with self.restored.executor.engine.connect() as connection:
            return [one.what for one in check(Books({"billing": connection}), (numbers,))]


def _texts(desk):
    from chassis.store.tables import outbox

    with desk.executor.sessions() as session:
        return list(session.scalars(select(outbox.c.envelope).order_by(outbox.c.position)))


@pytest.fixture
def two(open_desk):
    """Both have billed one order."""
    return Two(open_desk, an_order())


def test_documents_that_come_again_have_the_numbers_and_times_that_they_had(two):
    """Whatever is billed before them, and in whatever order they come; one that nobody told gets a number that nobody has."""
    first, second, new = an_order(), an_order(), an_order()
    two.lost.clock.advance(timedelta(hours=1))
    for fact in (first, second):
        two.lost.hear(fact, subject=fact.work_order_id)
    two.lost.hear(reversal_requested(first))
    two.recall()
    two.recall()
    two.restored.clock.advance(timedelta(hours=2))
    for fact in (new, second, first):
        two.restored.hear(fact, subject=fact.work_order_id)
    two.restored.hear(reversal_requested(first))
    told, there = two.documents(two.lost), two.documents(two.restored)
    assert {one: there[one] for one in told} == told
    assert sorted(number for number, _ in there.values() if number.startswith("INV")) == [
        f"INV-2026-{n:06d}" for n in range(1, 9)
    ]
    assert (two.left(), two.findings()) == ([], [])
    two.recall()
    assert two.left() == [], "who recalls once more finds everything there"


def test_a_number_of_last_year_is_kept_over_the_turn_of_the_year(two):
    """It was told on the last of December; the restored one is told of it in January."""
    last = an_order()
    two.lost.clock.set(two.lost.clock.now().replace(month=12, day=31))
    two.lost.hear(last, subject=last.work_order_id)
    two.restored.clock.set(two.lost.clock.now() + timedelta(days=1))
    two.recall()
    two.restored.hear(last, subject=last.work_order_id)
    assert two.documents(two.restored) == two.documents(two.lost)


def test_a_number_whose_document_cannot_be_made_again_is_named_and_nobody_elses(two):
    """Workshop has forgotten the delivery, too: I4 names each number; the next document does not get it."""
    two.lost.hear(an_order())
    two.recall()
    two.restored.hear(an_order())
    assert sorted(two.left()) == [3, 4]
    numbered = sorted(number for number, _ in two.documents(two.restored).values())
    assert numbered == ["INV-2026-000001", "INV-2026-000002", "INV-2026-000005", "INV-2026-000006"]
    assert [one for one in two.findings() if "INV-2026-000003" in one]
    assert [one for one in two.findings() if "INV-2026-000004" in one]


def test_what_is_announced_next_is_newer_than_what_was_announced_and_is_forgotten(two):
    """Others go by the sequence: they would take it for stale."""
    fact = an_order()
    for desk in (two.lost, two.restored):
        desk.hear(fact, subject=fact.work_order_id)
    two._remembered = len(two.lost.envelopes())
    two.lost.hear(reversal_requested(fact))
    versions = select(OrderAccount.version).where(OrderAccount.id == fact.work_order_id)
    before, announced = (desk.rows(lambda session: session.scalar(versions)) for desk in (two.restored, two.lost))
    assert before < announced
    two.recall()
    assert two.restored.rows(lambda session: session.scalar(versions)) == announced
