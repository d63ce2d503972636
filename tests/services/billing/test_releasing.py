"""Rule L5 at billing: the gate pass is issued once and used once."""

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.billing.events import GatePassIssued, GatePassUsed
from contracts.billing.gate_pass import GetGatePass, UseGatePass
from tests.services.billing.acts import at_once, bill, issue_pass, pay, refund, settled_with_pass
from tests.services.billing.orders import reversal_requested


def test_a_settled_order_gets_one_pass_and_the_car_leaves_once(desk):
    fact, issued = settled_with_pass(desk)
    with pytest.raises(Refused, match="gate_pass_issued"):
        issue_pass(desk, fact)
    assert desk.ask(GetGatePass(work_order_id=fact.work_order_id)) == issued
    assert issued.code not in str(desk.envelopes())
    used = desk.do(UseGatePass(code=issued.code), actor="gate")
    assert (used.used_by, used.version) == ("gate", 2)
    with pytest.raises(Refused, match="gate_pass_used"):
        desk.do(UseGatePass(code=issued.code))
    assert len(desk.announced(GatePassIssued)) == 1
    signed = {"document_hash": issued.signature.document_hash, "signed_by": "wang", "signed_at": issued.issued_at}
    used = GatePassUsed(gate_pass_id=issued.id, work_order_id=fact.work_order_id, revision=1, **signed)
    assert desk.announced(GatePassUsed) == [used]


def test_of_two_who_use_a_pass_at_once_one_gets_through(desk):
    _, issued = settled_with_pass(desk)
    found = at_once(*(lambda: desk.do(UseGatePass(code=issued.code)) for _ in range(4)))
    assert found.count("gate_pass_used") == 3
    assert len(desk.announced(GatePassUsed)) == 1


def test_of_two_who_issue_a_pass_at_once_one_does(desk):
    fact = bill(desk, customer_pay="0.00")
    found = at_once(*(lambda: issue_pass(desk, fact) for _ in range(3)))
    assert found.count("gate_pass_issued") == 2


def test_a_code_is_worth_nothing_at_another_dealer(desk):
    _, issued = settled_with_pass(desk)
    for code, dealer in [(issued.code, "bj-chaoyang"), ("A" * 26, "sh-pudong")]:
        with pytest.raises(Invalid) as absent:
            desk.do(UseGatePass(code=code), dealer=dealer)
        assert absent.value.details["errors"] == {"code": ["no_such_gate_pass"]}


def test_a_pass_is_not_issued_for_a_reversed_delivery(desk):
    fact = bill(desk, customer_pay="0.00")
    desk.hear(reversal_requested(fact))
    with pytest.raises(Refused, match="order_not_billed"):
        issue_pass(desk, fact)


def test_money_that_goes_back_closes_the_gate_again(desk):
    fact = bill(desk, customer_pay="113.00")
    payment = pay(desk, fact, "113.00")
    issued = issue_pass(desk, fact)
    refund(desk, payment, "1.00")
    with pytest.raises(Refused, match="share_open"):
        desk.do(UseGatePass(code=issued.code))
