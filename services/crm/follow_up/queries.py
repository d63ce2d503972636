"""Follow-ups, and which deliveries have one."""

from sqlalchemy import select

from chassis import Work, has_piece, matching, oldest, sorted_page
from chassis.wire.keys import plate_key
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.crm.follow_up import (
    DeliveryFollowUp,
    DeliveryFollowUps,
    FindDeliveryFollowUps,
    FollowUps,
    GetFollowUp,
    ListFollowUps,
)
from services.crm.follow_up.follow_up import FollowUp


def get_follow_up(work: Work, query: GetFollowUp) -> FollowUp:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(FollowUp, query.follow_up_id)


def list_follow_ups(work: Work, query: ListFollowUps) -> FollowUps:
    """Those that are due last come first, unless another order is asked for."""
    found = select(FollowUp).where(
        *matching(
            (FollowUp.state, query.state),
            (FollowUp.work_order_id, query.work_order_id),
            (FollowUp.customer_id, query.customer_id),
            (FollowUp.advisor, query.advisor),
            (FollowUp.agent, query.agent),
        )
    )
    if query.plate is not None:
        found = found.where(has_piece(FollowUp.plate_key, plate_key(query.plate)))
    if query.due_before is not None:
        found = found.where(FollowUp.due_at < query.due_before)
    by = {"due_at": FollowUp.due_at, "call_at": FollowUp.call_at, "updated_at": FollowUp.updated_at}
    rows, cursor = sorted_page(work, found, query, by, id=FollowUp.id)
    return FollowUps(items=[row.describe() for row in rows], next_cursor=cursor)


def late_follow_ups(work: Work) -> ConcernGroup:
    """Follow-ups that are due, and those that count as missed already."""
    is_late = FollowUp.state == "scheduled", FollowUp.due_at <= work.now
    late, count = oldest(work, FollowUp, *is_late, since=FollowUp.due_at, most=MOST)
    told = [
        Concern(
            severity="severe" if one.breach_at <= work.now else "warning",
            since=one.due_at,
            follow_up_id=one.id,
            work_order_id=one.work_order_id,
            order_number=one.work_order_number,
            plate=one.plate,
            customer_name=one.name_now or one.customer_name,
            staff=one.agent or one.advisor,
        )
        for one in late
    ]
    return ConcernGroup(kind="late_follow_up", count=count, items=told)


def find_delivery_follow_ups(work: Work, query: FindDeliveryFollowUps) -> DeliveryFollowUps:
    """Nothing of the customer is read."""
    rows = work.execute(
        select(FollowUp.work_order_id, FollowUp.revision, FollowUp.state)
        .where(FollowUp.work_order_id.in_(query.work_order_ids))
        .order_by(FollowUp.id)
    )
    return DeliveryFollowUps(
        items=[
            DeliveryFollowUp(work_order_id=row.work_order_id, revision=row.revision, cancelled=row.state == "cancelled")
            for row in rows
        ]
    )
