"""Keys and papers from hand to hand (Rule W24)."""

from chassis import Invalid, Refused, Work, colleagues, staff_roles
from contracts.roles import DRIVER, SERVICE_MANAGER
from contracts.workshop import custody
from contracts.workshop.custody import HandOverThings, Thing
from services.workshop.leg.trip import LEAVES
from services.workshop.order.custody import FOLDER, HANDS, IN_THE_HOUSE, describe, holders, log_of, write
from services.workshop.order.work_order import WorkOrder


def hand_over(work: Work, command: HandOverThings) -> custody.Custody:
    """Whoever has them gives them to a colleague of the dealer, or what is the customer's back to the customer.

    What the customer had back while the car is here, and leaves again, is received by the colleague named.
    Who only drives for the dealer says so of what they have themselves.
    """
    # Locked but not changed: whoever edits the order meanwhile is not disturbed by a key that changes hands.
    order = work.lock_root(WorkOrder, command.work_order_id)
    if command.given_to is not None and staff_roles(work, "given_to", command.given_to).isdisjoint(HANDS):
        raise Invalid.field("given_to", "does_not_keep_keys")
    log = log_of(work, order)
    held = holders(log)
    is_manager = command.given_to is None and work.actor in colleagues(work, role=SERVICE_MANAGER)
    drives = work.actor in colleagues(work, role=DRIVER) and work.actor not in colleagues(work, role=IN_THE_HOUSE)
    moves: list[tuple[Thing, str | None, str | None]] = []
    for index, thing in enumerate(command.things):
        holder = held.get(thing)
        if thing in command.things[:index]:
            raise Invalid.field(f"things.{index}", "named_twice")
        if thing == FOLDER and command.given_to is None:
            raise Invalid.field(f"things.{index}", "stays_with_the_house")
        if holder is None and (command.given_to is None or drives or thing not in held or order.status in LEAVES):
            raise Refused("not_in_custody", kind=thing)
        if holder == command.given_to:
            raise Refused("holds_it_already", kind=thing, name=holder)
        if drives and holder != work.actor:
            raise Refused("held_by_another", kind=thing, name=holder)
        if command.given_to is None and holder != work.actor:
            if not is_manager:
                raise Refused("held_by_another", kind=thing, name=holder)
            if command.reason is None:
                raise Invalid.field("reason", "required")
        moves.append((thing, holder, command.given_to))
    write(work, order, len(log), moves, reason=command.reason)
    return describe(order, log_of(work, order))
