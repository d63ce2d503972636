"""What people know an order by, wherever money or a gate pass is about one."""

from typing import Annotated

from chassis.wire import Part, text


class NamedOrder(Part):
    """Number, customer and plate, as lists show them beside the id; an appointment without an order has no number yet."""

    work_order_number: Annotated[str | None, text(20)] = None
    customer_name: str | None = None
    plate: str | None = None
