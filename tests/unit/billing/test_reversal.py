"""Rule W15: what becomes of an account when its delivery is reversed."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.billing.events import CreditApplied, CreditTransferred
from services.billing.account.deposit import approve_deposit
from services.billing.account.order_account import OrderAccount
from tests.services.billing.orders import NOON, cny
from tests.unit.billing.accounts import CUSTOMER_ID, an_account, authorise, deposit, pay, refund, refused, reverse, states


def test_payments_of_a_reversed_delivery_become_their_payers_credit():
    account = an_account(customer_pay="113.00", insurer="50.00")
    payment = pay(account, "100.00")
    refund(account, payment, "20.00")
    pay(account, "50.00", payer="insurer", method="transfer")
    reverse(account, 1)
    assert (account.ledger.credit("customer_pay"), account.ledger.credit("insurer")) == (cny("80.00"), cny("50.00"))
    assert states(account) == {"customer_pay": "reversed", "insurer": "reversed"}
    assert reverse(account, 1) == [], "once"
    assert account.ledger.credit("customer_pay") == cny("80.00")


def test_what_was_put_on_account_lapses_with_the_debt():
    account = an_account(customer_pay="113.00")
    pay(account, "113.00", method="on_account")
    reverse(account, 1)
    assert account.ledger.credit("customer_pay") == cny("0.00")


def test_a_refund_of_what_was_on_account_does_not_eat_the_credit_of_what_was_paid():
    """Rule L4: a refund gives back at most what that payment gave."""
    account = an_account(customer_pay="239.20")
    cash, debt = pay(account, "100.00"), pay(account, "139.20", method="on_account")
    reverse(account, 1)
    assert refused("refund_too_large", refund, account, debt, "0.01", method="on_account")["left"]["amount"] == "0.00"
    assert account.ledger.credit("customer_pay") == cny("100.00")
    refused("refund_too_large", refund, account, cash, "100.01")
    refund(account, cash, "100.00")
    assert account.ledger.credit("customer_pay") == cny("0.00")


def test_of_two_payments_each_gives_back_its_own():
    account = an_account(customer_pay="113.00")
    first, second = pay(account, "100.00"), pay(account, "13.00", method="card")
    reverse(account, 1)
    refused("refund_too_large", refund, account, second, "13.01")
    refund(account, second, "13.00")
    refused("refund_too_large", refund, account, second, "0.01")
    refund(account, first, "100.00")


def test_a_deposit_lies_on_the_order_again_and_pays_its_next_delivery():
    """Rule W16: what was approved once can be approved again, with the money that is there."""
    account = OrderAccount(id=new_id(), currency="CNY")
    taken = deposit(account, "50.00")
    an_account(account=account, customer_pay="113.00")
    reverse(account, 1)
    assert (account.ledger.unused_deposits(), account.ledger.credit("customer_pay")) == (cny("50.00"), cny("0.00"))
    applied = next(one for one in account.payments if one.method == "deposit")
    refused("refund_too_large", refund, account, applied, "0.01")
    refund(account, taken, "10.00")
    an_account(revision=2, account=account, customer_pay="113.00")
    assert account.shares_of(2)[0].paid == cny("40.00")
    account.announced.clear()
    approve_deposit(account, reason="intermittent fault", by="wang", at=NOON)
    assert states(account) == {"customer_pay": "authorised"}


def test_an_approval_stands_on_the_credit_of_a_reversed_delivery():
    account = an_account(customer_pay="113.00")
    paid = pay(account, "50.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="113.00")
    account.announced.clear()
    approve_deposit(account, reason="intermittent fault", by="wang", at=NOON)
    assert states(account) == {"customer_pay": "authorised"}
    pay(account, "50.00", method="customer_credit")
    assert states(account) == {"customer_pay": "authorised"}, "the same money, used"
    refused("refund_too_large", refund, account, paid, "0.01")
    refund(account, account.payments[-1], "50.00")
    assert states(account) == {"customer_pay": "open"}, "and gone"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["cash", "card", "on_account", "customer_credit", "credit_of_other", "deposit", "refund", "reverse", "bill", "lower"]
        ),
        st.booleans(),
        st.integers(1, 150),
        st.integers(0, 30),
    ),
    min_size=8,
    max_size=25,
)


@settings(max_examples=400)
@given(STEPS)
def test_no_payment_gives_back_more_than_it_gave_and_no_money_appears(steps):
    """Rule L4: whatever is paid, refunded, lowered by a core charge, reversed and billed again, on two orders of one customer."""
    accounts = [an_account(customer_pay="1.00", customer_id=CUSTOMER_ID) for _ in range(2)]
    for what, which, minor, chosen in steps:
        account, other = accounts[which], accounts[not which]
        amount = cny(f"{minor / 100:.2f}").amount
        with suppress(Refused, Invalid):
            if what == "refund" and account.payments:
                payment = account.payments[chosen % len(account.payments)]
                refund(account, payment, amount, method="on_account" if payment.method == "on_account" else "cash")
            elif what == "reverse":
                reverse(account, account.revision)
            elif what == "bill":
                if not account.unreversed_shares_of(account.revision):
                    an_account(account.revision + 1, account, customer_pay=f"{minor / 100:.2f}")
            elif what == "deposit":
                deposit(account, amount)
            elif what == "credit_of_other":
                most = min(minor, other.credit_minor, account.current_share("customer_pay").owed_minor)
                pay(account, f"{most / 100:.2f}", method="customer_credit", credit_of=other)
            elif what == "lower":
                for share in account.unreversed_shares_of(account.revision):
                    share.lower(min(minor, share.total_minor))
                    account.recount()
            elif what != "refund":
                pay(account, amount, method=what)
        _audit(accounts)


def _audit(accounts):
    in_the_till = lying = left = 0
    for account in accounts:
        ledger, payments = account.ledger, account.payments
        for one in payments:
            gone = -sum(row.amount_minor for row in payments if row.kind in ("refund", "transfer") and row.of_id == one.id)
            assert gone <= max(one.amount_minor, 0)
        assert ledger.credit("customer_pay").minor >= 0
        assert all(one.open.minor >= 0 and one.on_account.minor >= 0 for one in account.shares)
        current = account.unreversed_shares_of(account.revision)
        for share in current:
            assert (share.paid + share.on_account + share.open).minor == share.total_minor + share.overpaid_minor
        tenders = [one for one in payments if one.method in ("cash", "card") and one.kind != "transfer"]
        in_the_till += sum(one.amount_minor for one in tenders)
        lying += ledger.credit("customer_pay").minor + ledger.unused_deposits().minor + sum(one.paid.minor for one in current)
        left += sum(ledger.left(one).minor for one in payments if one.method != "on_account")
    assert in_the_till == lying, "every coin in the till pays a share, is credit or an unused deposit"
    assert left <= in_the_till


def test_credit_pays_another_order_of_the_customer_payment_by_payment_and_comes_back_there():
    """Rule L4: what was paid for a reversed delivery or too much; it is money of that order from then on."""
    source, account = (an_account(customer_pay=total, customer_id=CUSTOMER_ID) for total in ("100.00", "101.00"))
    first, second = pay(source, "60.00"), pay(source, "40.00", method="card")
    reverse(source, 1)
    refused("credit_too_small", pay, account, "100.01", method="customer_credit", credit_of=source)
    paid = pay(account, "70.00", method="customer_credit", credit_of=source)
    assert account.announced == [
        CreditApplied(
            payment_id=paid.id,
            work_order_id=account.id,
            credit_of=source.id,
            payer="customer_pay",
            amount=cny("70.00"),
            open_amount=cny("31.00"),
        )
    ]
    assert source.announced[-1] == CreditTransferred(
        work_order_id=source.id, paid_work_order_id=account.id, payer="customer_pay", amount=cny("70.00")
    )
    assert [(one.kind, one.of_id, one.amount_minor) for one in source.payments[2:]] == [
        ("transfer", first.id, -60_00),
        ("transfer", second.id, -10_00),
    ]
    assert (source.credit_minor, source.ledger.left(first), source.ledger.left(second)) == (30_00, cny("0.00"), cny("30.00"))
    reverse(account, 1)
    assert (account.credit_minor, account.ledger.left(paid)) == (70_00, cny("70.00")), "refunded where it lies now"


def test_what_was_paid_too_much_pays_another_order_too_and_is_not_credited_again():
    source, account = (an_account(customer_pay="100.00", customer_id=CUSTOMER_ID) for _ in range(2))
    payment = pay(source, "100.00")
    source.shares[0].lower(30_00)
    refused("credit_too_small", pay, account, "30.01", method="customer_credit", credit_of=source)
    pay(account, "30.00", method="customer_credit", credit_of=source)
    assert (source.credit_minor, states(source)) == (0, {"customer_pay": "paid"})
    reverse(source, 1)
    assert source.ledger.left(payment) == cny("70.00")


def test_credit_is_its_payers_and_its_customers():
    source = an_account(customer_pay="100.00", insurer="50.00", customer_id=CUSTOMER_ID)
    mine, stranger = (an_account(customer_pay="9.00", insurer="9.00", customer_id=one) for one in (CUSTOMER_ID, new_id()))
    nobody = an_account(customer_pay="9.00")
    pay(source, "100.00")
    pay(source, "50.00", payer="insurer")
    reverse(source, 1)
    with_credit = {"method": "customer_credit", "credit_of": source}
    refused("credit_stays_with_its_order", pay, mine, "9.00", payer="insurer", **with_credit)
    for other in (stranger, nobody):
        refused("credit_of_another_customer", pay, other, "9.00", **with_credit)
    refused("overpayment", pay, mine, "9.01", **with_credit)


def test_a_share_of_a_reversed_delivery_says_that_it_is_and_nothing_else():
    """Rule W15: what was paid for it is credit; it is neither paid nor owed."""
    account = an_account(customer_pay="113.00", warranty="20.00")
    pay(account, "113.00")
    reverse(account, 1)
    for share in account.describe().shares:
        assert (share.state, share.reversed_at, share.paid, share.open, share.on_account) == (
            "reversed",
            NOON,
            cny("0.00"),
            cny("0.00"),
            cny("0.00"),
        )


def test_credit_pays_the_next_revision_and_is_gone_then():
    account = an_account(customer_pay="113.00", insurer="50.00")
    pay(account, "100.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="113.00", insurer="50.00")
    refused("credit_too_small", pay, account, "50.00", payer="insurer", method="customer_credit")
    refused("credit_too_small", pay, account, "100.01", method="customer_credit")
    pay(account, "100.00", method="customer_credit")
    assert account.ledger.credit("customer_pay") == cny("0.00")
    refused("credit_too_small", pay, account, "1.00", method="customer_credit")
    pay(account, "13.00")
    assert states(account) == {"customer_pay": "paid", "insurer": "open"}


def test_credit_that_paid_a_delivery_comes_back_when_that_is_reversed_too():
    account = an_account(customer_pay="113.00")
    pay(account, "113.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="60.00")
    pay(account, "60.00", method="customer_credit")
    reverse(account, 2)
    assert account.ledger.credit("customer_pay") == cny("113.00")


def test_money_of_a_reversed_delivery_is_given_back_once():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "113.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="100.00")
    pay(account, "100.00", method="customer_credit")
    refused("refund_too_large", refund, account, payment, "13.01")
    refund(account, payment, "13.00")
    assert account.ledger.credit("customer_pay") == cny("0.00")
    assert states(account) == {"customer_pay": "paid"}


def test_an_authorisation_does_not_outlive_its_revision():
    account = an_account(warranty="113.00")
    authorise(account)
    reverse(account, 1)
    refused("order_not_billed", account.require_settled)
    an_account(revision=2, account=account, warranty="120.00")
    assert states(account) == {"warranty": "open"}


def test_an_older_revision_that_is_billed_late_is_not_the_current_one():
    account = an_account(revision=2, customer_pay="113.00")
    an_account(revision=1, account=account, customer_pay="99.00")
    assert account.current_share("customer_pay").total_minor == 11_300
    reverse(account, 1)
    assert states(account) == {"customer_pay": "open"}
