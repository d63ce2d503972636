"""Lending cars of the fleet (Rule B9, docs/domain.md): which are free, and who gets one. None is lent twice for one time.

Whoever chooses a car holds the fleet meanwhile, so that of several who ask at once each is given another one. That two loans of
a car never overlap does not depend on that: the database refuses it.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from chassis import Invalid, Refused, Work, new_id
from chassis.wire.ahead import YEAR, require_ahead
from contracts.booking.loaner import CancelLoan, LendLoaner, MoveLoan
from services.booking.loaner.loan import LIVE, LONGEST, Loan
from services.booking.loaner.loaner_car import Loaner
from services.booking.projections.customer import known_customer
from services.booking.projections.order import require_order_of_customer

UNSURE = timedelta(days=1)
"""A car that is overdue is promised to nobody for so long: who knows when it is back."""


def lend(work: Work, command: LendLoaner) -> Loan:
    """Keep a car for a customer who has no appointment that asks for one."""
    hold_fleet(work)
    begins_at = command.begins_at or work.now
    _check(work, begins_at, command.ends_at)
    customer = known_customer(work, command.customer_id)
    if command.work_order_id is not None:
        require_order_of_customer(work, command.work_order_id, command.customer_id)
    loaner = choose(work, begins_at, command.ends_at, wanted=command.loaner_id)
    loan = Loan.book(loaner, customer, begins_at, command.ends_at, visit_id=new_id(), work_order_id=command.work_order_id)
    return add(work, loan)


def move(work: Work, command: MoveLoan) -> Loan:
    """Another time or another car, or a later return; the same car if it is free.

    Raises Refused for the times of one that an appointment waits for: it covers that, and moves with it.
    """
    hold_fleet(work)
    loan = work.edit(Loan, command.loan_id)
    begins_at, ends_at = command.begins_at or loan.begins_at, command.ends_at or loan.ends_at
    if loan.moves_with_appointment and (begins_at, ends_at) != (loan.begins_at, loan.ends_at):
        raise Refused("loan_of_appointment")
    if (begins_at, ends_at, command.loaner_id or loan.loaner_id) == (loan.begins_at, loan.ends_at, loan.loaner_id):
        raise Invalid.field("ends_at", "must_be_another_time")
    _check(work, begins_at, ends_at, begun=begins_at == loan.begins_at)
    loan.move(_choose_wanted(work, command.loaner_id or loan.loaner_id, begins_at, ends_at, but=loan), begins_at, ends_at)
    _write(work, loan)
    return loan


def cancel(work: Work, command: CancelLoan) -> Loan:
    """The car is free for others. Raises Refused for that of an appointment: who needs no loaner any more amends that."""
    hold_fleet(work)
    loan = work.edit(Loan, command.loan_id)
    if loan.appointment_id is not None:
        raise Refused("loan_of_appointment")
    loan.cancel(command.reason)
    return loan


def hold_fleet(work: Work) -> None:
    """Nobody else chooses a car of the dealer's fleet until this transaction ends."""
    work.advisory_lock("booking.loaners")


def add(work: Work, loan: Loan) -> Loan:
    """A new loan, written now: the database has the last word on whether its car is free."""
    work.add(loan)
    _write(work, loan)
    return loan


def take(work: Work, loan: Loan, begins_at: datetime, ends_at: datetime) -> None:
    """Move a booked loan to another time: its car if that is free then, else any that is. The caller holds the fleet."""
    loaner = find_free(work, begins_at, ends_at, but=loan, wanted=loan.loaner_id) or find_free(work, begins_at, ends_at, but=loan)
    if loaner is None:
        raise Refused("no_loaner_free", field="loaner")
    work.change(loan)
    loan.move(loaner, begins_at, ends_at)
    _write(work, loan)


def choose(work: Work, begins_at: datetime, ends_at: datetime, *, wanted: str | None = None) -> Loaner:
    """The car that is asked for, or the free one with the lowest mileage: so they age together. The caller holds the fleet.

    Raises Refused if that one, or every car, is lent then or withdrawn.
    """
    if wanted is not None:
        return _choose_wanted(work, wanted, begins_at, ends_at)
    found = find_free(work, begins_at, ends_at)
    if found is None:
        raise Refused("no_loaner_free", field="loaner")
    return found


def is_free(work: Work, loan: Loan, begins_at: datetime, ends_at: datetime) -> bool:
    """Whether the loan's car is nobody else's then. The caller holds the fleet."""
    return find_free(work, begins_at, ends_at, but=loan, wanted=loan.loaner_id) is not None


def find_free(
    work: Work,
    begins_at: datetime,
    ends_at: datetime,
    *,
    but: Loan | None = None,
    wanted: str | None = None,
) -> Loaner | None:
    """The car that is nobody's then: the wanted one, or the one with the lowest mileage. The caller holds the fleet."""
    in_the_way = Loan.ends_at > begins_at
    keeps_its_car = but is not None and wanted == but.loaner_id and but.begins_at <= begins_at
    if begins_at < work.now + UNSURE and not keeps_its_car:
        in_the_way = or_(in_the_way, _is_overdue(work))
    taken = select(Loan.loaner_id).where(Loan.state.in_(LIVE), Loan.begins_at < ends_at, in_the_way)
    if but is not None:
        taken = taken.where(Loan.id != but.id)
    found = select(Loaner).where(Loaner.withdrawn_because.is_(None), Loaner.id.not_in(taken))
    if wanted is not None:
        found = found.where(Loaner.id == wanted)
    with work.without_autoflush():
        return work.first(found.order_by(Loaner.mileage, Loaner.id))


def _choose_wanted(work: Work, wanted: str, begins_at: datetime, ends_at: datetime, *, but: Loan | None = None) -> Loaner:
    loaner = work.get(Loaner, wanted)
    loaner.require_in_service()
    if find_free(work, begins_at, ends_at, but=but, wanted=wanted) is None:
        raise _in_the_way(work, loaner, begins_at, ends_at, but)
    return loaner


def _is_overdue(work: Work) -> ColumnElement[bool]:
    return and_(Loan.state == "handed_over", Loan.ends_at <= work.now)


def _in_the_way(work: Work, loaner: Loaner, begins_at: datetime, ends_at: datetime, but: Loan | None) -> Refused:
    """Another loan of that time, if there is one; else only an earlier one whose car is not back yet is left."""
    other = select(Loan.id).where(Loan.loaner_id == loaner.id, Loan.state.in_(LIVE))
    other = other.where(Loan.begins_at < ends_at, Loan.ends_at > begins_at)
    if but is not None:
        other = other.where(Loan.id != but.id)
    with work.without_autoflush():
        if work.first(other) is None:
            return Refused("loaner_out", field="loaner_id", plate=loaner.plate)
    return Refused("loaner_taken", field="loaner_id", plate=loaner.plate)


def _check(work: Work, begins_at: datetime, ends_at: datetime, *, begun: bool = False) -> None:
    if begins_at != work.now and not begun:
        require_ahead("begins_at", begins_at, work.now, days=YEAR)
    require_ahead("ends_at", ends_at, work.now, days=2 * YEAR)
    if ends_at <= begins_at:
        raise Invalid.field("ends_at", "must_be_after", field="begins_at")
    if ends_at > begins_at + LONGEST:
        raise Invalid.field("ends_at", "longer_than_days", days=LONGEST.days)


def _write(work: Work, loan: Loan) -> None:
    work.flush(unique="loan_never_twice", otherwise=Refused("loaner_taken", field="loaner_id", plate=loan.loaner.plate))
