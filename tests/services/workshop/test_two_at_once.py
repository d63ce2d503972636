"""Two at once on one order: one wins, or both make sense; nobody waits for each other, and no lost race is an error.

Everyone goes first now and then: as the pairs are tried, and because the database lets them.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from eventlet import GreenPool
from sqlalchemy import event

from chassis.wire.errors import PreconditionFailed, Refused
from contracts.billing.events import ReversalConfirmed
from contracts.workshop.agreement import ListAuthorisations, WithdrawApproval
from contracts.workshop.completion import GetCompletionCertificates, IssueCompletionCertificate
from contracts.workshop.events import DeliveryReversed, QualityChecked, WorkApproved, WorkOrderDelivered
from contracts.workshop.handing_over import DeliverWorkOrder, MarkReady, ReverseDelivery
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.promise import GetPromise, NoteWaiting, ReportProgress, RevisePromise
from contracts.workshop.promise_events import ProgressReported
from contracts.workshop.shop_floor import (
    CheckQuality,
    ClockOn,
    HoldWorkOrder,
    ListClockings,
    ListInspections,
    RequestQualityCheck,
    ResumeWorkOrder,
    ReturnToWork,
)
from tests.services.workshop.shop import Shop, labour, line_id, signed
from tests.services.workshop.test_comeback import publish_operations
from tests.services.workshop.test_promise import at, put_and_approve
from tests.services.workshop.test_quality import handed_in
from tests.services.workshop.test_signing_link import linked

ROUNDS = 6
DONE = "done"
Act = Callable[[], Any]


@pytest.fixture(autouse=True)
def deadlocks(shop: Shop) -> Any:
    """None, also where trying again would have helped."""
    found: list[str] = []

    def note(context: Any) -> None:
        if "deadlock" in str(context.original_exception):
            found.append(str(context.original_exception))

    event.listen(shop.desk.executor.engine, "handle_error", note)
    yield found
    event.remove(shop.desk.executor.engine, "handle_error", note)
    assert found == []


def at_once(*acts: Act) -> list[str]:
    """What became of each: done, or what it was refused for. Anything else is an error."""

    def attempt(act: Act) -> str:
        try:
            act()
        except (Refused, PreconditionFailed) as refused:
            return refused.code
        return DONE

    return list(GreenPool().imap(attempt, acts))


def contest(number: int, first: Act, second: Act) -> tuple[str, str]:
    """Both at once; in every other round the second one asks first."""
    acts = (first, second) if number % 2 else (second, first)
    told = at_once(*acts)
    return (told[0], told[1]) if number % 2 else (told[1], told[0])


def test_two_technicians_clock_on_to_the_same_line_and_both_are_at_it(shop: Shop) -> None:
    """Rule W9: work begins once, in one bay; one technician is on one line, however often they press."""
    for number in range(ROUNDS):
        order = shop.dispatched(shop.approved(labour=[labour()]), bay=f"B{number}")
        asked = ClockOn(work_order_id=order.id, line_id=line_id(order, 1))
        zhang, chen = (partial(shop.desk.do, asked, actor=login) for login in ("zhang", "chen"))
        assert contest(number, zhang, chen) == (DONE, DONE)
        assert shop.now(order).status == "in_progress"
        at_it = shop.desk.ask(ListClockings(work_order_id=order.id)).items
        assert sorted(one.technician for one in at_it) == ["chen", "zhang"]
        told = at_once(zhang, chen, zhang)
        assert set(told) == {"technician_clocked_on"}, told
        for login in ("zhang", "chen"):
            shop.clock_off(order, technician=login, done=False)


def test_one_technician_clocks_on_to_two_cars_and_is_at_one(shop: Shop) -> None:
    """Rule W9."""
    for number in range(ROUNDS):
        orders = [shop.dispatched(shop.approved(labour=[labour()]), bay=f"B{number}{side}") for side in "LR"]
        told = contest(number, *(partial(shop.clock_on, order) for order in orders))
        assert sorted(told) == [DONE, "technician_clocked_on"]
        assert sorted(shop.now(order).status for order in orders) == ["dispatched", "in_progress"]
        shop.clock_off(orders[told.index(DONE)], done=False)


def test_two_cars_want_one_bay_and_one_has_it(shop: Shop) -> None:
    """Rule W9: a bay holds one car."""
    for number in range(ROUNDS):
        orders = [shop.dispatched(shop.approved(labour=[labour()]), technician) for technician in ("zhang", "chen")]
        mine = [
            lambda o=order, who=login: shop.clock_on(o, 1, who) for order, login in zip(orders, ("zhang", "chen"), strict=True)
        ]
        told = contest(number, *mine)
        assert sorted(told) == ["bay_occupied", DONE]
        won = orders[told.index(DONE)]
        shop.clock_off(won, technician="zhang" if told[0] == DONE else "chen", done=False)
        shop.desk.do(HoldWorkOrder(work_order_id=won.id, reason="sublet"))


def test_two_inspectors_pass_a_car_and_one_of_them_has(shop: Shop) -> None:
    """Rule W11: it is signed once."""
    for number in range(ROUNDS):
        order = handed_in(shop)
        passed = CheckQuality(work_order_id=order.id, passed=True)
        qin, lu = (partial(shop.desk.do, passed, actor=login) for login in ("qin", "lu"))
        told = contest(number, qin, lu)
        assert sorted(told) == [DONE, "inspection_passed"], told
        checks = [one for one in shop.desk.ask(ListInspections(work_order_id=order.id)).items if one.stage == "final"]
        assert [one.passed for one in checks] == [True]
        assert shop.now(order).quality_passed_by == ("qin" if told[0] == DONE else "lu")


def test_one_inspector_passes_and_another_one_does_not(shop: Shop) -> None:
    """Rule W11: the one who comes second finds the car passed, or sent back; it is never both."""
    for number in range(ROUNDS):
        order = handed_in(shop)
        failed: dict[str, Any] = {"findings": "squeals", "rework_cause": "workmanship", "rework_line_ids": [line_id(order, 1)]}
        passing = CheckQuality(work_order_id=order.id, passed=True)
        failing = CheckQuality(work_order_id=order.id, passed=False, **failed)
        told = contest(number, partial(shop.desk.do, passing, actor="qin"), partial(shop.desk.do, failing, actor="lu"))
        found = shop.now(order)
        assert (found.status, found.quality_passed_by) in (("quality_check", "qin"), ("dispatched", None)), told
        if told[0] != DONE:
            assert (found.status, told[0]) == ("dispatched", "not_in_this_status")
    kinds = [one.passed for one in shop.desk.announced(QualityChecked)]
    assert len(kinds) >= ROUNDS


def test_a_car_is_delivered_or_goes_back_to_work(shop: Shop) -> None:
    """Rules W13, W14: what the customer signed for is not worked on."""
    for number in range(ROUNDS):
        order = shop.ready(shop.approved(labour=[labour()]))
        back = ReturnToWork(work_order_id=order.id, reason="a stain", rework_line_ids=[line_id(order, 1)])
        deliver = shop.desk.sees(DeliverWorkOrder(work_order_id=order.id, mileage=52_000, signature=signed()), "sh-pudong")
        told = contest(number, partial(shop.desk.do, deliver), partial(shop.desk.do, back))
        assert sorted(told) == [DONE, "not_in_this_status"], told
        delivered = [one for one in shop.desk.announced(WorkOrderDelivered) if one.work_order_id == order.id]
        assert (shop.now(order).status, len(delivered)) == (("delivered", 1) if told[0] == DONE else ("dispatched", 0))


def test_a_car_is_delivered_once_however_many_press(shop: Shop) -> None:
    """Rule W15: one revision, one settlement."""
    order = shop.ready(shop.approved(labour=[labour()]))
    deliver = shop.desk.sees(DeliverWorkOrder(work_order_id=order.id, mileage=52_000, signature=signed()), "sh-pudong")
    told = at_once(*[partial(shop.desk.do, deliver)] * 6)
    assert sorted(told) == [DONE, *["not_in_this_status"] * 5]
    assert [one.revision for one in shop.desk.announced(WorkOrderDelivered)] == [1]


def test_an_estimate_is_approved_by_link_while_the_desk_withdraws_or_voids(shop: Shop) -> None:
    """Rules W8, W14: an order that is void has no approved work, and what was approved and withdrawn is in the ledger twice."""
    for number in range(ROUNDS):
        order = shop.quoted(shop.open(), labour=[labour()])
        holder, _ = linked(shop, order)
        seen = holder.sees()
        void = VoidWorkOrder(work_order_id=order.id, reason="customer left")
        told = contest(number, partial(holder.approves, seen), partial(shop.desk.do, void))
        found = shop.now(order)
        assert DONE in told
        assert found.status == ("void" if told[1] == DONE else "open"), told
        approved = [one for one in shop.desk.announced(WorkApproved) if one.work_order_id == order.id]
        assert len(approved) == (1 if told[0] == DONE else 0)


def test_a_line_is_approved_by_link_and_withdrawn_at_the_desk(shop: Shop) -> None:
    """Rule W8: what is withdrawn was approved before; nobody withdraws what nobody approved."""
    for number in range(ROUNDS):
        order = shop.quoted(shop.open(), labour=[labour()])
        holder, _ = linked(shop, order)
        seen = holder.sees()
        taken = WithdrawApproval(work_order_id=order.id, line_ids=[line_id(order, 1)], reason="too dear", signature=signed())
        told = contest(number, partial(holder.approves, seen), partial(shop.desk.do, taken))
        assert told[0] == DONE, "an approval has nothing to fear of a withdrawal"
        ledger = [one.decision for one in shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items]
        assert sorted(ledger) == (["approved", "withdrawn"] if told[1] == DONE else ["approved"]), told


def test_a_promise_is_revised_while_the_order_is_held_and_both_hold(shop: Shop) -> None:
    """Rules W10, W18: the new time is watched; a hold loses nothing of it."""
    for number in range(ROUNDS):
        order = shop.dispatched(put_and_approve(shop))
        later = {"promised_at": at("20:00"), "told_how": "phone", "promise_answer": "agreed"}
        revise = RevisePromise(work_order_id=order.id, **later)
        hold = HoldWorkOrder(work_order_id=order.id, reason="sublet")
        assert contest(number, partial(shop.desk.do, revise), partial(shop.desk.do, hold)) == (DONE, DONE)
        assert (shop.now(order).status, shop.now(order).promised_at) == ("on_hold", at("20:00"))
        promise = shop.desk.ask(GetPromise(work_order_id=order.id))
        assert [one.promised_at for one in promise.revisions] == [at("14:30"), at("20:00")]
        resume = ResumeWorkOrder(work_order_id=order.id)
        assert contest(number, partial(shop.desk.do, resume), shop.desk.fire_timers) == (DONE, DONE)
        assert shop.now(order).status == "dispatched"


def test_two_colleagues_tell_a_customer_who_waits_and_the_next_report_is_due_once(shop: Shop) -> None:
    """Rule W19."""
    for number in range(ROUNDS):
        order = put_and_approve(shop)
        shop.desk.do(NoteWaiting(work_order_id=order.id, waits=True))
        told = [ReportProgress(work_order_id=order.id, told_how=how) for how in ("phone", "in_person")]
        assert contest(number, *(partial(shop.desk.do, one) for one in told)) == (DONE, DONE)
        reports = shop.desk.ask(GetPromise(work_order_id=order.id)).reports
        assert len([one for one in reports if one.ended_at is None]) == 1
        shop.desk.do(NoteWaiting(work_order_id=order.id, waits=False))
    assert len(shop.desk.announced(ProgressReported)) == 2 * ROUNDS


def test_a_report_is_told_as_it_escalates(shop: Shop) -> None:
    """Rule W19: it was missed by then, or it was not; it is told either way."""
    for number in range(ROUNDS):
        order = shop.clock_on(shop.dispatched(put_and_approve(shop), bay=f"B{number}"))
        shop.desk.pass_time(minutes=31)
        tell = ReportProgress(work_order_id=order.id, told_how="phone")
        assert contest(number, partial(shop.desk.do, tell), shop.desk.fire_timers) == (DONE, DONE)
        [report] = [one for one in shop.desk.ask(GetPromise(work_order_id=order.id)).reports if one.report_kind == "started"]
        assert report.told_at is not None
        shop.clock_off(order, done=False)


def test_a_reversal_is_confirmed_while_the_delivery_is_asked_to_be_reversed_again(shop: Shop) -> None:
    """Rule W15: it is undone once, and delivered again once."""
    for number in range(ROUNDS):
        order = shop.deliver(shop.ready(shop.approved(labour=[labour()])))
        ask = ReverseDelivery(work_order_id=order.id, reason="wrong car")
        assert sorted(at_once(*[partial(shop.desk.do, ask, actor="boss")] * 3)) == [DONE, *["reversal_requested"] * 2]
        confirmed = ReversalConfirmed(work_order_id=order.id, revision=1)
        told = contest(number, partial(shop.desk.hear, confirmed), partial(shop.desk.do, ask, actor="boss"))
        assert (told[0], shop.now(order).status) == (DONE, "ready")
        assert told[1] in ("reversal_requested", "not_in_this_status")
        assert len([one for one in shop.desk.announced(DeliveryReversed) if one.work_order_id == order.id]) == 1
        deliver = shop.desk.sees(DeliverWorkOrder(work_order_id=order.id, mileage=52_000, signature=signed()), "sh-pudong")
        assert sorted(at_once(*[partial(shop.desk.do, deliver)] * 2)) == [DONE, "not_in_this_status"]
        assert (shop.now(order).revision, shop.desk.parked()) == (2, [])


def test_a_certificate_is_issued_as_the_car_goes_back_to_work_and_stands_for_no_car_that_did(shop: Shop) -> None:
    """Rule W32: it is void with what sent the car back, or it is not issued; a car has one that counts, whoever presses."""
    publish_operations(shop)
    for number in range(ROUNDS):
        order = shop.ready(shop.approved(labour=[labour("ENGINE")]))
        issue = IssueCompletionCertificate(work_order_id=order.id)
        back = ReturnToWork(work_order_id=order.id, reason="oil", rework_line_ids=[line_id(order, 1)])
        told = contest(number, partial(shop.desk.do, issue, actor="qin"), partial(shop.desk.do, back))
        found = shop.desk.ask(GetCompletionCertificates(work_order_id=order.id)).items
        assert told[1] == DONE
        assert [one.void is not None for one in found] == ([True] if told[0] == DONE else [])
        shop.ready(shop.now(order))
        assert sorted(at_once(*[partial(shop.desk.do, issue, actor="qin")] * 3)) == ["completion_certified"] * 2 + [DONE]


def test_a_car_is_handed_in_while_a_colleague_clocks_on(shop: Shop) -> None:
    """Rules W9, W11: nobody works on a car that is inspected."""
    for number in range(ROUNDS):
        order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]), bay=f"B{number}")
        for line in (1, 2):
            shop.clock_on(order, line)
            shop.desk.pass_time(minutes=30)
            shop.clock_off(order, line, done=line == 1)
        hand_in = RequestQualityCheck(work_order_id=order.id)
        told = contest(number, partial(shop.desk.do, hand_in, actor="zhang"), partial(shop.clock_on, order, 2, "chen"))
        assert told[1] == DONE
        assert told[0] != DONE, "a line is open"
        told = contest(number, partial(shop.clock_off, order, 2, "chen"), partial(shop.desk.do, hand_in, actor="zhang"))
        assert told[0] == DONE
        if told[1] != DONE:
            shop.desk.do(hand_in, actor="zhang")
        passed = CheckQuality(work_order_id=order.id, passed=True)
        late = ClockOn(work_order_id=order.id, line_id=line_id(order, 1))
        told = contest(number, partial(shop.desk.do, passed, actor="qin"), partial(shop.desk.do, late, actor="chen"))
        assert told == (DONE, "not_in_this_status")
        assert sorted(at_once(*[partial(shop.desk.do, MarkReady(work_order_id=order.id))] * 3))[0] == DONE
        assert shop.now(order).status == "ready"
