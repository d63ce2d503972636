"""The account of a work order: who owes what, who paid or stands for it, and whether the car may leave (Rules L4, L5, W15)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Money, NotFound, NotYetKnown, Refused, Work, derived_id
from contracts.billing import account as contract
from contracts.billing.events import (
    DepositApplied,
    DepositApproved,
    DepositTaken,
    PaymentMethod,
    PaymentReceived,
    PaymentRefunded,
    ReversalConfirmed,
    ReversalRefused,
    ShareAuthorised,
)
from contracts.shared import Payer
from services.billing.account.customer_credit import CreditEntry
from services.billing.account.ledger import Ledger
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER, Share
from services.billing.model import Base


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

    @property
    def ledger(self) -> Ledger:
        """Its payments and customer credit."""
        return Ledger(self)

    # What is owed

    @property
    def revision(self) -> int:
        """The newest billed delivery revision; 0 before the first."""
        return max((share.revision for share in self.shares), default=0)

    def shares_of(self, revision: int) -> list[Share]:
        """The shares of a delivery revision; none if it is not billed (yet)."""
        return [share for share in self.shares if share.revision == revision]

    def unreversed_shares_of(self, revision: int) -> list[Share]:
        """The shares of a delivery revision; none if it is not billed (yet), or reversed."""
        return [share for share in self.shares_of(revision) if share.reversed_at is None]

    def current_shares(self) -> list[Share]:
        """The shares of the newest delivery. Raises Refused while no delivery is billed, or the newest one is reversed."""
        shares = self.unreversed_shares_of(self.revision)
        if not shares:
            raise Refused("order_not_billed", revision=self.revision)
        return shares

    def current_share(self, payer: Payer) -> Share:
        """The payer's share of the newest delivery. Raises Refused if it has none."""
        for share in self.current_shares():
            if share.payer == payer:
                return share
        raise Refused("no_such_share", payer=payer)

    def require_settled(self) -> None:
        """Rule L5. Raises Refused naming the first share that is neither paid nor authorised."""
        for share in self.current_shares():
            if share.state == "open":
                raise Refused("share_open", payer=share.payer, open=share.open.plain())

    # What happens to it

    def identify_order(self, *, number: str, customer_id: str, visit_id: str | None) -> None:
        """Keep what a delivery says of the order; an account that a deposit opened does not know it yet."""
        self.work_order_number, self.customer_id, self.visit_id = number, customer_id, visit_id or self.visit_id

    def bill(self, revision: int, owed: Mapping[Payer, tuple[str | None, int]], context: PaymentContext) -> None:
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
            if share.payer == CUSTOMER and (applied := self.ledger.apply_deposits(share, context)).minor:
                self.announce(DepositApplied(work_order_id=self.id, revision=revision, amount=applied, open_amount=share.open))

    def receive(
        self, payer: Payer, method: PaymentMethod, amount: Money, context: PaymentContext, *, reference: str | None = None
    ) -> Payment:
        """Money for a payer's share, all of it or a part. Raises Refused for more than it owes or than its credit holds."""
        self.ledger.require_positive(amount)
        share = self.current_share(payer)
        if amount > share.open:
            raise Refused("overpayment", payer=payer, open=share.open.plain())
        if method == "customer_credit" and amount > self.ledger.credit(payer):
            raise Refused("credit_too_small", payer=payer, credit=self.ledger.credit(payer).plain())
        payment = self.ledger.enter(
            "payment", payer, method, amount, context, revision=share.revision, provider_reference=reference
        )
        if method == "customer_credit":
            self.ledger.use_credit(payment, share)
        self.announce(
            PaymentReceived(
                payment_id=payment.id,
                work_order_id=self.id,
                payer=payer,
                payment_method=method,
                amount=amount,
                open_amount=share.open,
            )
        )
        return payment

    def take_deposit(
        self, method: PaymentMethod, amount: Money, context: PaymentContext, *, reference: str | None = None
    ) -> Payment:
        """Money before the delivery. Raises Refused once a delivery is billed: then there is a share to pay."""
        self.ledger.require_positive(amount)
        if self.unreversed_shares_of(self.revision):
            raise Refused("order_already_billed", revision=self.revision)
        deposit = self.ledger.enter("deposit", CUSTOMER, method, amount, context, provider_reference=reference)
        self.announce(DepositTaken(payment_id=deposit.id, work_order_id=self.id, payment_method=method, amount=amount))
        return deposit

    def refund(
        self,
        payment: Payment,
        method: PaymentMethod,
        amount: Money,
        context: PaymentContext,
        *,
        reason: str,
        reference: str | None = None,
    ) -> Payment:
        """Give a payment or deposit back, or a part of it; what was credited by a reversal comes out of the credit.

        Raises Refused for more than is left of it, and for a debt on account given back as money or the other way round.
        """
        self.ledger.require_positive(amount)
        if (payment.method == "on_account") != (method == "on_account"):
            raise Refused("refund_method_differs", method=payment.method)
        credited = next((share for share in self.shares if share.reversed_at and payment.pays(share)), None)
        left = payment.left if credited is None else min(payment.left, self.ledger.credit(payment.payer))
        if amount > left:
            raise Refused("refund_too_large", left=left.plain())
        payer = cast(Payer, payment.payer)
        refund = self.ledger.enter(
            "refund",
            payer,
            method,
            -amount,
            context,
            revision=payment.revision,
            provider_reference=reference,
            of_id=payment.id,
            reason=reason,
        )
        if credited is not None:
            self.ledger.use_credit(refund, credited)
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
        share.authorise(reference=reference, by=authorised_by, at=at)
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

    def approve_deposit(self, *, reason: str, by: str, at: datetime) -> None:
        """Let the deposit stand for the rest of the customer's share. Raises Refused if no deposit lies on it."""
        share = self.current_share(CUSTOMER)
        if share.deposit_minor <= 0:
            raise Refused("no_deposit", open=share.open.plain())
        if share.authorised_at is not None:
            return
        share.authorise(reference=reason, by=by, at=at)
        self.announce(DepositApproved(work_order_id=self.id, revision=share.revision, open_amount=share.open, reason=reason))

    def reverse(self, revision: int, at: datetime) -> list[Share]:
        """Confirm that a delivery is reversed: its shares owe nothing, what was paid for them is credited.

        Answers the shares it changed: none if it was confirmed before.
        """
        shares = self.unreversed_shares_of(revision)
        for share in shares:
            share.reversed_at = at
            self.ledger.credit_reversal(share, at)
        if shares:
            self.announce(ReversalConfirmed(work_order_id=self.id, revision=revision))
        return shares

    def refuse_reversal(self, revision: int, refusal: Literal["gate_pass_used"]) -> None:
        """The delivery stays as it is."""
        self.announce(ReversalRefused(work_order_id=self.id, revision=revision, refusal=refusal))

    def describe(self) -> contract.OrderAccount:
        """Every share of every revision, newest last."""
        current = self.unreversed_shares_of(self.revision)
        return contract.OrderAccount(
            id=self.id,
            version=self.version,
            work_order_id=self.id,
            work_order_number=self.work_order_number,
            revision=self.revision,
            settled=bool(current) and all(share.state != "open" for share in current),
            shares=[share.describe() for share in self.shares],
            deposit=self.ledger.unused_deposits(),
            credits=[
                contract.CreditBalance(payer=cast(Payer, payer), amount=left) for payer, left in self.ledger.credits().items()
            ],
        )


def edit_account(work: Work, work_order_id: str) -> OrderAccount:
    """The account of a billed order, to change. Raises NotYetKnown if there is none: the delivery may be on its way."""
    try:
        return work.edit(OrderAccount, work_order_id)
    except NotFound:
        raise NotYetKnown.reference("work_order_id", work_order_id) from None
