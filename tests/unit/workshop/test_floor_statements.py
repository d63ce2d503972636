"""Statements that are made once, at import, are not narrowed to a dealer by the session: they say themselves whose they are."""

from typing import Any

import pytest
from sqlalchemy import Select, Table
from sqlalchemy.sql import visitors

from services.workshop.shop_floor import board, card

STATEMENTS = {
    name: one
    for module in (board, card)
    for name, one in vars(module).items()
    if name.startswith("_") and isinstance(one, Select)
}


def test_all_of_the_floors_statements_are_looked_at() -> None:
    assert sorted(STATEMENTS) == ["_CARDS", "_HERE", "_LINES", "_LISTED_BAYS", "_OCCUPIED", "_STRETCHES", "_THESE"]


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_each_table_is_read_of_the_one_dealer_only(name: str) -> None:
    """Named in the statement, or joined with a row of that dealer by it: on SQLite there is no second wall."""
    statement: Any = STATEMENTS[name]
    told = " ".join(str(statement).split())
    tables = {one.name for one in visitors.iterate(statement) if isinstance(one, Table)}
    assert tables
    assert ":dealer" in told
    assert [table for table in tables if f"{table}.dealer_id = " not in told] == []
