"""Revisions beyond the last release: each may run while that one serves (docs/upgrading.md)."""

from importlib.resources import files
from pathlib import Path

import pytest

from deploy.release import released_revisions
from servicelane.suite import SERVICES, service_class
from tests.architecture.revisions import findings

COLUMN = 'op.add_column("entry", sa.Column("kind", sa.String(10), nullable=True))'
TABLE = 'op.create_table("note", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("kind", sa.String(10)))'
INDEX = 'op.create_index("entry_kind_ix", "entry", ["kind"])'
UNIQUE = 'op.create_index("entry_kind_key", "entry", ["kind"], unique=True, postgresql_concurrently=True, if_not_exists=True)'
DROP = 'op.drop_column("entry", "kind")'
CHECK = 'add_check(op, "entry_kind_ck", "entry", "kind IS NOT NULL")'

REFUSED = {
    "renaming-column": 'op.alter_column("entry", "kind", new_column_name="sort")',
    "renaming-table": 'op.rename_table("entry", "line")',
    "ban-drop-column": DROP,
    "ban-drop-table": 'op.drop_table("entry")',
    "ban-drop-constraint": 'op.drop_constraint("entry_kind_ck", "entry")',
    "ban-drop-not-null": 'op.alter_column("entry", "kind", nullable=True)',
    "adding-required-field": 'op.add_column("entry", sa.Column("kind", sa.String(10), nullable=False))',
    "adding-not-nullable-field": 'op.alter_column("entry", "kind", nullable=False)',
    "changing-column-type": 'op.alter_column("entry", "kind", type_=sa.BigInteger())',
    "require-concurrent-index-creation": INDEX,
    "require-concurrent-index-deletion": 'op.drop_index("entry_kind_ix", "entry")',
    "constraint-missing-not-valid": 'op.create_check_constraint("entry_kind_ck", "entry", "kind IS NOT NULL")',
    "disallowed-unique-constraint": 'op.create_unique_constraint("entry_kind_key", "entry", ["kind"])',
    "adding-foreign-key-constraint": 'op.create_foreign_key("entry_kind_fk", "entry", "kind", ["kind"], ["id"])',
    "adding-field-with-default": 'op.execute("ALTER TABLE entry ADD COLUMN code uuid DEFAULT gen_random_uuid()")',
    "refuses-old-writes": CHECK,
    "trigger-on-used-table": 'forbid_changes(op, ["entry"])',
    "row-security-on-used-table": 'separate_dealers(op, ["entry"])',
    "data-in-revision": 'op.execute("UPDATE entry SET kind = 0")',
    "half-committed": f"{COLUMN}\nbuild_index(op, 'entry_kind_ix', 'entry', ['kind'])",
    "not-readable": 'op.get_bind().exec_driver_sql("SELECT 1")',
}
LATER = (
    COLUMN,
    f"{TABLE}\nop.create_index('note_ix', 'note', ['kind'], unique=True)\nseparate_dealers(op, ['note'])",
    f"{TABLE}\nforbid_changes(op, ['note'])",
    'op.add_column("entry", sa.Column("kind", sa.BigInteger(), nullable=False, server_default="0"))',
    "build_index(op, 'entry_kind_ix', 'entry', ['kind'])",
    "remove_index(op, 'entry_kind_ix', 'entry')",
    "backfill(op, 'entry', 'kind = 0', 'kind IS NULL')",
    "backfill_rows(op, 'note', 'id', 'SELECT id FROM entry WHERE id > 0')",
    "pass  # from here on nobody reads `kind`",
)


def revision(folder: Path, upgrade: str, more: str = "") -> Path:
    """A revision that does this."""
    body = "\n    ".join(upgrade.splitlines())
    file = folder / "0052_next.py"
    imports = "import sqlalchemy as sa\nfrom alembic import op\nfrom chassis.store.migrations import *"
    file.write_text(f"{imports}\n{more}\n\ndef upgrade():\n    {body}\n", encoding="utf-8")
    return file


def rules(file: Path, released: str = "0051") -> set[str]:
    """The rules that a revision breaks."""
    return {one.rule for one in findings(file, released)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_revision_leaves_the_release_before_what_it_needs(service: str) -> None:
    """Those of the last release and before it are done and stay."""
    released = released_revisions()
    last = released.get(service, "0001" if released else "9999")  # a service that is younger than the release
    package = service_class(service).__module__.rpartition(".")[0]
    folder = Path(str(files(package) / "migrations"))
    newer = [file for file in sorted(folder.glob("[0-9]*.py")) if file.name[:4] > last]
    wrong = {file.name: found for file in newer if (found := findings(file, last))}
    assert not wrong, "\n".join(f"{name}: {one.rule}: {one.why}" for name, found in wrong.items() for one in found)


@pytest.mark.parametrize("rule", REFUSED)
def test_what_locks_or_takes_away_is_refused(rule: str, tmp_path: Path) -> None:
    """Each rule, broken once."""
    assert rule in rules(revision(tmp_path, REFUSED[rule]))


@pytest.mark.parametrize("upgrade", LATER)
def test_what_adds_is_not(upgrade: str, tmp_path: Path) -> None:
    """New columns and tables, and what is done beside those who work."""
    assert rules(revision(tmp_path, upgrade)) == set()


def test_what_is_read_goes_when_no_release_that_reads_it_may_serve(tmp_path: Path) -> None:
    """A contract step says from which code on; a release must know that code, or the upgrade to this one has no way back."""
    assert rules(revision(tmp_path, DROP, 'serves_from = "0051"')) == set()
    assert rules(revision(tmp_path, DROP, 'serves_from = "9999"')) == {"serves-from"}
    assert rules(revision(tmp_path, DROP, 'allowed = {"ban-drop-column": "nobody will notice"}')) == {"ban-drop-column"}


def test_a_rule_for_rows_is_a_contract_step_or_harmless(tmp_path: Path) -> None:
    """Of a column that is new the release before knows nothing, so that it cannot break its rule."""
    harmless = 'allowed = {"refuses-old-writes": "the column is new", "ban-drop-constraint": "its own"}'
    assert rules(revision(tmp_path, CHECK, 'serves_from = "0051"')) == set()
    assert "refuses-old-writes" in rules(revision(tmp_path, UNIQUE))
    assert "refuses-old-writes" not in rules(revision(tmp_path, CHECK, harmless))


def test_what_locks_may_be_said_to_be_short(tmp_path: Path) -> None:
    """With the reason, which must be one: no reason stays behind when what it was for has gone."""
    small = 'allowed = {"require-concurrent-index-creation": "a dealer has a dozen"}'
    assert rules(revision(tmp_path, INDEX, small)) == set()
    assert rules(revision(tmp_path, INDEX, 'allowed = {"require-concurrent-index-creation": ""}')) == {
        "require-concurrent-index-creation"
    }
    assert rules(revision(tmp_path, COLUMN, small)) == {"allowed"}


def test_nothing_is_ever_renamed(tmp_path: Path) -> None:
    """Whatever is said: one of the two releases that serve at once reads the other name."""
    more = 'serves_from = "0051"\nallowed = {"renaming-column": "it is time"}'
    assert rules(revision(tmp_path, REFUSED["renaming-column"], more)) == {"renaming-column"}
