"""A stocktake's approval: by whom, up to what worth; what differs is booked once (Rule P6). And what is due to be counted."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.parts.stock import ListMoves
from contracts.parts.stocktaking import (
    ApproveStocktake,
    GetStocktakingSettings,
    ListDueCounts,
    OpenStocktake,
    SetStocktakingSettings,
)
from contracts.parts.stocktaking_events import StocktakeApproved
from services.parts.stock.move import StockMove
from services.parts.stocktaking import approving
from tests.services.parts.facts import want, yuan
from tests.services.parts.scene import installed
from tests.services.parts.stocktakes import CLERK, MANAGER, Count, lies_at, moved_to


def agreed(count, *told):
    """Two people counted the same."""
    count.counted(*told, by="sun")
    count.counted(*told, by="li")


def test_what_differs_is_booked_once_with_the_stocktake_as_its_reason(desk, scene):
    """Rule P6: adjustment moves in the ledger; what agrees moves nothing; the bins are free."""
    lies_at(scene, "PAD", "A-1", "5")
    lies_at(scene, "DISC", "A-2", "5")
    lies_at(scene, "OIL", "A-3", "5")
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "3"), ("DISC", "6"))
    count.counted(("OIL", "5"))
    one = count.approved()
    assert (one.state, one.approved_by, one.differing) == ("approved", "chen", 2)
    assert (str(one.missing.amount), str(one.found.amount)) == ("20.00", "10.00")
    moves = desk.ask(ListMoves(document_id=count.id)).items
    assert sorted(
        (move.part_number, float(move.quantity.decimal), move.from_location, move.to_location, move.reason) for move in moves
    ) == [
        ("DISC", 1, "discrepancy", "bin", "ST-2026-000001"),
        ("PAD", 2, "bin", "discrepancy", "ST-2026-000001"),
    ]
    assert [(one.state, one.differing) for one in desk.announced(StocktakeApproved)] == [("approved", 2)]
    with pytest.raises(Refused, match="stocktake_not_open"):
        count.approved()
    assert count.differences() == [("DISC", 5, 6, 1, "10.00"), ("PAD", 5, 3, -2, "-20.00")]
    for number in ("PAD", "DISC", "OIL"):
        scene.received(number, "1")
    scene.assert_the_books_agree()


def test_the_database_itself_books_a_difference_once(desk, scene):
    """Rule P6: whatever the code believes, a document corrects each part once."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "3"))
    count.approved()

    def again(session):
        table = StockMove.__table__
        row = session.execute(select(table).where(table.c.document_id == count.id)).one()._mapping
        session.execute(insert(table).values({**row, "id": new_id()}))

    with pytest.raises(IntegrityError, match="stock_move_corrected_key"):
        desk.rows(again)


def test_work_in_progress_is_not_counted_and_what_is_set_aside_is(desk, scene):
    """Rule P6: what a technician has lies in no bin; what is set aside lies there, and is short at once if it is not found."""
    lies_at(scene, "PAD", "A-1", "5")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "4"))
    scene.issue("order", "line", "1")
    scene.booked("monday", want("a", "PAD", "1"))
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "3"))
    assert count.differences() == [("PAD", 4, 3, -1, "-10.00")]
    count.approved()
    assert scene.set_aside("order")["PAD"] == (3, 1, 0)
    assert scene.set_aside(appointment="monday")["PAD"] == (0, 0, 1)
    assert ("reservation_short", "PAD", 1) in scene.tasks()
    scene.assert_the_books_agree()


def test_who_waits_gets_what_was_found(desk, scene):
    """Rule P6."""
    lies_at(scene, "PAD", "A-1", "1")
    scene.booked("monday", want("a", "PAD", "2"))
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "2"))
    count.approved()
    assert scene.set_aside(appointment="monday")["PAD"] == (2, 0, 0)
    scene.assert_the_books_agree()


def test_each_role_approves_up_to_its_limit(desk, scene):
    """Rule P6: missing and found together; 500 for the clerk (default), any for the manager; a setting of the dealer's."""
    lies_at(scene, "PAD", "A-1", "100")
    lies_at(scene, "DISC", "A-2", "100")
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "70"), ("DISC", "121"))
    with pytest.raises(Refused, match="stocktake_limit") as refused:
        count.approved(roles=CLERK)
    assert refused.value.details["total"] == {"amount": "510.00", "currency": "CNY"}
    settings = desk.ask(GetStocktakingSettings())
    assert (str(settings.clerk_limit.amount), settings.manager_limit, settings.a_days) == ("500.00", None, 90)
    limits = SetStocktakingSettings(clerk_limit=yuan("510"), manager_limit=yuan("509"))
    desk.do(limits, if_match=settings.version, roles=MANAGER)
    with pytest.raises(Refused, match="stocktake_limit"):
        count.approved(roles=MANAGER)
    with pytest.raises(Refused, match="wrong_currency"):
        desk.do(SetStocktakingSettings(clerk_limit=type(yuan("1")).of("1", "USD")), if_match=settings.version + 1)
    assert count.approved(roles=CLERK).state == "approved"


