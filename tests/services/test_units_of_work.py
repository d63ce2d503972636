"""What units of work promise on a real database, whatever service they are of."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select

from chassis import Invalid, Money, Work
from chassis.events.retry import RetryPolicy
from chassis.events.second_chance import SecondChance
from chassis.events.subscriber import Subscriber
from chassis.wire.call import Call
from contracts.crm.events import FollowUpScheduled
from contracts.parts.events import PriceEntry, PriceListPublished
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.number_series import NumberSeries, lock_series
from services.billing.service import BillingService
from services.crm.follow_up.follow_up import FollowUp
from services.crm.service import CrmService
from services.parts.catalogue.price_list import PriceListChunk
from services.parts.service import PartsService
from services.workshop.service import WorkshopService
from tests.services.desk import NOON
from tests.services.parts.facts import yuan
from tests.services.test_batches import delivery


def test_a_row_that_is_locked_twice_in_one_transaction_keeps_what_was_changed_in_between(open_desk):
    """Reading it again would undo that: two numbers of a gapless series would be one."""
    desk = open_desk(BillingService)

    def number(work):
        first = lock_series(work, "INV", 2026).next()
        second = lock_series(work, "INV", 2026).next()
        assert (first, second) == (1, 2)

    desk.executor.run_for("sh-pudong", number)
    assert desk.rows(lambda session: session.scalars(select(NumberSeries.last)).all()) == [2]


def test_a_price_list_is_kept_in_one_statement_a_chunk(open_desk):
    """Not one for each part: a list has a hundred thousand of them."""
    desk = open_desk(WorkshopService)
    prices = [
        PriceEntry(
            part_number=f"P-{number}", name_zh="件", name_en="part", unit="pc", list_price=Money.of("1.00", "CNY"), successor=None
        )
        for number in range(200)
    ]
    sent = []
    sql_event.listen(desk.executor.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    for edition in (1, 2):
        desk.hear(PriceListPublished(edition=edition, chunk=1, chunks=1, parts=prices))
    kept = [statement for statement in sent if "INSERT INTO part_price" in statement]
    assert ["part_number__199" in statement for statement in kept] == [True, True], "all rows of a chunk in one statement"


def test_a_unit_of_work_without_a_dealer_reads_no_dealers_row(open_desk):
    """A programmer's mistake is an error, not an absent row."""
    desk = open_desk(BillingService)
    with desk.executor.sessions() as session, pytest.raises(RuntimeError, match="belongs to no dealer"):
        Work(session, Call(dealer=None), NOON).find(Invoice, "01932b1c-9d3e-7c4a-8f00-0123456789ab")


def test_a_subscription_may_be_given_a_retry_policy_of_its_own(open_desk):
    """Here a failure is tried again once, after three seconds, and then it is dead."""
    desk = open_desk(CrmService)

    def fail(work, event):
        raise LookupError("not today")

    (usual,) = [one for one in CrmService.subscriptions() if one.name == "crm.schedule_follow_up"]
    policy = RetryPolicy(delays=(timedelta(seconds=3),))
    subscriber = Subscriber(desk.executor, {usual.name: replace(usual, use_case=fail, prefetch=None, retry=policy)})
    subscriber.process([delivery(usual.name, "sh-pudong")])
    (parked,) = desk.parked()
    assert (parked.kind, parked.attempts, parked.next_at - parked.parked_at) == ("retrying", 1, timedelta(seconds=3))
    desk.pass_time(seconds=3)
    assert SecondChance(desk.executor, subscriber, [policy]).look() == 1
    assert [(one.kind, one.attempts) for one in desk.parked()] == [("dead", 1)]


def price_list(part_number):
    """One chunk of a price list with one part."""
    part = PriceEntry(part_number=part_number, name_zh="件", name_en="part", unit="pc", list_price=yuan("1"))
    chunk = PriceListChunk(edition=1, chunk=1, chunks=1)
    chunk.announce(PriceListPublished(edition=1, chunk=1, chunks=1, parts=[part]))
    return chunk


def test_what_no_reader_would_take_is_not_committed(open_desk):
    """Rule A8: the publisher checks its own event, so the one who asks hears of it, not the subscriber's dead letters."""
    desk = open_desk(PartsService)
    desk.executor.run_for("sh-pudong", lambda work: work.add(price_list("A" * 40)))
    with pytest.raises(Invalid) as refused:
        desk.executor.run_for("sh-pudong", lambda work: work.add(replace_edition(price_list("A" * 42), 2)))
    assert refused.value.details["event"] == PriceListPublished.type
    assert list(refused.value.details["errors"]) == ["parts.0.part_number"]
    assert len(desk.announced(PriceListPublished)) == 1
    assert desk.rows(lambda session: session.scalars(select(PriceListChunk.edition)).all()) == [1]


def replace_edition(chunk, edition):
    chunk.edition = edition
    return chunk


def test_a_subscriber_that_would_announce_what_no_reader_takes_parks_that_message_alone(open_desk, monkeypatch):
    """Rule A8: the message whose effect cannot be told is dead with the reason; its neighbours have theirs."""
    desk = open_desk(CrmService)
    batch = [delivery("crm.schedule_follow_up", "sh-pudong") for _ in range(3)]
    spoilt = json.loads(batch[1].body)["subject"]
    sound = FollowUp.announce

    def announce(self, fact):
        sound(self, fact if fact.work_order_id != spoilt else replace(fact, work_order_id="x"))

    monkeypatch.setattr(FollowUp, "announce", announce)
    desk.subscriber.process(batch)
    [dead] = desk.parked()
    assert (dead.kind, json.loads(dead.payload)["subject"]) == ("dead", spoilt)
    assert "not_an_id" in dead.reason
    assert len(desk.announced(FollowUpScheduled)) == 2
