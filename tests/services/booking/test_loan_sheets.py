"""Rule B9: a loaner goes out and comes back by a signed sheet, with one customer at a time, while it is in the fleet."""

import pytest
from sqlalchemy import select

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from contracts.booking import events, loaner
from contracts.workshop.damage import Damage
from services.booking.loaner.sheet import LoanSheet as SheetRow
from tests.services.booking.loans import add, hand_over, lend, record, sign


def test_hand_over_and_return_are_signed_as_they_were_shown_and_never_change(desk, front, wall):
    """Driver and licence, mileage, fuel, damage; what is new on the return says so, and the car's mileage goes on."""
    car = add(desk)
    loan = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T18:00"))
    desk.clock.set(wall("2026-03-09T09:05"))
    with pytest.raises(Refused, match="sheet_missing"):
        sign(desk, loan)
    with pytest.raises(Refused, match="sheet_not_due"):
        record(desk, loan, "return")
    with pytest.raises(Refused, match="loaner_mileage_went_back"):
        record(desk, loan, mileage=999)
    scratch = Damage(panel="bonnet", damage="scratch")
    shown = record(desk, loan, mileage=1_001).hand_over
    record(desk, loan, mileage=1_002, damages=[scratch])
    with pytest.raises(PreconditionFailed, match="document_changed"):
        sign(desk, loan, shown=shown.document_hash)
    out = sign(desk, loan)
    assert (out.state, out.known_mileage, out.hand_over.driver, out.hand_over.licence_number) == (
        "handed_over",
        1_002,
        "Li Lei",
        "310101",
    )
    assert (out.hand_over.signature.name, out.hand_over.signature.verified) == ("Li Lei", True)
    with pytest.raises(Refused, match="sheet_not_due"):
        record(desk, loan, mileage=1_003)
    with pytest.raises(Refused, match="loan_is_out"):
        desk.do(loaner.CancelLoan(loan_id=loan.id, reason="no"))
    dent = Damage(panel="left_front_door", damage="dent", note="5 cm")
    record(desk, loan, "return", mileage=1_050, fuel_eighths=3, damages=[scratch, dent])
    desk.pass_time(hours=2)
    back = sign(desk, loan, "return")
    assert (back.state, back.driven, back.new_damages, back.returned_at) == ("returned", 48, [dent], desk.clock.now())
    [told] = desk.announced(events.LoanerReturned)
    assert (told.mileage, told.driven, told.new_damage_count, told.signed_by) == (1_050, 48, 1, "Li Lei")
    assert desk.ask(loaner.ListLoaners()).items[0].mileage == 1_050

    def forge(session):
        sheet = session.scalars(select(SheetRow)).first()
        sheet.document = type(sheet.document).load({**sheet.document.dump(), "mileage": 7})
        session.flush()

    with pytest.raises(PermissionError, match="never changed"):
        desk.rows(forge)
    assert lend(desk, front, None, wall("2026-03-09T18:00"), loaner_id=car.id).state == "booked", "it is free again at once"


def test_a_slip_in_a_loaners_odometer_is_put_right_with_a_reason(desk, front, wall):
    """Signed at the hand-over, found at the return: the sheet says why it reads less; nobody knows how far it was driven."""
    add(desk, mileage=12_000)
    desk.clock.set(wall("2026-03-09T09:00"))
    out = hand_over(desk, lend(desk, front, None, wall("2026-03-09T12:00")), mileage=22_500)
    with pytest.raises(Refused, match="loaner_mileage_went_back"):
        record(desk, out, "return", mileage=12_150)
    why = "mistyped at the hand-over"
    shown = record(desk, out, "return", mileage=12_150, mileage_reason=why)
    assert (shown.return_sheet.mileage_reason, shown.known_mileage, shown.driven) == (why, 22_500, None)
    back = sign(desk, out, "return")
    assert (back.state, back.known_mileage, back.driven) == ("returned", 12_150, None)
    [told] = desk.announced(events.LoanerReturned)
    assert (told.mileage, told.mileage_reason, told.driven) == (12_150, why, 0)
    assert desk.ask(loaner.ListLoaners()).items[0].mileage == 12_150
    again = hand_over(desk, lend(desk, front, None, wall("2026-03-09T12:00")), mileage=12_100, mileage_reason="misread")
    assert again.known_mileage == 12_100, "what was read too high at a return is put right as it goes out"
    [_, told] = desk.announced(events.LoanerHandedOver)
    assert told.mileage_reason == "misread"


