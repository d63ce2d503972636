"""The ledger of an account: its payments and its customer credit, to which rows are only ever added (Rules L4 and W15)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chassis import Invalid, Money
from contracts.billing.events import PaymentMethod
from contracts.shared import Payer
from services.billing.account.customer_credit import CreditEntry
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER, Share

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount


class Ledger:
    """Enters what the account has decided, and sums it up. It decides and announces nothing."""

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
        return payment

    def apply_deposits(self, share: Share, context: PaymentContext) -> Money:
        """Pay of the customer's share what unused deposits can. Answers how much that was."""
        applied = Money.zero(self.currency)
        for deposit in self._deposits():
            amount = min(deposit.left, share.open)
            if amount.minor > 0:
                self.enter("payment", CUSTOMER, "deposit", amount, context, revision=share.revision, of_id=deposit.id)
                applied += amount
        return applied

    def unused_deposits(self) -> Money:
        """What of the deposits pays no share yet and was not given back."""
        return Money.total((deposit.left for deposit in self._deposits()), self.currency)

    def credit(self, payer: str) -> Money:
        """The payer's credit from reversed deliveries of this order."""
        entries = self._account.credit_entries
        return Money(sum(one.amount_minor for one in entries if one.payer == payer), self.currency)

    def credits(self) -> dict[str, Money]:
        """The credit of every payer who has some, by payer."""
        found = {payer: self.credit(payer) for payer in sorted({one.payer for one in self._account.credit_entries})}
        return {payer: left for payer, left in found.items() if left.minor}

    def credit_reversal(self, share: Share, at: datetime) -> None:
        """What was paid for a share of a reversed delivery becomes its payer's credit.

        What was put on account lapses with the debt: it was no money, so it cannot be spent or given back.
        """
        paid = sum(one.amount_minor for one in self._account.payments if one.pays(share) and one.method != "on_account")
        if paid > 0:
            self._account.credit_entries.append(CreditEntry.of_reversal(share, paid, at))

    def use_credit(self, payment: Payment, share: Share) -> None:
        """Credit became this payment for the share, or was given back by this refund of what was paid for it."""
        self._account.credit_entries.append(CreditEntry.used_by(payment, share))

    def _deposits(self) -> list[Payment]:
        return [one for one in self._account.payments if one.kind == "deposit"]
