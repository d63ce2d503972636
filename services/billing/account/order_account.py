"""The account of a work order: who owes what, who paid or stands for it, and whether the car may leave (Rules L4, L5, W15)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Money, Refused
from contracts.billing import account as contract
from contracts.billing.events import (
    DepositApplied,
    OnAccountGranted,
    OnAccountWithdrawn,
    PaymentMethod,
    PaymentReceived,
    PaymentRefunded,
    ReversalConfirmed,
    ReversalRefused,
    ShareAuthorised,
    TenderMethod,
)
from contracts.shared import REFERENCE, CustomerFacts, Payer, VehicleFacts
from services.billing.account.customer_credit import CreditEntry
from services.billing.account.ledger import Ledger
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER, Share
from services.billing.account.standing import describe_account, place_in_queue
from services.billing.model import Base


class OrderAccount(Aggregate, Base):
    """The account of one work order, whose id it has. One currency; every delivery revision has its own shares.

    A deposit for an appointment lies on an account `of_appointment`, which has the appointment's id. `deposit_minor` is what of
    the deposits is unused, `credit_minor` the credit of all payers: columns, so that lists find them. `queue_place` and
    `waiting_since` are what it wants next (standing.py); `followed` is the sequence of the newest event of its order that says
    whether the car is ready.
    """

    __tablename__ = "order_account"
    __table_args__ = (
        Index("order_account_customer_ix", "dealer_id", "customer_id"),
        Index("order_account_deposit_ix", "dealer_id", "id", postgresql_where=text("deposit_minor > 0")),
        Index("order_account_credit_ix", "dealer_id", "id", postgresql_where=text("credit_minor > 0")),
        Index(
            "order_account_queue_ix",
            "dealer_id",
            "queue_place",
            "waiting_since",
            "id",
            postgresql_where=text("queue_place IS NOT NULL"),
        ),
    )

    currency: Mapped[str] = mapped_column(String(3))
    of_appointment: Mapped[bool] = mapped_column(default=False)
    work_order_number: Mapped[str | None] = mapped_column(String(20))
    customer_id: Mapped[str | None] = mapped_column(IdType)
    customer_name: Mapped[str | None] = mapped_column(String(120))
    plate: Mapped[str | None] = mapped_column(String(16))
    voided_at: Mapped[datetime | None]
    deposit_minor: Mapped[int] = mapped_column(default=0)
    credit_minor: Mapped[int] = mapped_column(default=0)
    followed: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None]
    ready_minor: Mapped[int | None]
    delivered_at: Mapped[datetime | None]
    pass_issued_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    queue_place: Mapped[int | None]
    waiting_since: Mapped[datetime | None]

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
        """The shares of the newest delivery. Raises Refused: order_void, order_not_delivered, order_not_billed after a reversal.

        Whether the delivery is on its way here, billing cannot know: but for a void order it says no only so far.
        """
        if self.voided_at is not None:
            raise Refused("order_void")
        if not self.revision:
            raise Refused("order_not_delivered").so_far()
        shares = self.unreversed_shares_of(self.revision)
        if not shares:
            raise Refused("order_not_billed", revision=self.revision).so_far()
        return shares

    def current_share(self, payer: Payer) -> Share:
        """The payer's share of the newest delivery. Raises Refused if it has none."""
        for share in self.current_shares():
            if share.payer == payer:
                return share
        raise Refused("no_such_share", payer=payer)

    def require_settled(self) -> None:
        """Rule L5. Raises Refused naming the first share that is neither paid, nor on account, nor authorised."""
        for share in self.current_shares():
            if share.state == "open":
                raise Refused("share_open", payer=share.payer, open=share.open.plain())

    def identify(
        self, customer: CustomerFacts, vehicle: VehicleFacts, *, number: str | None = None, visit_id: str | None = None
    ) -> None:
        """Keep whose account it is, as lists show it."""
        self.work_order_number = number or self.work_order_number
        self.customer_id, self.customer_name, self.plate = customer.customer_id, customer.name, vehicle.plate
        self.visit_id = visit_id or self.visit_id

    def belong_to_customer_of(self, other: "OrderAccount") -> None:
        """It is the account of that one's appointment: the same customer and car."""
        self.customer_id, self.customer_name, self.plate = other.customer_id, other.customer_name, other.plate
        self.visit_id = other.visit_id

    def void(self, at: datetime | None) -> None:
        """The order ended without work, or the appointment came to nothing: nothing is owed, no deposit is taken any more, and
        what lies on it is the customer's. None: the appointment's customer comes after all."""
        self.voided_at = at
        self.recount()

    def bill(self, revision: int, owed: Mapping[Payer, tuple[str | None, int]], context: PaymentContext) -> None:
        """A delivery was billed: payer -> (invoice, total in minor units). Deposits pay what they can of the customer's."""
        for payer, (invoice_id, total_minor) in owed.items():
            self.shares.append(Share.of_bill(self.id, revision, payer, invoice_id, total_minor))
        for share in self.shares_of(revision):
            if share.payer == CUSTOMER and (applied := self.ledger.apply_deposits(share, context)).minor:
                self.announce(DepositApplied(work_order_id=self.id, revision=revision, amount=applied, open_amount=share.open))
        self.recount()

    def receive(self, payer: Payer, method: TenderMethod, amount: Money, context: PaymentContext, **under: Any) -> Payment:
        """Money for a payer's share, all of it or a part; it pays off what is on account, too.

        `under` says which transaction of a provider it is part of. Raises Refused for more than it owes.
        """
        share = self.share_to_pay(payer, amount)
        payment = self.ledger.enter("payment", payer, method, amount, context, revision=share.revision, **under)
        self.recount()
        self.announce(
            PaymentReceived(
                payment_id=payment.id,
                work_order_id=self.id,
                payer=payer,
                payment_method=method,
                amount=amount,
                open_amount=share.owed,
            )
        )
        return payment

    def put_on_account(self, amount: Money, context: PaymentContext, **under: Any) -> Payment:
        """So much of the customer's share is owed within the approved limit: whether it may be is decided before.

        Raises Refused for more than is open.
        """
        share = self.share_to_pay(CUSTOMER, amount, on_account=True)
        payment = self.ledger.enter("payment", CUSTOMER, "on_account", amount, context, revision=share.revision, **under)
        self.recount()
        self.announce(
            OnAccountGranted(payment_id=payment.id, work_order_id=self.id, payer=CUSTOMER, amount=amount, open_amount=share.open)
        )
        return payment

    def share_to_pay(self, payer: Payer, amount: Money, *, on_account: bool = False) -> Share:
        """The share that a payment of so much is for. Raises Invalid for nothing, Refused for more than it owes."""
        self.ledger.require_positive(amount)
        share = self.current_share(payer)
        most = share.open if on_account else share.owed
        if amount > most:
            raise Refused("overpayment", payer=payer, open=most.plain())
        return share

    def refund(
        self,
        payment: Payment,
        method: PaymentMethod,
        amount: Money,
        context: PaymentContext,
        *,
        reason: str,
        **under: Any,
    ) -> Payment:
        """Give a payment or deposit back, or a part of it; what was credited by a reversal comes out of its own credit.

        Raises Refused for more than is left of it, and for a debt on account given back as money or the other way round.
        """
        self.ledger.require_positive(amount)
        if (payment.method == "on_account") != (method == "on_account"):
            raise Refused("refund_method_differs", method=payment.method)
        share, left = self.ledger.share_of(payment), self.ledger.left(payment)
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
            of_id=payment.id,
            reason=reason,
            **under,
        )
        if share is not None and share.reversed_at is not None:
            self.ledger.give_credit_back(refund, share)
        self.recount()
        about: dict[str, Any] = {"payment_id": refund.id, "payer": payer, "amount": amount, "reason": reason}
        if method == "on_account":
            self.announce(OnAccountWithdrawn(withdrawn_payment_id=payment.id, work_order_id=self.id, **about))
            return refund
        self.announce(
            PaymentRefunded(
                refunded_payment_id=payment.id,
                work_order_id=None if self.of_appointment else self.id,
                appointment_id=self.id if self.of_appointment else None,
                payment_method=cast(TenderMethod, method),
                **about,
            )
        )
        return refund

    def authorise(self, payer: Payer, *, reference: str, authorised_by: str, at: datetime) -> None:
        """A payer other than the customer stands for its share. Raises Refused if another reference or person stands there."""
        share = self.current_share(payer)
        if share.authorised_at is not None:
            same = share.reference is not None and REFERENCE.key(share.reference) == REFERENCE.key(reference)
            if same and share.authorised_by == authorised_by:
                return
            raise Refused("share_authorised", payer=payer, reference=share.reference, authorised_by=share.authorised_by)
        share.authorise(reference=reference, by=authorised_by, at=at)
        self.recount()
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

    def reverse(self, revision: int, at: datetime) -> list[Share]:
        """Confirm that a delivery is reversed: its shares owe nothing, what was paid for them is credited.

        Answers the shares it changed: none if it was confirmed before.
        """
        shares = self.unreversed_shares_of(revision)
        for share in shares:
            self.ledger.credit_reversal(share, at)
            share.reversed_at = at
            share.recount()
        self.recount()
        if shares:
            self.announce(ReversalConfirmed(work_order_id=self.id, revision=revision))
        return shares

    def refuse_reversal(self, revision: int, refusal: Literal["gate_pass_used"]) -> None:
        """The delivery stays as it is."""
        self.announce(ReversalRefused(work_order_id=self.id, revision=revision, refusal=refusal))

    def recount(self) -> None:
        """What lists find it by, from all else that it knows; after every change of that."""
        self.deposit_minor = self.ledger.unused_deposits().minor
        self.credit_minor = sum(one.minor for one in self.ledger.credits().values())
        self.queue_place, self.waiting_since = place_in_queue(self)

    def describe(self) -> contract.OrderAccount:
        """Every share of every revision, newest last."""
        return describe_account(self)