def test_who_counted_what_differs_does_not_approve_it(desk, scene):
    """Rule P6: of what agrees with the books, anybody may have counted."""
    lies_at(scene, "PAD", "A-1", "5")
    lies_at(scene, "DISC", "A-2", "5")
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "4"))
    count.counted(("DISC", "5"), by="chen")
    for who in ("sun", "li"):
        with pytest.raises(Refused, match="approver_counted"):
            count.approved(by=who)
    assert count.approved(by="chen").state == "approved"


def test_many_differences_are_booked_some_at_a_time_and_a_delivery_between_them_loses_nothing(desk, scene, monkeypatch):
    """Rules P3, P6: what is booked later is still frozen; of what a delivery took since, nothing is taken away again."""
    monkeypatch.setattr(approving, "SLICE", 1)
    for number, place in (("A1", "A-1"), ("A2", "A-2")):
        lies_at(scene, number, place, "5")
    count = Count(desk, zone="A")
    agreed(count, ("A1", "4"), ("A2", "1"))
    assert count.approved().state == "booking"
    scene.received("A1", "1")
    with pytest.raises(Refused, match="bin_frozen"):
        scene.received("A2", "1")
    scene.opened("order")
    scene.approved("order", want("line", "A2", "3"))
    scene.delivered("order", installed("line", "A2", "3"))
    desk.fire_timers()
    assert count.stands()[0] == "approved"
    assert scene.balance("A1") == {"supplier": -6, "bin": 5, "discrepancy": 1}
    assert scene.balance("A2") == {"supplier": -5, "customer": 3, "discrepancy": 2}
    assert len(desk.announced(StocktakeApproved)) == 1
    scene.assert_the_books_agree()


def test_an_approval_is_asked_for_once_under_its_key(desk, scene):
    """The same request again answers the same."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    agreed(count, ("PAD", "4"))
    first, again = (desk.do(ApproveStocktake(stocktake_id=count.id), actor="chen", roles=MANAGER, key="once") for _ in range(2))
    assert first == again
    assert scene.balance("PAD")["bin"] == 4


def sold(scene, number, quantity):
    """A customer got so much of it."""
    scene.opened(number)
    scene.approved(number, want(number, number, quantity))
    scene.delivered(number, installed(number, number, quantity))


def due(desk):
    return {one.abc_class: (one.parts, one.due) for one in desk.ask(ListDueCounts()).classes}


def test_fast_movers_are_due_often_and_slow_ones_seldom(desk, scene):
    """Rule P6, cyclic counting by ABC class: A after 90 days, B 180, C 365 (defaults); the longest not counted first."""
    for number, quantity in (("FAST", "90"), ("SOME", "10"), ("SLOW", "1"), ("DEAD", "0")):
        lies_at(scene, number, None, "100")
        if quantity != "0":
            sold(scene, number, quantity)
    assert due(desk) == {"A": (1, 1), "B": (1, 1), "C": (2, 2)}
    for abc_class, told in (("A", "FAST"), ("C", "DEAD")):
        count = Count(desk, abc_class=abc_class, most=1)
        assert [number for number, _ in count.sheet()] == [told]
        count.counted((told, "10" if told == "FAST" else "100"))
        count.approved()
    assert due(desk) == {"A": (1, 0), "B": (1, 1), "C": (2, 1)}
    with pytest.raises(Refused, match="nothing_to_count"):
        desk.do(OpenStocktake(abc_class="A"))
    desk.pass_time(days=91)
    assert due(desk)["A"] == (1, 1)
    assert due(desk)["C"] == (2, 1)
    count = Count(desk, abc_class="A")
    assert due(desk)["A"] == (1, 0)  # it is being counted
    count.cancelled()
    assert due(desk)["A"] == (1, 1)


def test_what_another_stocktake_counts_is_not_found_by_this_one(desk, scene):
    """Rule P6: the part's place was changed while its bin was frozen."""
    lies_at(scene, "PAD", "A-1", "5")
    lies_at(scene, "DISC", "B-1", "5")
    Count(desk, zone="A")
    count = Count(desk, zone="B")
    moved_to(scene, "PAD", "B-2")
    with pytest.raises(Refused, match="not_in_stocktake"):
        count.counted(("PAD", "5"))
