"""What the tests of the loaner fleet do at the desk and at the car."""

from chassis.wire.ids import new_id
from contracts.booking import loaner
from contracts.booking.appointment import AmendAppointment, GetAppointment
from contracts.signing import Signing

STROKES = "10,20 200,60 300,30"


def add(desk, plate="沪A00001", mileage=1_000, **more):
    return desk.do(loaner.AddLoaner(**{"plate": plate, "make": "BYD", "model": "Qin", "mileage": mileage, **more}))


def lend(desk, front, begins_at, ends_at, **more):
    return desk.do(
        loaner.LendLoaner(customer_id=front.customer.customer_id, begins_at=begins_at, ends_at=ends_at, **more), key=new_id()
    )


def record(desk, loan, sheet="hand_over", mileage=1_000, **more):
    facts = {"driver": "Li Lei", "licence_number": "310101", "mileage": mileage, "fuel_eighths": 8, **more}
    return desk.do(loaner.RecordLoanSheet(loan_id=loan.id, sheet=sheet, **facts))


def sign(desk, loan, sheet="hand_over", shown=None):
    now = desk.ask(loaner.GetLoan(loan_id=loan.id))
    kept = now.hand_over if sheet == "hand_over" else now.return_sheet
    signing = Signing(
        means="drawn", name="Li Lei", strokes=STROKES, document_hash=shown or (kept and kept.document_hash) or "0" * 64
    )
    return desk.do(loaner.SignLoanSheet(loan_id=loan.id, sheet=sheet, signature=signing), key=new_id())


def hand_over(desk, loan, **more):
    record(desk, loan, **more)
    return sign(desk, loan)


def loan_of(desk, appointment):
    now = desk.ask(GetAppointment(appointment_id=appointment.id))
    return None if now.loan_id is None else desk.ask(loaner.GetLoan(loan_id=now.loan_id))


def amend(desk, appointment, **wanted):
    return desk.do(AmendAppointment(appointment_id=appointment.id, **wanted), if_match=appointment.version)
