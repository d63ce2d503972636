"""The cars of the fleet: added, withdrawn, put back (Rule B9, docs/domain.md)."""

from sqlalchemy import select

from chassis import Refused, Work
from contracts.booking.loaner import AddLoaner, ReinstateLoaner, WithdrawLoaner
from services.booking.loaner.lending import hold_fleet
from services.booking.loaner.loan import LIVE, Loan
from services.booking.loaner.loaner_car import Loaner


def add(work: Work, command: AddLoaner) -> Loaner:
    """A new car. Raises Refused if the fleet has one with that plate."""
    loaner = Loaner.add(command)
    work.add(loaner)
    work.flush(unique="plate_key", otherwise=Refused("loaner_plate_exists", field="plate", plate=loaner.plate))
    return loaner


def withdraw(work: Work, command: WithdrawLoaner) -> Loaner:
    """The car leaves the fleet. Raises Refused if somebody has it or is to get it."""
    hold_fleet(work)
    loaner = work.edit(Loaner, command.loaner_id)
    loaner.withdraw(command.reason)
    with work.without_autoflush():
        first = work.first(select(Loan).where(Loan.loaner_id == loaner.id, Loan.state.in_(LIVE)).order_by(Loan.begins_at))
    if first is not None:
        raise Refused("loaner_needed", plate=loaner.plate, starts_at=first.begins_at)
    return loaner


def reinstate(work: Work, command: ReinstateLoaner) -> Loaner:
    """It can be lent again."""
    loaner = work.edit(Loaner, command.loaner_id)
    loaner.reinstate()
    return loaner
