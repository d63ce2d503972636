"""Rule L5 at billing: who stands for a share that is not paid."""

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.billing.account import ApproveDeposit, RecordAuthorisation
from contracts.billing.events import DepositApproved, ShareAuthorised
from tests.services.billing.acts import bill, deposit, issue_pass, pay
from tests.services.billing.orders import cny, delivered, labour


def test_a_warranty_share_needs_its_authorisation_before_the_car_leaves(desk):
    fact = bill(desk, customer_pay="13.00", warranty="100.00")
    pay(desk, fact, "13.00")
    with pytest.raises(Refused) as refusal:
        issue_pass(desk, fact)
    assert (refusal.value.code, refusal.value.details) == (
        "share_open",
        {"payer": "warranty", "open": {"amount": "100.00", "currency": "CNY"}},
    )
    account = desk.do(
        RecordAuthorisation(work_order_id=fact.work_order_id, payer="warranty", reference="CLAIM-7", authorised_by="Zhao")
    )
    assert (account.settled, account.shares[1].reference, account.shares[1].authorised_by) == (True, "CLAIM-7", "Zhao")
    assert [one.reference for one in desk.announced(ShareAuthorised)] == ["CLAIM-7"]
    assert issue_pass(desk, fact).code


def test_the_customers_share_is_authorised_by_nobody(desk):
    with pytest.raises(Invalid):
        desk.do(RecordAuthorisation(work_order_id=new_id(), payer="customer_pay", reference="x", authorised_by="y"))


def test_the_car_may_leave_on_an_approved_deposit(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    deposit(desk, fact, "50.00")
    bill(desk, fact=fact)
    with pytest.raises(Refused, match="share_open"):
        issue_pass(desk, fact)
    desk.do(ApproveDeposit(work_order_id=fact.work_order_id, reason="intermittent fault"))
    assert [one.open_amount for one in desk.announced(DepositApproved)] == [cny("63.00")]
    assert issue_pass(desk, fact).code


def test_the_newest_reason_of_an_approved_deposit_holds(desk):
    """Rule L5: approved anew, each approval is announced with its own reason; the same one again changes nothing."""
    fact = delivered(labour(1, customer_pay="113.00"))
    deposit(desk, fact, "50.00")
    bill(desk, fact=fact)
    for reason, by in (("intermittent fault", "boss"), ("intermittent fault", "boss"), ("part comes on Monday", "deputy")):
        account = desk.do(ApproveDeposit(work_order_id=fact.work_order_id, reason=reason), actor=by)
    assert (account.shares[0].reference, account.shares[0].authorised_by) == ("part comes on Monday", "deputy")
    assert [one.reason for one in desk.announced(DepositApproved)] == ["intermittent fault", "part comes on Monday"]


def test_who_stands_for_a_share_is_not_passed_over_in_silence(desk):
    """Rule L5: the same reference in somebody else's name is another authorisation, and refused as such."""
    fact = bill(desk, warranty="100.00")
    wanted = {"work_order_id": fact.work_order_id, "payer": "warranty"}
    for _ in range(2):
        desk.do(RecordAuthorisation(**wanted, reference="CLAIM-7", authorised_by="Zhao"))
    for reference, by in (("CLAIM-8", "Zhao"), ("claim 7", "Qian")):
        with pytest.raises(Refused, match="share_authorised") as refusal:
            desk.do(RecordAuthorisation(**wanted, reference=reference, authorised_by=by))
        assert refusal.value.details == {"payer": "warranty", "reference": "CLAIM-7", "authorised_by": "Zhao"}
    assert len(desk.announced(ShareAuthorised)) == 1
