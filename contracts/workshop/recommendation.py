"""What the workshop recommends for later (维修建议, Rule W27): it stands on the settlement, and comes up at the next booking."""

from chassis.wire import Command, Id
from contracts.shared import up_to
from contracts.workshop.order import WorkOrder
from contracts.workshop.readiness import Recommendation


class RecommendWork(Command, service="workshop", answer=WorkOrder):
    """Record the team leader's recommendations.

    They replace those that were. Until the car is ready; the customer signs them with the settlement. From the delivery on they
    come up at the car's next booking and order, at any dealer, as what was declined does, until they are done or dismissed.
    """

    work_order_id: Id
    recommendations: list[Recommendation] = up_to(20)
