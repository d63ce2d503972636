"""The numbers of the queue tickets (排队号): counted by the dealer's local day, none twice. Gaps mean nothing."""

from datetime import date

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Refused, Work
from services.workshop.lane.lane_car import LaneCar
from services.workshop.model import Base


class LaneTickets(DealerOwned, Base):
    """How far the dealer has counted on one day."""

    __tablename__ = "lane_tickets"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int]


def take_ticket(work: Work, car: LaneCar) -> None:
    """Give it the next number of the day; who asks at the same time gets another one. Raises Refused if it has one."""
    if car.ticket is not None:
        raise Refused("has_ticket", ticket=car.ticket)
    day = work.profile.local(work.now).date()
    tickets = work.lock_or_create(LaneTickets, {"day": day}, last=0)
    tickets.last += 1
    car.take_ticket(day, tickets.last)
