"""Statements made once, at import, bypass the first wall: they themselves hold each of their tables to DEALER."""

import importlib
import pkgutil

from sqlalchemy import BinaryExpression, BindParameter, Column, Select, Table
from sqlalchemy.sql import operators, visitors

import services
from chassis import DEALER
from tests.architecture.service_tables import SHARED_TABLES

SHARED = frozenset().union(*SHARED_TABLES.values())


def made_once():
    """Every SELECT that a module of a service keeps, by its name."""
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if ".migrations" in found.name:
            continue
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, Select):
                yield f"{found.name}.{name}", value


def open_tables(statement):
    """The tables that the statement reads whichever dealer's the rows are."""
    read = [one for one in visitors.iterate(statement) if isinstance(one, Select)]
    tables = {(one, table) for one in read for table in one.get_final_froms() if isinstance(table, Table)}
    held = {(one, column.table) for one in read if one.whereclause is not None for column in _held(one.whereclause)}
    return {table.name for one, table in tables - held} - SHARED


def _held(where):
    for one in visitors.iterate(where):
        match one:
            case BinaryExpression(left=Column(name="dealer_id"), right=BindParameter(key=DEALER.key), operator=operators.eq):
                yield one.left


def test_they_name_the_dealer_in_each_part():
    found = dict(made_once())
    assert any("mileage" in name for name in found), "the search finds what it is for"
    assert {name: tables for name, statement in found.items() if (tables := open_tables(statement))} == {}
