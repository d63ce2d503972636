"""Estimates, approvals, declined and additional work (Rules W6 to W8)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.parts.events import PartsIssued, PartsReturned
from contracts.shared import PartRequest
from contracts.signing import Signing
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    ChangePayer,
    DeclineLines,
    GetEstimate,
    IssueEstimate,
    ListAuthorisations,
    ProposeAdditionalWork,
    WithdrawApproval,
)
from contracts.workshop.events import AdditionalWorkProposed, WorkApproved, WorkDeclined, WorkWithdrawn
from contracts.workshop.order import AddLines, RemoveLine
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.agreement.estimate import Estimate
from tests.services.workshop.shop import cny, labour, line_id, part, signed, sublet

PHONE = "phone"


def add(shop, order, **lines):
    return shop.desk.do(AddLines(work_order_id=order.id, **lines))


def test_an_estimate_version_stays_as_it_was_issued(shop):
    order = shop.quoted(shop.open(), labour=[labour()])
    add(shop, order, parts=[part()])
    shop.estimate(order)
    first, newest = (shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=version)) for version in (1, None))
    assert ([line.number for line in first.lines], first.total, first.payment_method) == ([1], cny("324.00"), "wechat_pay")
    assert ([line.number for line in newest.lines], newest.estimate_version) == ([1, 2], 2)
    assert first.call_threshold == cny("300.00")
    with pytest.raises(NotFound):
        shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=3))
    with pytest.raises(NotFound):
        shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=1), dealer="bj-chaoyang")


def test_a_promise_lies_in_the_future(shop):
    order = add(shop, shop.open(), labour=[labour()])
    with pytest.raises(Invalid, match="invalid"):
        shop.desk.do(
            IssueEstimate(
                work_order_id=order.id,
                payment_method="cash",
                old_parts="dispose",
                free_wash=False,
                promised_at=shop.desk.clock.now(),
            )
        )


def test_a_stale_if_match_is_told_and_nothing_is_done(shop):
    order = shop.quoted(shop.open())
    with pytest.raises(PreconditionFailed) as refused:
        shop.desk.do(RemoveLine(work_order_id=order.id, line_id=line_id(order, 1)), if_match=order.version - 1)
    assert refused.value.details == {"version": order.version}
    assert len(shop.desk.do(RemoveLine(work_order_id=order.id, line_id=line_id(order, 1)), if_match=order.version).lines) == 2


def test_the_ledger_says_who_decided_on_what_and_how(shop):
    order = shop.quoted(shop.open(), labour=[labour(), labour("OIL", safety=True)])
    with pytest.raises(Refused, match="safety_needs_signature"):
        shop.desk.do(
            DeclineLines(
                work_order_id=order.id,
                line_ids=[line_id(order, 2)],
                reason="next month",
                decision=Signing(means=PHONE, name="Li Na", given_at=shop.desk.clock.now()),
            )
        )
    shop.desk.do(DeclineLines(work_order_id=order.id, line_ids=[line_id(order, 2)], reason="next month", decision=signed()))
    asked_at = shop.desk.clock.now()
    shop.desk.pass_time(minutes=10)
    called_at = shop.desk.clock.now() - timedelta(minutes=5)
    shop.desk.do(
        ApproveEstimate(
            work_order_id=order.id, estimate_version=1, decision=Signing(means=PHONE, name="Li Na", given_at=called_at)
        )
    )
    entries = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert [
        (one.decision, one.line_numbers, one.means, one.name, one.given_at, one.reason, one.recorded_by) for one in entries
    ] == [
        ("declined", [2], "typed", "Li Na", asked_at, "next month", "wang"),
        ("approved", [1], "phone", "Li Na", called_at, None, "wang"),
    ]
    assert [line.reason for line in shop.desk.announced(WorkDeclined)[0].declined] == ["next month"]
    with pytest.raises(NotFound):
        shop.desk.ask(ListAuthorisations(work_order_id=order.id), dealer="bj-chaoyang")


@pytest.mark.parametrize("minutes", [None, 1])
def test_a_decision_on_the_phone_has_its_time_and_not_a_future_one(shop, minutes):
    order = shop.quoted(shop.open())
    given_at = None if minutes is None else shop.desk.clock.now() + timedelta(minutes=minutes)
    with pytest.raises(Invalid) as refused:
        shop.desk.do(
            ApproveEstimate(
                work_order_id=order.id, estimate_version=1, decision=Signing(means=PHONE, name="Li Na", given_at=given_at)
            )
        )
    assert list(refused.value.details["errors"]) == ["decision.given_at"]


@pytest.mark.parametrize("command", [ApproveEstimate, DeclineLines])
def test_nobody_answers_before_they_are_asked(shop, command):
    """Rule W8: the version asked is what is answered; a call is told to the minute. The refusal is on the dealer's clock."""
    order = shop.open()
    shop.desk.pass_time(minutes=30, seconds=40)
    order = shop.quoted(order)
    asked_at = shop.desk.clock.now()
    shop.desk.pass_time(minutes=30)
    more = {"estimate_version": 1} if command is ApproveEstimate else {"line_ids": [line_id(order, 1)], "reason": "later"}

    def answered(given_at):
        decision = Signing(means=PHONE, name="Li Na", given_at=given_at)
        return shop.desk.do(command(work_order_id=order.id, decision=decision, **more))

    with pytest.raises(Invalid) as refused:
        answered(asked_at - timedelta(minutes=1))
    assert refused.value.details["errors"] == {"decision.given_at": ['must_not_predate {"since": "2026-03-02T12:30+08:00"}']}
    answered(asked_at.replace(second=0))
    assert shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items[-1].given_at == asked_at.replace(second=0)


