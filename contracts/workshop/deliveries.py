"""Deliveries as those need them who hold the other services' books against them."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Id, Part, whole
from contracts.shared import Page, Payer


class DeliveryEntry(Part):
    """A delivery as the books of the other services must show it.

    `payers` are owed one invoice each. `announced_at` is when what counts now was announced: the delivery, or its reversal.
    """

    work_order_id: Id
    revision: Annotated[int, whole(1)]
    payers: list[Payer]
    reversed: bool
    announced_at: datetime


class Deliveries(Answer, Page):
    """A page of deliveries, those announced last first."""

    items: list[DeliveryEntry]
