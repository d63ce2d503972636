"""The fleet and its loans, as they are asked for (Rule B9)."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from chassis import Work, matching, page
from contracts.booking.loaner import GetLoan, ListLoaners, ListLoans, Loaners, Loans
from services.booking.loaner.loan import LIVE, Loan
from services.booking.loaner.loaner_car import Loaner


def list_loaners(work: Work, query: ListLoaners) -> Loaners:
    """By two statements: the cars, and those of their loans that are out or to come."""
    cars, cursor = page(work, select(Loaner), query, keys=[Loaner.plate_key, Loaner.id], ascending=True)
    loans: dict[str, list[Loan]] = defaultdict(list)
    if cars:
        live = select(Loan).where(Loan.loaner_id.in_([one.id for one in cars]), Loan.state.in_(LIVE))
        for loan in work.all(live.order_by(Loan.begins_at, Loan.id).options(lazyload(Loan.sheets))):
            loans[loan.loaner_id].append(loan)
    items = []
    for car in cars:
        out = next((one for one in loans[car.id] if one.state == "handed_over"), None)
        then = next((one for one in loans[car.id] if one.state == "booked"), None)
        items.append(car.shown(None if out is None else out.planned(), None if then is None else then.planned()))
    return Loaners(items=items, next_cursor=cursor)


def get_loan(work: Work, query: GetLoan) -> Loan:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Loan, query.loan_id)


def list_loans(work: Work, query: ListLoans) -> Loans:
    """The newest first."""
    found = select(Loan).where(*matching((Loan.state, query.state), (Loan.loaner_id, query.loaner_id)))
    rows, cursor = page(work, found, query, keys=[Loan.id])
    return Loans(items=[row.describe() for row in rows], next_cursor=cursor)