def test_nobody_decides_on_a_payer_before_the_order_was_opened(shop):
    """Rule W8."""
    order = shop.approved()
    change = {"line_id": line_id(order, 1), "payer": "goodwill", "reason": "friend of the house"}
    before = Signing(means=PHONE, name="Li Na", given_at=shop.desk.clock.now() - timedelta(minutes=1))
    with pytest.raises(Invalid) as refused:
        shop.desk.do(ChangePayer(work_order_id=order.id, decision=before, **change))
    assert list(refused.value.details["errors"]) == ["decision.given_at"]


def test_additional_work_is_in_no_approval_before_its_own(shop):
    order = shop.dispatched(shop.approved(parts=[part()]))
    extra = {"labour": [labour("OIL")], "parts": [part("WIPER", "1")]}
    order = shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, extra_minutes=30, **extra))
    [proposed] = shop.desk.announced(AdditionalWorkProposed)
    assert (proposed.amount, proposed.extra_minutes, len(proposed.lines)) == (cny("153.00"), 30, 2)
    with pytest.raises(Refused) as refused:
        shop.clock_on(order, 2)
    assert (refused.value.code, refused.value.details) == ("line_not_approved", {"line": 2})
    promised = order.promised_at
    order = shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=2, decision=signed()))
    assert order.promised_at == promised + timedelta(minutes=30)
    before, after = shop.desk.announced(WorkApproved)
    assert [one.part_number for one in before.parts] == ["PAD-1"]
    assert [(one.part_number, one.quantity) for one in after.parts] == [("PAD-1", Quantity.of("2")), ("WIPER", Quantity.of("1"))]


def test_standing_consent_is_written_into_the_ledger_and_ends_at_the_threshold(shop):
    order = add(shop, shop.open(), labour=[labour()])
    order = shop.approve(shop.estimate(order, consents_to_other_damage=True))
    for version, amount in ((2, "200.00"), (3, "100.01")):
        shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, sublet=[sublet(amount)]))
        if version == 2:
            shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=version))
    with pytest.raises(Refused, match="above_call_threshold"):
        shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=3))
    entries = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert [(one.means, one.name, one.line_numbers) for one in entries] == [
        ("typed", "Li Na", [1]),
        ("standing_consent", "Li Na", [2]),
    ]
    unsigned = select(Authorisation.means).where(Authorisation.signature.is_(None))
    assert shop.desk.rows(lambda session: session.scalars(unsigned).all()) == ["standing_consent"]  # nothing, not the JSON null


def test_estimates_and_additional_work_are_approved_each_by_its_own_command(shop):
    order = shop.quoted(shop.open())
    with pytest.raises(Refused, match="other_kind_of_estimate"):
        shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=1, decision=signed()))
    with pytest.raises(Invalid) as refusal:
        shop.desk.do(ApproveEstimate(work_order_id=order.id, estimate_version=2, decision=signed()))
    assert refusal.value.details["errors"] == {"estimate_version": ["nothing_has_it"]}


@pytest.mark.parametrize("kind", [Authorisation, Estimate])
def test_what_the_customer_saw_and_decided_is_never_edited_or_deleted(shop, kind):
    shop.approved()

    def edit(session):
        row = session.scalars(select(kind)).one()
        row.estimate_version = 9
        session.flush()

    def remove(session):
        session.delete(session.scalars(select(kind)).one())
        session.flush()

    for change in (edit, remove):
        with pytest.raises(PermissionError):
            shop.desk.rows(change)


def test_withdrawn_work_is_in_the_ledger_and_its_parts_are_asked_for_no_longer(shop):
    """Rule W8: by signature, and only while the parts desk has handed out none of it."""
    order = shop.dispatched(shop.approved(parts=[part(), part("WIPER", "1")]))
    handed = [PartRequest(line_id=line_id(order, 1), part_number="PAD-1", quantity=Quantity.of("2"))]
    withdrawal = WithdrawApproval(work_order_id=order.id, line_ids=[line_id(order, 1)], reason="too dear", signature=signed())
    shop.desk.hear(PartsIssued(slip_id=new_id(), work_order_id=order.id, technician="chen", lines=handed))
    with pytest.raises(Refused) as refused:
        shop.desk.do(withdrawal)
    assert (refused.value.code, refused.value.details) == ("parts_issued", {"line": 1})
    shop.desk.hear(PartsReturned(slip_id=new_id(), work_order_id=order.id, lines=handed))
    order = shop.desk.do(withdrawal)
    assert [(line.state, line.declined_reason) for line in order.lines] == [("declined", "too dear"), ("approved", None)]
    assert order.total == cny("45.00")
    [fact] = shop.desk.announced(WorkWithdrawn)
    assert [one.part_number for one in fact.parts] == ["WIPER"]
    newest = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items[-1]
    assert (newest.decision, newest.line_numbers, newest.means, newest.name, newest.reason) == (
        "withdrawn",
        [1],
        "typed",
        "Li Na",
        "too dear",
    )
