"""The loaner fleet (代步车, Rule B9): the dealer's cars, who has which of them when, and how they went out and came back."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import CustomerFacts, Listing, Login, Name, Page, Plate, Reason, Vin
from contracts.signing import Signature, Signing
from contracts.workshop.damage import Damage

LoanState = Literal["booked", "handed_over", "returned", "cancelled"]
"""已预订, 已借出, 已归还, 已取消."""

LoanSheetKind = Literal["hand_over", "return"]
"""交车单, 还车单: what the customer signs when a loaner goes out, and when it comes back."""

Mileage = Annotated[int, whole(0, 9_999_999)]


class LoanerCar(Part):
    """A car of the fleet, as a loan names it."""

    loaner_id: Id
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]


class LoanSheet(Part):
    """A sheet of a loan: how the car was, and who drives it. It may be corrected until it is signed, and never afterwards."""

    sheet: LoanSheetKind
    driver: Name
    licence_number: Annotated[str, text(40)]
    mileage: Annotated[int, whole(0)]
    mileage_reason: Reason | None = None
    fuel_eighths: Annotated[int, whole(0, 8)]
    damages: list[Damage]
    remarks: Annotated[str | None, text(1000)] = None
    recorded_by: Login
    recorded_at: datetime
    document_hash: DocumentHash
    signature: Signature | None = None


class Loan(Answer):
    """A car of the fleet for a customer, from `begins_at` to `ends_at`; no car is lent twice for one time.

    `new_damages` is what the return sheet has and the hand-over sheet had not. `known_mileage` is what the car showed last.
    `moves_with_appointment`: an appointment waits for it, and decides on its times.
    """

    id: Id
    version: int
    state: LoanState
    car: LoanerCar
    customer: CustomerFacts
    begins_at: datetime
    ends_at: datetime
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    moves_with_appointment: bool = False
    known_mileage: Annotated[int, whole(0)]
    hand_over: LoanSheet | None = None
    return_sheet: LoanSheet | None = None
    returned_at: datetime | None = None
    driven: Annotated[int | None, whole(0)] = None
    new_damages: list[Damage]
    cancelled_because: Reason | None = None


class Loans(Answer, Page):
    """A page of loans, the newest first."""

    items: list[Loan]


class PlannedLoan(Part):
    """A loan as the fleet shows it: whose the car is, or will be."""

    loan_id: Id
    state: LoanState
    customer_name: Name
    phone: Annotated[str, text(30)]
    begins_at: datetime
    ends_at: datetime


class Loaner(Answer):
    """A car of the fleet. `out` is who has it now, `next` who gets it next; a withdrawn car is lent to nobody."""

    id: Id
    version: int
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    vin: Vin | None = None
    mileage: Annotated[int, whole(0)]
    withdrawn_because: Reason | None = None
    out: PlannedLoan | None = None
    next: PlannedLoan | None = None


class Loaners(Answer, Page):
    """A page of the fleet, by plate."""

    items: list[Loaner]


class AddLoaner(Command, service="booking", answer=Loaner):
    """Add a car to the loaner fleet.

    It can be lent from now on.
    """

    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    vin: Vin | None = None
    mileage: Mileage


class WithdrawLoaner(Command, service="booking", answer=Loaner):
    """Withdraw a car from the fleet.

    It is lent to nobody: sold, damaged, in repair. A car that is booked or out is withdrawn only when it is back and its loans
    have another car.
    """

    loaner_id: Id
    reason: Reason


class ReinstateLoaner(Command, service="booking", answer=Loaner):
    """Put a withdrawn car back into the fleet.

    It can be lent again.
    """

    loaner_id: Id


class ListLoaners(Query, Listing, service="booking", answer=Loaners):
    """The loaner fleet.

    Each car with who has it now and who gets it next.
    """


class LendLoaner(Command, service="booking", answer=Loan):
    """Book a loaner.

    A car of the fleet for a customer and a time: the one named, or the free one with the lowest mileage. A loaner asked for at
    booking (`loaner` of an appointment) is booked with it; this is for everybody else. From now on if no beginning is given; for
    92 days at most. Its order, if it has one, is this customer's, and neither void nor closed.
    """

    customer_id: Id
    begins_at: datetime | None = None
    ends_at: datetime
    loaner_id: Id | None = None
    work_order_id: Id | None = None


class MoveLoan(Command, service="booking", answer=Loan):
    """Move or extend a loan.

    Another time or another car while it is booked; of a car that is out, when it comes back. What is not given stays.
    One that an appointment waits for keeps its times and moves with that (`loan_of_appointment`).
    """

    loan_id: Id
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    loaner_id: Id | None = None


class CancelLoan(Command, service="booking", answer=Loan):
    """Cancel a loan.

    Of a car that has not gone out; it is free for others. That of an appointment is given up there: amend what it wants.
    """

    loan_id: Id
    reason: Reason


class RecordLoanSheet(Command, service="booking", answer=Loan):
    """Record a hand-over or return sheet.

    The driver with the number of the licence, mileage, fuel and damage, as the car goes out, or comes back. Recorded again, it
    replaces what nobody has signed yet. A mileage below the car's last one, or far beyond it, needs a reason: a slip is put right
    with the next sheet.
    """

    loan_id: Id
    sheet: LoanSheetKind
    driver: Name
    licence_number: Annotated[str, text(40)]
    mileage: Mileage
    mileage_reason: Reason | None = None
    fuel_eighths: Annotated[int, whole(0, 8)]
    damages: list[Damage] = field(default_factory=list, metadata={"validate": validate.Length(max=100)})
    remarks: Annotated[str | None, text(1000)] = None


class SignLoanSheet(Command, service="booking", answer=Loan):
    """Sign a hand-over or return sheet.

    The customer signs the sheet as it was shown; with that the car is out, or back. A car is out with one customer at a time.
    """

    loan_id: Id
    sheet: LoanSheetKind
    signature: Signing


class GetLoan(Query, service="booking", answer=Loan):
    """A loan.

    With its sheets and signatures.
    """

    loan_id: Id


class ListLoans(Query, Listing, service="booking", answer=Loans):
    """Loans.

    Those of a state, or of a car, if one is given.
    """

    state: LoanState | None = None
    loaner_id: Id | None = None