def test_a_sheet_names_no_damage_twice(desk, front, wall):
    """As a walk-around does not: of one panel another kind is another damage."""
    add(desk)
    loan = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T18:00"))
    scratch, dent = Damage(panel="bonnet", damage="scratch"), Damage(panel="bonnet", damage="dent")
    with pytest.raises(Invalid) as refused:
        record(desk, loan, damages=[scratch, dent, Damage(panel="bonnet", damage="scratch", note="left")])
    assert refused.value.details["errors"] == {"damages.2": ["named_twice"]}
    assert len(record(desk, loan, damages=[scratch, dent]).hand_over.damages) == 2


def test_a_car_that_is_still_out_goes_to_nobody(desk, front, wall):
    """Not booked from now on, not handed over; and nobody gets it before their time while it is another's."""
    add(desk)
    late = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"))
    after = lend(desk, front, wall("2026-03-09T13:00"), wall("2026-03-09T18:00"))
    record(desk, after)
    desk.clock.set(wall("2026-03-09T10:00"))
    with pytest.raises(Refused, match="loaner_taken"):
        sign(desk, after)
    hand_over(desk, late)
    with pytest.raises(Refused, match="loan_is_out"):
        desk.do(loaner.MoveLoan(loan_id=late.id, begins_at=wall("2026-03-09T11:00")))
    with pytest.raises(Refused, match="loaner_taken"):
        desk.do(loaner.MoveLoan(loan_id=late.id, ends_at=wall("2026-03-09T13:30")))
    desk.clock.set(wall("2026-03-09T12:30"))
    with pytest.raises(Refused, match="no_loaner_free"):
        lend(desk, front, None, wall("2026-03-09T13:00"))
    desk.clock.set(wall("2026-03-09T13:05"))
    with pytest.raises(Refused, match="loaner_out"):
        sign(desk, after)
    desk.clock.set(wall("2026-03-09T18:05"))
    record(desk, late, "return", mileage=1_100)
    sign(desk, late, "return")
    with pytest.raises(Refused, match="loaner_mileage_went_back"):
        sign(desk, after)
    record(desk, after, mileage=1_100)
    with pytest.raises(Refused, match="loan_is_over"):
        sign(desk, after)


def test_a_car_leaves_the_fleet_only_when_nobody_needs_it(desk, front, wall):
    car = add(desk)
    with pytest.raises(Refused, match="loaner_plate_exists"):
        add(desk, "沪A 00001")
    loan = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"))
    sold = loaner.WithdrawLoaner(loaner_id=car.id, reason="sold")
    with pytest.raises(Refused, match="loaner_needed"):
        desk.do(sold)
    other = add(desk, "沪A00002")
    assert desk.do(loaner.MoveLoan(loan_id=loan.id, loaner_id=other.id)).car.plate == "沪A00002"
    assert desk.do(sold).withdrawn_because == "sold"
    with pytest.raises(Refused, match="loaner_withdrawn"):
        lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"), loaner_id=car.id)
    with pytest.raises(Refused, match="no_loaner_free"):
        lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"))
    assert desk.do(loaner.ReinstateLoaner(loaner_id=car.id)).withdrawn_because is None
    with pytest.raises(Refused, match="loaner_in_service"):
        desk.do(loaner.ReinstateLoaner(loaner_id=car.id))
    assert lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00")).car.plate == "沪A00001"


def test_times_are_to_come_in_order_and_of_this_dealer(desk, front, wall):
    add(desk)
    for begins, ends, field, rule in (
        ("2026-03-01T09:00", "2026-03-09T12:00", "begins_at", "must_be_future"),
        ("2099-03-09T09:00", "2099-03-09T12:00", "begins_at", "too_far_ahead"),
        ("2026-03-09T09:00", "2099-03-09T12:00", "ends_at", "too_far_ahead"),
        ("2026-03-09T09:00", "2026-03-09T09:00", "ends_at", "must_be_after"),
    ):
        with pytest.raises(Invalid) as wrong:
            lend(desk, front, wall(begins), wall(ends))
        assert rule in str(wrong.value.details["errors"][field])
    loan = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"))
    with pytest.raises(Invalid):
        desk.do(loaner.MoveLoan(loan_id=loan.id, ends_at=loan.ends_at))
    with pytest.raises(NotFound):
        desk.ask(loaner.GetLoan(loan_id=loan.id), dealer="bj-chaoyang")
    assert desk.ask(loaner.ListLoaners(), dealer="bj-chaoyang").items == []
