"""What every table of every service must be: a dealer's, behind row-level security, with exact numbers - or on a list."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Float, MetaData, Numeric, UniqueConstraint, text

from tests.architecture.service_tables import CHASSIS_TABLES, SHARED_TABLES, ServiceTables

TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner,
           (SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE i.indrelid = c.oid AND i.indisprimary
           ) AS primary_key
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
"""
POLICIES = """
    SELECT tablename, permissive, roles::text[] AS roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'
"""
UNIQUE_INDEXES = """
    SELECT t.relname AS table, x.relname AS index, a.attname AS first
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
    WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace
"""
FOREIGN_KEYS = """
    SELECT c.conname AS name, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
           (SELECT array_agg(a.attname::text || '=' || b.attname::text)
            FROM unnest(c.conkey, c.confkey) AS k(child, parent)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.child
            JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.parent) AS pairs
    FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""
INEXACT_COLUMNS = """
    SELECT table_name || '.' || column_name || ' is ' || data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('real', 'double precision', 'numeric', 'money')
"""
POLICY = "((dealer_id)::text = ANY (string_to_array(current_setting('app.dealers'::text, true), ','::text)))"


def test_every_table_is_a_dealers_or_on_a_list(service: ServiceTables) -> None:
    """What the migrations make: a key that begins with the dealer and forced row-level security, else a name on a short list."""
    offenders = []
    with service.admin.connect() as connection:
        for table in connection.execute(text(TABLES)):
            if table.name in CHASSIS_TABLES | service.shared:
                continue
            if not table.primary_key or table.primary_key[0] != "dealer_id":
                offenders.append(f"{table.name}: its primary key is {table.primary_key} and does not begin with dealer_id")
            if not (table.enabled and table.forced):
                offenders.append(f"{table.name}: row-level security is not forced")
    assert not offenders, "\n".join(offenders)


def test_a_dealer_table_has_the_one_policy(service: ServiceTables) -> None:
    """For every role and every statement, reading and writing: a second, laxer policy would open the wall."""
    with service.admin.connect() as connection:
        found = {name: [] for name in service.dealers}
        for policy in connection.execute(text(POLICIES)):
            found.setdefault(policy.tablename, []).append(
                (policy.permissive, policy.roles, policy.cmd, policy.qual, policy.with_check)
            )
    one = [("PERMISSIVE", ["public"], "ALL", POLICY, POLICY)]
    assert {name: policies for name, policies in found.items() if policies != one} == {}


def test_the_code_maps_the_tables_that_the_migrations_make(service: ServiceTables) -> None:
    """No table, column, key or index is in one and not in the other; a list that names a table names one that exists."""
    expected = MetaData(naming_convention=service.metadata.naming_convention)
    for table in service.metadata.tables.values():
        table.to_metadata(expected)
    with service.admin.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, parents: kind != "table" or name not in CHASSIS_TABLES,
            },
        )
        assert compare_metadata(context, expected) == []
        made = set(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    assert made == CHASSIS_TABLES | service.shared | set(service.dealers)


def test_mapped_tables_are_a_dealers_or_on_a_list(service: ServiceTables) -> None:
    """The same for what the code maps, which is what SQLite gets in the embedded mode."""
    keys = {name: [column.name for column in service.metadata.tables[name].primary_key] for name in service.dealers}
    assert {name: key for name, key in keys.items() if key[0] != "dealer_id"} == {}
    assert set(SHARED_TABLES.get(service.name, ())) <= set(service.metadata.tables)
    for name in service.shared:
        assert "dealer_id" not in service.metadata.tables[name].primary_key.columns, f"{name} is a dealer's, take it off the list"


def test_every_business_key_of_a_dealer_begins_with_the_dealer(service: ServiceTables) -> None:
    """A key without the dealer would let one dealer's row forbid another's, and tell that it exists."""
    with service.admin.connect() as connection:
        offenders = [
            f"{key.table}: {key.index} begins with {key.first}"
            for key in connection.execute(text(UNIQUE_INDEXES))
            if key.table in service.dealers and key.first != "dealer_id"
        ]
    offenders += [
        f"{table.name}: {constraint.name} as mapped"
        for table in map(service.metadata.tables.__getitem__, service.dealers)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and next(iter(constraint.columns)).name != "dealer_id"
    ]
    assert not offenders, "\n".join(offenders)


def test_no_row_refers_to_another_dealers(service: ServiceTables) -> None:
    """Foreign keys between dealers' tables go through the dealer on both sides."""
    with service.admin.connect() as connection:
        offenders = [
            f"{key.child}: {key.name} refers to {key.parent} by {key.pairs}"
            for key in connection.execute(text(FOREIGN_KEYS))
            if key.child in service.dealers and key.parent in service.dealers and "dealer_id=dealer_id" not in key.pairs
        ]
    assert not offenders, "\n".join(offenders)


def test_no_column_holds_inexact_numbers(service: ServiceTables) -> None:
    """Money, quantities and hours are whole numbers of their smallest unit: floats round, and SQLite makes floats of decimals."""
    with service.admin.connect() as connection:
        offenders = list(connection.scalars(text(INEXACT_COLUMNS)))
    offenders += [
        f"{column} is mapped as {column.type}"
        for table in service.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Float | Numeric)
    ]
    assert not offenders, "\n".join(offenders)


def test_the_runtime_role_owns_nothing(service: ServiceTables) -> None:
    """Row-level security can be switched off by a table's owner."""
    with service.admin.connect() as connection:
        owners = {table.owner for table in connection.execute(text(TABLES))}
    assert len(owners) == 1
    assert owners.pop().endswith("_owner")
