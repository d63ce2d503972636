"""Rule L5: who stands for a share that is not paid, and what the account shows."""

from chassis.wire.ids import new_id
from contracts.billing.events import DepositApproved, ShareAuthorised
from services.billing.account.deposit import approve_deposit
from services.billing.account.order_account import OrderAccount
from tests.services.billing.orders import NOON, cny
from tests.unit.billing.accounts import an_account, authorise, deposit, pay, refund, refused, reverse, states


def test_the_car_may_leave_on_an_approved_deposit_as_long_as_it_lies_there():
    account = OrderAccount(id=new_id(), currency="CNY")
    deposit(account, "50.00")
    an_account(account=account, customer_pay="113.00")
    refused("share_open", account.require_settled)
    account.announced.clear()
    approve_deposit(account, reason="intermittent fault", by="wang", at=NOON)
    assert account.announced == [
        DepositApproved(work_order_id=account.id, revision=1, open_amount=cny("63.00"), reason="intermittent fault")
    ]
    assert states(account) == {"customer_pay": "authorised"}
    account.require_settled()
    applied = next(one for one in account.payments if one.kind == "payment")
    refund(account, applied, "50.00")
    assert refused("share_open", account.require_settled)["open"] == {"amount": "113.00", "currency": "CNY"}


def test_only_a_deposit_can_be_approved():
    account = an_account(customer_pay="113.00")
    pay(account, "50.00")
    refused("no_deposit", approve_deposit, account, reason="please", by="wang", at=NOON)


def test_an_authorisation_stands_for_a_share():
    account = an_account(customer_pay="10.00", warranty="113.00")
    authorise(account)
    share = account.current_share("warranty")
    assert account.announced == [
        ShareAuthorised(
            authorisation_id=share.id,
            work_order_id=account.id,
            revision=1,
            payer="warranty",
            reference="W-1",
            authorised_by="Zhao",
        )
    ]
    assert states(account) == {"customer_pay": "open", "warranty": "authorised"}


def test_the_same_authorisation_again_changes_nothing_and_another_is_refused():
    account = an_account(warranty="113.00")
    authorise(account)
    authorise(account)
    assert account.announced == []
    authorise(account, reference="ｗ 1")
    assert account.announced == [], "the same however it is typed (Rule A4)"
    assert refused("share_authorised", authorise, account, reference="W-2")["reference"] == "W-1"


def test_the_account_shows_who_owes_what():
    account = an_account(customer_pay="113.00", warranty="50.00")
    pay(account, "13.00")
    authorise(account)
    shown = account.describe()
    assert [(one.payer, one.total, one.paid, one.open, one.state) for one in shown.shares] == [
        ("customer_pay", cny("113.00"), cny("13.00"), cny("100.00"), "open"),
        ("warranty", cny("50.00"), cny("0.00"), cny("50.00"), "authorised"),
    ]
    assert (shown.revision, shown.settled) == (1, False)
    pay(account, "100.00")
    assert account.describe().settled
    reverse(account, 1)
    assert not account.describe().settled
    assert [(one.payer, one.amount) for one in account.describe().credits] == [("customer_pay", cny("113.00"))]
