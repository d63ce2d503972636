"""Hand-over and return (Rule B9, docs/domain.md): a sheet is recorded, shown, and signed; with that the car is out, or back."""

from sqlalchemy import select

from chassis import Refused, SignatureDocument, Work
from contracts.booking.loaner import LoanSheetKind, LoanState, RecordLoanSheet, SignLoanSheet
from contracts.workshop.damage import refuse_twice
from services.booking.loaner.lending import hold_fleet, is_free
from services.booking.loaner.loan import Loan
from services.booking.loaner.loaner_car import Loaner
from services.booking.loaner.sheet import LoanSheet
from services.booking.loaner.sheet_document import LoanSheetDocument, SheetDamage

DUE: dict[LoanSheetKind, LoanState] = {"hand_over": "booked", "return": "handed_over"}
"""Which sheet is due in which state of the loan."""


def record(work: Work, command: RecordLoanSheet) -> Loan:
    """Write down how the car is; what nobody has signed yet is replaced."""
    refuse_twice("damages", command.damages)
    loan = work.edit(Loan, command.loan_id)
    _must_be_due(loan, command.sheet)
    loan.loaner.refuse_doubtful(command.mileage, command.mileage_reason)
    document = LoanSheetDocument(
        loan_id=loan.id,
        sheet=command.sheet,
        plate=loan.loaner.plate,
        customer_name=loan.customer["name"],
        driver=command.driver,
        licence_number=command.licence_number,
        mileage=command.mileage,
        mileage_reason=command.mileage_reason,
        fuel_eighths=command.fuel_eighths,
        damages=[SheetDamage(panel=one.panel, damage=one.damage, note=one.note) for one in command.damages],
        remarks=command.remarks,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    known = loan.sheet(command.sheet)
    if known is None:
        loan.sheets.append(LoanSheet(id=LoanSheet.identity(loan.id, command.sheet), document=document))
    else:
        known.document = document
    return loan


def sign(work: Work, command: SignLoanSheet) -> Loan:
    """The customer signs what they were shown. Raises Refused for a car that is not here, or is lent to somebody else by now."""
    hold_fleet(work)
    loan = work.edit(Loan, command.loan_id)
    _must_be_due(loan, command.sheet)
    sheet = loan.sheet(command.sheet)
    if sheet is None:
        raise Refused("sheet_missing")
    kept = sheet.document
    loaner = work.edit(Loaner, loan.loaner_id)
    loaner.read(kept.mileage, kept.mileage_reason)
    sheet.signature = SignatureDocument.sign(work, command.signature, kept, field="signature", shown=kept.fingerprint)
    if command.sheet == "return":
        out = loan.sheet("hand_over")
        assert out is not None, "it went out with one"
        loan.come_back(out, sheet, at=work.now)
        return loan
    _must_be_here(work, loan)
    loan.hand_over(sheet, at=work.now)
    work.flush(unique="loan_out_key", otherwise=Refused("loaner_out", plate=loaner.plate))
    return loan


def _must_be_due(loan: Loan, kind: LoanSheetKind) -> None:
    if loan.state != DUE[kind]:
        raise Refused("sheet_not_due")


def _must_be_here(work: Work, loan: Loan) -> None:
    with work.without_autoflush():
        other = work.first(select(Loan).where(Loan.loaner_id == loan.loaner_id, Loan.state == "handed_over"))
    if other is not None:
        raise Refused("loaner_out", plate=loan.loaner.plate)
    if work.now < loan.begins_at and not is_free(work, loan, work.now, loan.ends_at):
        raise Refused("loaner_taken", plate=loan.loaner.plate)
