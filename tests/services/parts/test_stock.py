"""The ledger: moves never change, balances are their sum, and nothing goes out that is not there (Rule P2)."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from chassis.wire.errors import Invalid
from contracts.parts.stock import ListMoves
from services.parts.service import PartsService


@pytest.mark.parametrize("statement", ["UPDATE stock_move SET quantity_units = 1", "DELETE FROM stock_move"])
def test_a_move_is_never_changed_not_even_with_sql(scene, desk, statement):
    scene.in_stock("PAD", "4")
    with pytest.raises(IntegrityError, match="never changed"):
        desk.rows(lambda session: session.execute(text(statement)))


def test_moves_cannot_be_truncated_by_the_owner_of_the_table(migrated_database):
    engine = create_engine(migrated_database(PartsService).owner_url)
    with engine.begin() as connection, pytest.raises(IntegrityError, match="never changed"):
        connection.execute(text("TRUNCATE stock_move"))
    engine.dispose()


@pytest.mark.parametrize(("location", "allowed"), [("bin", False), ("wip", False), ("discrepancy", True), ("supplier", True)])
def test_only_what_lies_outside_may_be_owed(scene, desk, location, allowed):
    def write(session):
        session.execute(
            text(
                "INSERT INTO stock_balance (dealer_id, part_number, location, quantity_units, reserved_units, value_milli) "
                f"VALUES ('sh-pudong', 'PAD', '{location}', -1, 0, 0)"
            )
        )

    if allowed:
        desk.rows(write)
    else:
        with pytest.raises(IntegrityError, match="quantity_check"):
            desk.rows(write)


def test_a_ledger_is_asked_for_by_part_order_or_document(scene, desk):
    with pytest.raises(Invalid):
        desk.ask(ListMoves())
    scene.catalogued("PAD")
    scene.received("PAD", "1")
    receipt = scene.received("PAD", "2")
    (move,) = desk.ask(ListMoves(document_id=receipt.id)).items
    assert (move.document_id, str(move.quantity)) == (receipt.id, "2.000")
    assert desk.ask(ListMoves(document_id=receipt.id), dealer="bj-chaoyang").items == []


def test_the_ledger_is_read_page_by_page_newest_first(scene, desk):
    scene.catalogued("PAD")
    for number in range(5):
        scene.received("PAD", str(number + 1))
    first = desk.ask(ListMoves(part_number="PAD", limit=3))
    rest = desk.ask(ListMoves(part_number="PAD", limit=3, cursor=first.next_cursor))
    assert [str(one.quantity) for one in first.items + rest.items] == ["5.000", "4.000", "3.000", "2.000", "1.000"]
