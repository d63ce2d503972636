"""The ledger of an account: its payments and its customer credit, to which rows are only ever added (Rules L4 and W15)."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from chassis import Invalid, Money
from contracts.billing.events import PaymentMethod
from contracts.shared import Payer
from services.billing.account.customer_credit import CreditEntry
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER, Share

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount


class Ledger:
    """Enters what the account has decided, and sums it up. It decides and announces nothing.

    Money is followed by payment: what one gave is never spent or given back as another one's.
    """

    def __init__(self, account: "OrderAccount") -> None:
        self._account = account
        self.currency = account.currency

    def require_positive(self, amount: Money) -> None:
        """Raises Invalid for an amount of nothing, of less, or in another currency."""
        if amount.currency != self.currency:
            raise Invalid.field("amount", "wrong_currency", currency=self.currency)
        if amount.minor <= 0:
            raise Invalid.field("amount", "must_be_positive")

    def enter(
        self, kind: str, payer: Payer, method: PaymentMethod, amount: Money, context: PaymentContext, **details: Any
    ) -> Payment:
        """A further payment; `details` are its other columns."""
        payment = Payment(
            account_id=self._account.id,
            kind=kind,
            payer=payer,
            method=method,
            currency=self.currency,
            amount_minor=amount.minor,
            received_at=context.at,
            received_on=context.on,
            received_by=context.by,
            **details,
        )
        self._account.payments.append(payment)
        for share in self._account.shares:
            if payment.pays(share):
                share.recount()
        return payment

    # Deposits

    def apply_deposits(self, share: Share, context: PaymentContext) -> Money:
        """Pay of the customer's share what unused deposits can. Answers how much that was."""
        applied = Money.zero(self.currency)
        for deposit in self._deposits():
            amount = min(self.left(deposit), share.owed)
            if amount.minor > 0:
                self.enter("payment", CUSTOMER, "deposit", amount, context, revision=share.revision, of_id=deposit.id)
                applied += amount
        return applied

    def unused_deposits(self) -> Money:
        """What of the deposits pays no share now and was not given back."""
        return Money.total((self.left(deposit) for deposit in self._deposits()), self.currency)

    # Credit

    def credit(self, payer: str) -> Money:
        """The payer's credit from reversed deliveries of this order."""
        entries = self._account.credit_entries
        return Money(sum(one.amount_minor for one in entries if one.payer == payer), self.currency)

    def credits(self) -> dict[str, Money]:
        """What every payer has to get, by payer: credit, and what was paid too much for a share that was lowered."""
        found = Counter({payer: self.credit(payer).minor for payer in {one.payer for one in self._account.credit_entries}})
        for share in self._account.shares:
            found[share.payer] += share.overpaid_minor
        return {payer: Money(minor, self.currency) for payer, minor in sorted(found.items()) if minor}

    def credit_reversal(self, share: Share, at: datetime) -> None:
        """What was paid for a share of a reversed delivery becomes credit, payment by payment.

        What was on account lapses with the debt: it was no money. A deposit lies on the order again, unused. Credit that had
        paid returns to the payments it came from.
        """
        for payment in self._account.payments:
            if payment.kind == "payment" and payment.pays(share):
                self._return(payment, share, at)

    def use_credit(self, payment: Payment, share: Share) -> None:
        """The payer's credit on this order became this payment for the share, the oldest first."""
        left = payment.amount_minor
        for source_id in dict.fromkeys(one.source_id for one in self._account.credit_entries if one.payer == share.payer):
            minor = min(left, self._credit_of(source_id))
            if minor > 0:
                self._account.credit_entries.append(CreditEntry.used_by(payment, source_id, minor, share))
                left -= minor

    def give_credit_back(self, refund: Payment, share: Share) -> None:
        """A refund or transfer of what was paid for a reversed delivery comes out of that payment's own credit."""
        assert refund.of_id is not None, "it is of a payment"
        self._account.credit_entries.append(CreditEntry.used_by(refund, refund.of_id, -refund.amount_minor, share))

    def transfer_credit(self, payer: Payer, amount: Money, to_id: str, context: PaymentContext) -> None:
        """So much of the payer's credit pays another account from now on, out of the payments whose money it is, oldest first."""
        left = amount
        for payment in [one for one in self._account.payments if one.kind == "payment" and one.payer == payer]:
            share = self.share_of(payment)
            assert share is not None, "a payment is for a share"
            free = Money.zero(self.currency) if payment.method == "on_account" else self.left(payment)
            if share.reversed_at is None:
                free = min(free, Money(share.overpaid_minor, self.currency))
            if (part := min(left, free)).minor <= 0:
                continue
            about = {"revision": payment.revision, "of_id": payment.id, "counterpart_id": to_id}
            transfer = self.enter("transfer", payer, cast(PaymentMethod, payment.method), -part, context, **about)
            if share.reversed_at is not None:
                self.give_credit_back(transfer, share)
            left -= part
        assert not left.minor, "no more than its credit"

    # What can be given back

    def left(self, payment: Payment) -> Money:
        """What of a payment or deposit is there to be given back: never more than it gave, less what became of that.

        Of a deposit: what pays no share. Of a payment for a reversed delivery: what is left of its own credit; if it was on
        account, or itself deposit or credit of this order, nothing, for no money came with it. A refund or transfer has nothing
        left.
        """
        if payment.kind not in ("payment", "deposit"):
            return Money.zero(self.currency)
        share = self.share_of(payment)
        if share is not None and share.reversed_at is not None:
            return Money(max(self._credit_of(payment.id), 0), self.currency)
        left = payment.amount_minor - sum(self._taken(one) for one in self._account.payments if one.of_id == payment.id)
        if share is not None and payment.method == "on_account":
            left = min(left, share.on_account.minor)
        return Money(max(left, 0), self.currency)

    def share_of(self, payment: Payment) -> Share | None:
        """The share it was paid for."""
        return next((share for share in self._account.shares if payment.pays(share)), None)

    def _taken(self, row: Payment) -> int:
        """What a row took from the payment it is of; a deposit that paid a reversed delivery lost only what was given back."""
        share = self.share_of(row)
        if row.kind == "payment" and share is not None and share.reversed_at is not None:
            return self._given_back(row)
        return abs(row.amount_minor)

    def _return(self, payment: Payment, share: Share, at: datetime) -> None:
        if payment.method in ("on_account", "deposit"):
            return
        left = payment.amount_minor - self._given_back(payment)
        if payment.method != "customer_credit" or payment.counterpart_id is not None:  # credit of another order came as money
            self._credit(share, payment.id, left, at)
            return
        for used in [one for one in self._account.credit_entries if one.payment_id == payment.id]:
            minor = min(left, -used.amount_minor)
            self._credit(share, used.source_id, minor, at)
            left -= minor

    def _credit(self, share: Share, source_id: str, minor: int, at: datetime) -> None:
        if minor <= 0:
            return
        entry = CreditEntry.of_reversal(share, source_id, minor, at)
        known = next((one for one in self._account.credit_entries if one.id == entry.id), None)
        if known is None:
            self._account.credit_entries.append(entry)
        else:  # several credit payments of one share from one source
            known.amount_minor += minor

    def _credit_of(self, source_id: str) -> int:
        return sum(one.amount_minor for one in self._account.credit_entries if one.source_id == source_id)

    def _given_back(self, payment: Payment) -> int:
        gone = ("refund", "transfer")
        return -sum(one.amount_minor for one in self._account.payments if one.kind in gone and one.of_id == payment.id)

    def _deposits(self) -> list[Payment]:
        return [one for one in self._account.payments if one.kind == "deposit"]
