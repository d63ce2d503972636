"""An invitation (邀请) that was made (Rule B8, docs/domain.md)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused
from contracts.crm import invitation as contract
from contracts.crm.customer import ConsentPurpose
from contracts.crm.events import InvitationMade
from contracts.crm.invitation import InvitationReason, InviteCustomer
from contracts.shared import Channel
from services.crm.customer.customer import Customer, as_filed
from services.crm.model import Base
from services.crm.vehicle.vehicle import Vehicle


class Invitation(Aggregate, Base):
    """Somebody asked the customer to come with a car; it never changes. A reason invites a car once on a local day."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("dealer_id", "vehicle_id", "reason", "day", name="invitation_day_key"),
        Index("invitation_invited_ix", "dealer_id", "invited_at", "id"),
        Index("invitation_reason_ix", "dealer_id", "reason", "invited_at", "id"),
        Index("invitation_customer_ix", "dealer_id", "customer_id", "invited_at"),
        Index("invitation_updated_ix", "dealer_id", "updated_at", "id"),
    )

    customer_id: Mapped[str] = mapped_column(IdType)
    customer_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    reason: Mapped[InvitationReason] = mapped_column(String(20))
    channel: Mapped[Channel] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(500))
    day: Mapped[date] = mapped_column(Date)
    invited_at: Mapped[datetime]
    invited_by: Mapped[str] = mapped_column(String(64))
    if TYPE_CHECKING:  # mapped below, where the class is known
        name_now: Mapped[str | None]
        phone_now: Mapped[str | None]

    @classmethod
    def make(
        cls, command: InviteCustomer, customer: Customer, vehicle: Vehicle, *, at: datetime, day: date, by: str
    ) -> "Invitation":
        """Ask the customer to come.

        Raises Refused without their consent to be addressed for that on that channel, Invalid if their file does not say where.
        """
        customer.require_reached(command.channel)
        purpose = purpose_of(command.reason)
        if purpose is not None and not customer.allows(purpose, command.channel):
            raise Refused("no_consent", field="channel")
        invitation = cls(
            customer_id=customer.id,
            customer_name=customer.name,
            phone=customer.phone,
            vehicle_id=vehicle.id,
            plate=vehicle.plate,
            reason=command.reason,
            channel=command.channel,
            note=command.note,
            day=day,
            invited_at=at,
            invited_by=by,
        )
        invitation.announce(
            InvitationMade(
                invitation_id=invitation.id,
                customer_id=invitation.customer_id,
                vehicle_id=invitation.vehicle_id,
                reason=invitation.reason,
                channel=invitation.channel,
                invited_at=at,
            )
        )
        return invitation

    def describe(self) -> contract.Invitation:
        """The invitation as it is answered."""
        return contract.Invitation(
            id=self.id,
            version=self.version,
            updated_at=self.updated_at,
            customer_id=self.customer_id,
            customer_name=self.name_now or self.customer_name,
            phone=self.phone_now or self.phone,
            vehicle_id=self.vehicle_id,
            plate=self.plate,
            reason=self.reason,
            channel=self.channel,
            note=self.note,
            invited_at=self.invited_at,
            invited_by=self.invited_by,
        )


Invitation.name_now = as_filed(Invitation, Customer.name)
Invitation.phone_now = as_filed(Invitation, Customer.phone)


def purpose_of(reason: InvitationReason) -> ConsentPurpose | None:
    """What the customer must have agreed to be addressed for; None for what they are told in any case."""
    if reason == "recall":
        return None  # a defect of the car is the customer's to know
    return "marketing" if reason == "campaign" else "service_reminder"
