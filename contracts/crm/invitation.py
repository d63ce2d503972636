"""Invitations (邀请): customers who were asked to come, why and how (Rules B8 and C5)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Query, text
from contracts.shared import Channel, KeptListing, Login, Name, Page, Plate

InvitationReason = Literal[
    "first_service",
    "periodic_service",
    "campaign",
    "warranty_end",
    "insurance_end",
    "recall",
    "part_arrived",
    "declined_work",
]
"""首保, 定期保养, 服务活动, 质保到期, 保险到期, 召回, 订件到货, 未同意项目."""

InvitationSort = Literal["invited_at", "-invited_at", "updated_at", "-updated_at"]


class Invitation(Answer):
    """A customer was asked to come with a car. `customer_name` and `phone` are as their file has them now."""

    id: Id
    version: int
    updated_at: datetime
    customer_id: Id
    customer_name: Name
    phone: Annotated[str, text(30)]
    vehicle_id: Id
    plate: Plate
    reason: InvitationReason
    channel: Channel
    note: str | None = None
    invited_at: datetime
    invited_by: Login


class Invitations(Answer, Page):
    """A page of invitations."""

    items: list[Invitation]


class InviteCustomer(Command, service="crm", answer=Invitation):
    """Invite a customer.

    Keep that whoever drives the car is asked to come, why and how (Rule B8). Only on a channel on which they agreed to be
    reminded of service, for a campaign to be advertised to; of a recall they are told in any case. One reason invites a car once
    a day.
    """

    vehicle_id: Id
    reason: InvitationReason
    channel: Channel
    note: Annotated[str, text(500)] | None = None


class ListInvitations(Query, KeptListing, service="crm", answer=Invitations):
    """Invitations.

    Who was invited, the latest first.
    """

    customer_id: Id | None = None
    vehicle_id: Id | None = None
    reason: InvitationReason | None = None
    sort: InvitationSort = "-invited_at"


class GetInvitation(Query, service="crm", answer=Invitation):
    """An invitation.

    Who was asked to come, why, how, and by whom.
    """

    invitation_id: Id
