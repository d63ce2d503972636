"""Rule L5: a gate pass exists only for a settled order, and opens the gate once."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.events import GatePassIssued, GatePassRevoked, GatePassUsed
from services.billing.account.order_account import OrderAccount
from services.billing.gate_pass.gate_pass import GatePass, new_code
from tests.services.billing.orders import NOON
from tests.unit.billing.accounts import CONTEXT, an_account, authorise, pay, refund, refused


@given(
    st.dictionaries(
        st.sampled_from(["customer_pay", "warranty", "internal", "insurer"]),
        st.tuples(st.integers(0, 500), st.integers(0, 500), st.booleans()),
        min_size=1,
    )
)
def test_a_gate_pass_exists_only_if_every_share_is_paid_or_authorised(shares):
    account = OrderAccount(id=new_id(), currency="CNY")
    account.bill(1, {payer: (new_id(), total) for payer, (total, _, _) in shares.items()}, CONTEXT)
    settled = True
    for payer, (total, paid, authorised) in shares.items():
        if min(paid, total) > 0:
            pay(account, Money(min(paid, total), "CNY").amount, payer=payer)
        if authorised and payer != "customer_pay":
            authorise(account, payer)
        settled &= paid >= total or (authorised and payer != "customer_pay")
    if settled:
        assert GatePass.issue(account, at=NOON, by="wang").revision == 1
    else:
        refused("share_open", GatePass.issue, account, at=NOON, by="wang")


def a_pass(account):
    issued = GatePass.issue(account, at=NOON, by="wang")
    issued.announced.clear()
    return issued


def test_a_pass_is_announced_without_its_code():
    account = an_account(customer_pay="0.00")
    issued = GatePass.issue(account, at=NOON, by="wang")
    assert issued.announced == [GatePassIssued(gate_pass_id=issued.id, work_order_id=account.id, revision=1)]
    assert issued.code not in str(issued.announced)


def test_whoever_issues_a_pass_signs_it_with_their_account():
    """Rule L5: which car, with what paid and owed; a later change shows."""
    issued = GatePass.issue(an_account(customer_pay="0.00"), at=NOON, by="wang")
    signature = issued.describe().signature
    assert (signature.name, signature.means, signature.signed_at, signature.verified) == ("wang", "account", NOON, True)
    assert not issued.signature.shown_with(replace(issued.document, owed=Money.of("1.00", "CNY")))["verified"]


def test_no_two_codes_are_alike_and_each_has_128_bits():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 26 for code in codes)


def test_a_pass_is_used_once():
    account = an_account(customer_pay="0.00")
    issued = a_pass(account)
    issued.use(account, at=NOON, by="gate")
    signed = {"document_hash": issued.document.fingerprint, "signed_by": issued.issued_by, "signed_at": issued.issued_at}
    assert issued.announced == [GatePassUsed(gate_pass_id=issued.id, work_order_id=account.id, revision=1, **signed)]
    refused("gate_pass_used", issued.use, account, at=NOON + timedelta(minutes=1), by="gate")
    assert issued.used_at == NOON


def test_a_revoked_pass_opens_nothing():
    account = an_account(customer_pay="0.00")
    issued = a_pass(account)
    issued.revoke(NOON)
    assert issued.announced == [GatePassRevoked(gate_pass_id=issued.id, work_order_id=account.id, revision=1)]
    refused("gate_pass_revoked", issued.use, account, at=NOON, by="gate")


def test_a_pass_does_not_open_the_gate_once_the_money_went_back():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "113.00")
    issued = a_pass(account)
    refund(account, payment, "1.00")
    refused("share_open", issued.use, account, at=NOON, by="gate")
    pay(account, "1.00")
    issued.use(account, at=NOON, by="gate")
