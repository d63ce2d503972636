"""Who was invited."""

from sqlalchemy import select

from chassis import Work, matching, sorted_page
from contracts.crm.invitation import GetInvitation, Invitations, ListInvitations
from services.crm.invitation.invitation import Invitation


def get_invitation(work: Work, query: GetInvitation) -> Invitation:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Invitation, query.invitation_id)


def list_invitations(work: Work, query: ListInvitations) -> Invitations:
    """The latest first, unless another order is asked for."""
    found = select(Invitation).where(
        *matching(
            (Invitation.customer_id, query.customer_id),
            (Invitation.vehicle_id, query.vehicle_id),
            (Invitation.reason, query.reason),
        )
    )
    by = {"invited_at": Invitation.invited_at, "updated_at": Invitation.updated_at}
    rows, cursor = sorted_page(work, found, query, by, id=Invitation.id)
    return Invitations(items=[row.describe() for row in rows], next_cursor=cursor)
