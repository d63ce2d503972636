"""What the team leader recommends for later (Rule W27)."""

from sqlalchemy import select

from chassis import Invalid, Work
from contracts.workshop.readiness_events import WorkRecommended
from contracts.workshop.recommendation import RecommendWork
from services.workshop.order.declined_work import recommended_key
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import Operation


def recommend(work: Work, command: RecommendWork) -> WorkOrder:
    """These are the order's recommendations. Raises Invalid naming an unknown operation, or what is named twice."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.RECOMMEND)
    codes = {one.operation_code for one in command.recommendations if one.operation_code}
    with work.without_autoflush():
        known = set(work.all(select(Operation.code).where(Operation.code.in_(sorted(codes))))) if codes else set()
    for index, one in enumerate(command.recommendations):
        if one.operation_code and one.operation_code not in known:
            raise Invalid.field(
                f"recommendations.{index}.operation_code", "not_in_the_catalogue", operation_code=one.operation_code
            )
    said = [one.dump() for one in command.recommendations]
    keys = [recommended_key(one) for one in said]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise Invalid.field(f"recommendations.{index}", "named_twice")
    order.recommendations = said
    order.announce(WorkRecommended(work_order_id=order.id, recommended_by=work.actor, recommendations=command.recommendations))
    return order
