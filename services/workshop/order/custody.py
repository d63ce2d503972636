"""Who has keys and papers of a car that is here: a log of hand-overs, of which nothing is ever changed (Rule W24)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Work, belongs_to, derived_id
from contracts.roles import DRIVER, QUALITY_INSPECTOR, SERVICE_ADVISOR, SERVICE_MANAGER, TEAM_LEADER, TECHNICIAN, WORKSHOP_MANAGER
from contracts.workshop import custody
from contracts.workshop.custody import Thing
from services.workshop.model import Base, never_changed
from services.workshop.order.work_order import WorkOrder


@never_changed
class CustodyHandOver(Entity, Base):
    """One thing went from one hand to another; no name is the customer's. Its id follows from order and number."""

    __tablename__ = "custody_hand_over"
    __table_args__ = (belongs_to("work_order", "work_order_id"), Index(None, "dealer_id", "work_order_id"))

    work_order_id: Mapped[str] = mapped_column(IdType)
    number: Mapped[int]
    thing: Mapped[Thing] = mapped_column(String(20))
    given_by: Mapped[str | None] = mapped_column(String(64))
    given_to: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))


IN_THE_HOUSE = (SERVICE_ADVISOR, SERVICE_MANAGER, WORKSHOP_MANAGER, TEAM_LEADER, TECHNICIAN, QUALITY_INSPECTOR)
HANDS = (*IN_THE_HOUSE, DRIVER)
"""Through whose hands keys and papers go."""
FOLDER: Thing = "folder"


def receive(work: Work, order: WorkOrder, things: Sequence[Thing], *, by: str | None = None, at: datetime | None = None) -> None:
    """The customer leaves them with whoever took the car over, here or - `by`, `at` - where it was fetched.

    The folder is made up here, by the order's advisor or who walked around the car. What is here already stays where it is.
    """
    log = log_of(work, order)
    held, holder = holders(log), by or work.actor
    moves = [(thing, None, holder) for thing in things if held.get(thing) is None]
    write(work, order, len(log), moves, at=at)
    if held.get(FOLDER) is None:
        write(work, order, len(log) + len(moves), [(FOLDER, None, work.actor if by is None else order.advisor)])


def pass_on(work: Work, order: WorkOrder, to: str) -> None:
    """Whatever of the customer's is here, or was until they signed for the work, goes with the driver who brings the car back.

    What they had asked back before stays with them.
    """
    log = log_of(work, order)
    last = {one.thing: one for one in log if one.thing != FOLDER}
    here = [one for one in last.values() if one.given_to is not None or one.at == order.delivered_at]
    write(work, order, len(log), [(one.thing, one.given_to, to) for one in here if one.given_to != to])


def withdraw(work: Work, order: WorkOrder, things: Sequence[Thing], *, reason: str | None) -> None:
    """They were never received after all, as the customer has signed: whoever is said to have them has nothing."""
    log = log_of(work, order)
    held = holders(log)
    write(work, order, len(log), [(thing, held[thing], None) for thing in things if held.get(thing)], reason=reason)


def give_back(work: Work, order: WorkOrder, things: Sequence[Thing] | None = None, *, reason: str | None = None) -> None:
    """The customer has the car again, and with it whatever of theirs is still here - or of that only these things.

    The folder stays with the house.
    """
    here = of_customer(work, order).items()
    log = log_of(work, order)
    back = [(thing, holder, None) for thing, holder in here if things is None or thing in things]
    write(work, order, len(log), back, reason=reason)


def keep_after_all(work: Work, order: WorkOrder, given_back_at: datetime, *, reason: str) -> None:
    """The delivery gave nothing back: it was none. Whoever had a thing has it again, unless it has gone to somebody since."""
    log = log_of(work, order)
    held = holders(log)
    given = [one for one in log if one.given_to is None and one.at == given_back_at]
    moves = [(one.thing, None, one.given_by) for one in given if held[one.thing] is None]
    write(work, order, len(log), moves, reason=reason)


def of_customer(work: Work, order: WorkOrder) -> dict[Thing, str]:
    """What of the customer's is here, and who has it."""
    held = holders(log_of(work, order))
    return {thing: holder for thing, holder in held.items() if holder is not None and thing != FOLDER}


def log_of(work: Work, order: WorkOrder) -> Sequence[CustodyHandOver]:
    """Every hand-over of the order."""
    of_order = select(CustodyHandOver).where(CustodyHandOver.work_order_id == order.id)
    return work.all(of_order.order_by(CustodyHandOver.number))


def holders(log: Iterable[CustodyHandOver]) -> dict[Thing, str | None]:
    """Who has each thing now; nobody of ours once it is with the customer again."""
    return {one.thing: one.given_to for one in log}


def write(
    work: Work,
    order: WorkOrder,
    before: int,
    moves: Iterable[tuple[Thing, str | None, str | None]],
    *,
    at: datetime | None = None,
    reason: str | None = None,
) -> None:
    """Add these to the log, numbered behind the others."""
    for number, (thing, given_by, given_to) in enumerate(moves, before + 1):
        work.add(
            CustodyHandOver(
                id=derived_id("custody", order.id, number),
                work_order_id=order.id,
                number=number,
                thing=thing,
                given_by=given_by,
                given_to=given_to,
                at=at or work.now,
                recorded_by=work.actor,
                reason=reason,
            )
        )


def describe(order: WorkOrder, log: Sequence[CustodyHandOver]) -> custody.Custody:
    """The log as it is answered."""
    return custody.Custody(
        work_order_id=order.id,
        held=[custody.Held(thing=thing, holder=holder) for thing, holder in holders(log).items()],
        hand_overs=[
            custody.HandOver(
                number=one.number,
                thing=one.thing,
                given_by=one.given_by,
                given_to=one.given_to,
                at=one.at,
                recorded_by=one.recorded_by,
                reason=one.reason,
            )
            for one in log
        ],
    )
