"""The account of a work order: who owes what, who paid or stands for it, and whether the car may leave (Rules L4, L5, W15)."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Invalid, Money, Refused, derived_id
from contracts.billing import account
from contracts.billing.account import SettlementState
from contracts.billing.events import (
    DepositApplied,
    DepositApproved,
    DepositTaken,
    PaymentMethod,
    PaymentReceived,
    PaymentRefunded,
    ShareAuthorised,
)
from contracts.shared import Payer
from services.billing.domain.ledger import CreditEntry, Payment, Share, Taken
from services.billing.domain.model import Base

CUSTOMER: Payer = "customer_pay"


class OrderAccount(Aggregate, Base):
    """The account of one work order, whose id it has. One currency; every delivery revision has its own shares."""

    __tablename__ = "order_account"

    currency: Mapped[str] = mapped_column(String(3))
    work_order_number: Mapped[str | None] = mapped_column(String(20))
    customer_id: Mapped[str | None] = mapped_column(IdType)

    shares: Mapped[list[Share]] = relationship(
        back_populates="account", lazy="selectin", order_by=(Share.revision, Share.payer), cascade="all, delete-orphan"
    )
    payments: Mapped[list[Payment]] = relationship(
        back_populates="account", lazy="selectin", order_by=Payment.id, cascade="all, delete-orphan"
    )
    credit_entries: Mapped[list[CreditEntry]] = relationship(
        back_populates="account", lazy="selectin", order_by=CreditEntry.entered_at, cascade="all, delete-orphan"
    )

    # What is owed

    @property
    def revision(self) -> int:
        """The newest billed delivery revision; 0 before the first."""
        return max((share.revision for share in self.shares), default=0)

    def shares_of(self, revision: int) -> list[Share]:
        """The shares of a delivery revision; none if it is not billed (yet)."""
        return [share for share in self.shares if share.revision == revision]

    def current_shares(self) -> list[Share]:
        """The shares of the newest delivery. Raises Refused while no delivery is billed, or the newest one is reversed."""
        shares = [share for share in self.shares_of(self.revision) if share.reversed_at is None]
        if not shares:
            raise Refused("order_not_billed", revision=self.revision)
        return shares

    def current_share(self, payer: Payer) -> Share:
        """The payer's share of the newest delivery. Raises Refused if it has none."""
        for share in self.current_shares():
            if share.payer == payer:
                return share
        raise Refused("no_such_share", payer=payer)

    def paid(self, share: Share) -> Money:
        """What was paid for a share, less what was given back."""
        received = (one.amount for one in self.payments if (one.revision, one.payer) == (share.revision, share.payer))
        return Money.total(received, self.currency)

    def open(self, share: Share) -> Money:
        """What a share still owes; nothing once its delivery is reversed."""
        owed = 0 if share.reversed_at else share.total_minor - self.paid(share).minor
        return Money(max(owed, 0), self.currency)

    def state(self, share: Share) -> SettlementState:
        """The settlement state of a share. The customer's is authorised only while an approved deposit lies on it."""
        if share.reversed_at:
            return "reversed"
        if not self.open(share).minor:
            return "paid"
        stands = share.payer != CUSTOMER or self._deposit_on(share) > 0
        return "authorised" if share.authorised_at and stands else "open"

    def require_settled(self) -> None:
        """Rule L5. Raises Refused naming the first share that is neither paid nor authorised."""
        for share in self.current_shares():
            if self.state(share) == "open":
                raise Refused("share_open", payer=share.payer, open=self.open(share).plain())

    def credit(self, payer: str) -> Money:
        """The payer's credit from reversed deliveries of this order."""
        return Money(sum(one.amount_minor for one in self.credit_entries if one.payer == payer), self.currency)

    # What happens to it

    def bill(self, revision: int, owed: Mapping[Payer, tuple[str | None, int]], taken: Taken) -> None:
        """A delivery was billed: payer -> (invoice, total in minor units). Deposits pay what they can of the customer's."""
        for payer, (invoice_id, total_minor) in owed.items():
            self.shares.append(
                Share(
                    id=derived_id(self.id, payer, revision, "share"),
                    revision=revision,
                    payer=payer,
                    invoice_id=invoice_id,
                    total_minor=total_minor,
                )
            )
        for share in self.shares_of(revision):
            if share.payer == CUSTOMER:
                self._apply_deposits(share, taken)

    def receive(
        self, payer: Payer, method: PaymentMethod, amount: Money, taken: Taken, *, reference: str | None = None
    ) -> Payment:
        """Money for a payer's share, all of it or a part. Raises Refused for more than it owes or than its credit holds."""
        self._require_positive(amount)
        share = self.current_share(payer)
        if amount > self.open(share):
            raise Refused("overpayment", payer=payer, open=self.open(share).plain())
        if method == "customer_credit" and amount > self.credit(payer):
            raise Refused("credit_too_small", payer=payer, credit=self.credit(payer).plain())
        payment = self._enter("payment", payer, method, amount, taken, revision=share.revision, reference=reference)
        if method == "customer_credit":
            self._enter_credit(share, -amount, taken.at, payment)
        self.announce(
            PaymentReceived(
                payment_id=payment.id,
                work_order_id=self.id,
                payer=payer,
                payment_method=method,
                amount=amount,
                open_amount=self.open(share),
            )
        )
        return payment

    def take_deposit(self, method: PaymentMethod, amount: Money, taken: Taken, *, reference: str | None = None) -> Payment:
        """Money before the delivery. Raises Refused once a delivery is billed: then there is a share to pay."""
        self._require_positive(amount)
        if any(share.reversed_at is None for share in self.shares_of(self.revision)):
            raise Refused("order_already_billed", revision=self.revision)
        deposit = self._enter("deposit", CUSTOMER, method, amount, taken, reference=reference)
        self.announce(DepositTaken(payment_id=deposit.id, work_order_id=self.id, payment_method=method, amount=amount))
        return deposit

    def refund(
        self, payment: Payment, method: PaymentMethod, amount: Money, taken: Taken, *, reason: str, reference: str | None = None
    ) -> Payment:
        """Give a payment or deposit back, or a part of it; what was credited by a reversal comes out of the credit.

        Raises Refused for more than is left of it, and for a debt on account given back as money or the other way round.
        """
        self._require_positive(amount)
        if (payment.method == "on_account") != (method == "on_account"):
            raise Refused("refund_method_differs", method=payment.method)
        shares = self.shares_of(payment.revision or 0)
        taken_back = next((one for one in shares if one.payer == payment.payer and one.reversed_at), None)
        left = self._left_of(payment)
        if taken_back is not None:
            left = min(left, self.credit(payment.payer))
        if amount > left:
            raise Refused("refund_too_large", left=left.plain())
        payer = cast(Payer, payment.payer)
        refund = self._enter(
            "refund", payer, method, -amount, taken, revision=payment.revision, reference=reference, of=payment, reason=reason
        )
        if taken_back is not None:
            self._enter_credit(taken_back, -amount, taken.at, refund)
        self.announce(
            PaymentRefunded(
                payment_id=refund.id,
                refunded_payment_id=payment.id,
                work_order_id=self.id,
                payer=payer,
                payment_method=method,
                amount=amount,
                reason=reason,
            )
        )
        return refund

    def authorise(self, payer: Payer, *, reference: str, authorised_by: str, at: datetime) -> None:
        """A payer other than the customer stands for its share. Raises Refused if another reference stands there already."""
        share = self.current_share(payer)
        if share.authorised_at is not None:
            if share.reference == reference:
                return
            raise Refused("share_authorised", payer=payer, reference=share.reference)
        share.reference, share.authorised_by, share.authorised_at = reference, authorised_by, at
        self.announce(
            ShareAuthorised(
                authorisation_id=share.id,
                work_order_id=self.id,
                revision=share.revision,
                payer=payer,
                reference=reference,
                authorised_by=authorised_by,
            )
        )

    def approve_deposit(self, *, reason: str, taken: Taken) -> None:
        """Let the deposit stand for the rest of the customer's share. Raises Refused if no deposit lies on it."""
        share = self.current_share(CUSTOMER)
        if self._deposit_on(share) <= 0:
            raise Refused("no_deposit", open=self.open(share).plain())
        if share.authorised_at is not None:
            return
        share.reference, share.authorised_by, share.authorised_at = reason, taken.by, taken.at
        self.announce(
            DepositApproved(work_order_id=self.id, revision=share.revision, open_amount=self.open(share), reason=reason)
        )

    def reverse(self, revision: int, at: datetime) -> list[Share]:
        """A delivery was reversed: its shares owe nothing, what was paid for them becomes credit. Answers the shares it changed.

        What was put on account lapses with the debt: it was no money, so it cannot be spent or given back.
        """
        shares = [share for share in self.shares_of(revision) if share.reversed_at is None]
        for share in shares:
            share.reversed_at = at
            paid = sum(
                one.amount_minor
                for one in self.payments
                if (one.revision, one.payer) == (revision, share.payer) and one.method != "on_account"
            )
            if paid > 0:
                self._enter_credit(share, Money(paid, self.currency), at)
        return shares

    def describe(self) -> account.OrderAccount:
        """Every share of every revision, newest last."""
        current = [share for share in self.shares_of(self.revision) if share.reversed_at is None]
        credit = [(payer, self.credit(payer)) for payer in sorted({one.payer for one in self.credit_entries})]
        return account.OrderAccount(
            id=self.id,
            version=self.version,
            work_order_id=self.id,
            work_order_number=self.work_order_number,
            revision=self.revision,
            settled=bool(current) and all(self.state(share) != "open" for share in current),
            shares=[self._describe(share) for share in self.shares],
            deposit=Money.total((self._left_of(one) for one in self.payments if one.kind == "deposit"), self.currency),
            credits=[account.CreditBalance(payer=cast(Payer, payer), amount=left) for payer, left in credit if left.minor],
        )

    def _describe(self, share: Share) -> account.AccountShare:
        return account.AccountShare(
            payer=cast(Payer, share.payer),
            revision=share.revision,
            invoice_id=share.invoice_id,
            total=Money(share.total_minor, self.currency),
            paid=self.paid(share),
            open=self.open(share),
            state=self.state(share),
            authorised_by=share.authorised_by,
            authorised_at=share.authorised_at,
            reference=share.reference,
        )

    def _apply_deposits(self, share: Share, taken: Taken) -> None:
        applied = Money.zero(self.currency)
        for deposit in [one for one in self.payments if one.kind == "deposit"]:
            amount = min(self._left_of(deposit), self.open(share))
            if amount.minor > 0:
                self._enter("payment", CUSTOMER, "deposit", amount, taken, revision=share.revision, of=deposit)
                applied += amount
        if applied.minor:
            self.announce(
                DepositApplied(work_order_id=self.id, revision=share.revision, amount=applied, open_amount=self.open(share))
            )

    def _deposit_on(self, share: Share) -> int:
        """What of deposits lies on a share, less what was given back of it, in minor units."""
        applied = {one.id for one in self.payments if one.method == "deposit" and one.revision == share.revision}
        return sum(one.amount_minor for one in self.payments if one.id in applied or one.of_id in applied)

    def _left_of(self, payment: Payment) -> Money:
        """What of a payment is not given back yet, and of a deposit not used yet. A refund has nothing left."""
        used = sum(abs(one.amount_minor) for one in self.payments if one.of_id == payment.id)
        return Money(max(payment.amount_minor - used, 0), self.currency)

    def _enter(
        self,
        kind: str,
        payer: Payer,
        method: PaymentMethod,
        amount: Money,
        taken: Taken,
        *,
        revision: int | None = None,
        reference: str | None = None,
        of: Payment | None = None,
        reason: str | None = None,
    ) -> Payment:
        payment = Payment(
            kind=kind,
            revision=revision,
            payer=payer,
            method=method,
            currency=self.currency,
            amount_minor=amount.minor,
            provider_reference=reference,
            of_id=of.id if of else None,
            reason=reason,
            received_at=taken.at,
            received_on=taken.on,
            received_by=taken.by,
        )
        payment.account_id = self.id
        self.payments.append(payment)
        return payment

    def _enter_credit(self, share: Share, amount: Money, at: datetime, payment: Payment | None = None) -> None:
        # What a reversal credits is known by its share, so that it is credited once; what uses credit, by its payment.
        self.credit_entries.append(
            CreditEntry(
                id=derived_id(payment.id if payment else share.id, "credit"),
                payer=share.payer,
                revision=share.revision,
                amount_minor=amount.minor,
                payment_id=payment.id if payment else None,
                entered_at=at,
            )
        )

    def _require_positive(self, amount: Money) -> None:
        if amount.currency != self.currency:
            raise Invalid.fields({"amount": [f"Must be in {self.currency}."]})
        if amount.minor <= 0:
            raise Invalid.fields({"amount": ["Must be more than 0."]})
