"""What a revision may not do while the release before still serves: asked of the SQL it runs on PostgreSQL, which is not run.

squawk knows what locks and what breaks readers; what it does not look for is asked here. A revision says by itself
what it may all the same (docs/upgrading.md):

    serves_from = "0052"     # a contract step: code from revision 0052 on, which is in a release, no longer needs what goes here
    allowed = {"require-concurrent-index-creation": "a dealer has a dozen bays"}
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import ModuleType

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from chassis.store.migrations import BACKFILL

SQUAWK = Path(sys.executable).with_name("squawk")
POSTGRESQL = "14.0"
NO_MATTER = ("require-lock-timeout", "require-statement-timeout")
"""`migrate` sets the first; what takes long holds nobody up, or is refused."""
TASTE = "prefer-"
NEVER = {"renaming-column", "renaming-table", "ban-drop-database", "not-readable", "half-committed"}
"""No reason helps: a new one beside the old one, and the old one's end as a contract step."""
CONTRACTS = {"ban-drop-column", "ban-drop-table", "ban-drop-constraint", "ban-drop-not-null"}
"""What the release before may need: no reason helps but that no release that does may serve any more."""
OR_CONTRACTS = {"refuses-old-writes", "trigger-on-used-table"}
"""Likewise, unless a reason says why the release before keeps the rule: of a new column, say, it knows nothing."""

_TRANSACTION = re.compile(r"^(BEGIN|COMMIT)$")
_NEW_TABLE = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?\"?(\w+)")
_NAMED = r"(?:ONLY )?\"?(?P<table>\w+)\"?"
_OWN: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "data-in-revision",
        "finds no row behind row-level security, and locks those it finds until the revision is over: backfill(…)",
        re.compile(rf"^(?:WITH .*?)?(?:UPDATE|DELETE FROM|INSERT INTO|MERGE INTO|TRUNCATE(?: TABLE)?) {_NAMED}", re.S),
    ),
    (
        "refuses-old-writes",
        "the release before does not keep this rule: a contract step, or why it cannot hurt",
        re.compile(rf"^ALTER TABLE {_NAMED} (?:.*ADD CONSTRAINT .*(?:CHECK|UNIQUE|EXCLUDE)|.*SET NOT NULL)", re.S),
    ),
    (
        "refuses-old-writes",
        "the release before does not keep this rule: a contract step, or why it cannot hurt",
        re.compile(r"^CREATE UNIQUE INDEX .*? ON \"?(?P<table>\w+)", re.S),
    ),
    (
        "trigger-on-used-table",
        "the release before does not know of it: a contract step, or why it cannot hurt",
        re.compile(r"^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON \"?(?P<table>\w+)", re.S),
    ),
    (
        "row-security-on-used-table",
        "whoever has not said whose rows it wants finds none from here on",
        re.compile(r"^ALTER TABLE \"?(?P<table>\w+)\"? (?:ENABLE|FORCE) ROW LEVEL SECURITY"),
    ),
)


@dataclass(frozen=True)
class Finding:
    """What is wrong with a revision: by which rule, and why."""

    rule: str
    why: str


def load(file: Path) -> ModuleType:
    """A revision as a module of its own, from its source: byte code of the second before may be another text's."""
    module = ModuleType(f"revision_{file.stem}")
    exec(compile(file.read_text(encoding="utf-8"), file, "exec"), vars(module))  # it is ours
    return module


def sql_of(revision: ModuleType) -> str:
    """What it runs on PostgreSQL, with the transactions it has."""
    written = StringIO()
    options = {"as_sql": True, "output_buffer": written, "transaction_per_migration": True}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context), context.begin_transaction(_per_migration=True):
        revision.upgrade()
    return written.getvalue()


def findings(file: Path, released: str) -> list[Finding]:
    """What is wrong with a revision, the last release of whose service knows the revision `released`."""
    revision = load(file)
    allowed: Mapping[str, str] = getattr(revision, "allowed", {})
    serves_from = getattr(revision, "serves_from", "")
    try:
        sql = sql_of(revision)
    except AttributeError as error:  # no database is there to be asked
        return [Finding("not-readable", f"it asks the database, or cannot be written as SQL: {error}")]
    found = [*_by_squawk(sql), *_by_ourselves(sql)]
    asked = {one.rule for one in found}
    left = [one for one in found if one.rule in NEVER or not _said(one.rule, allowed, serves_from)]
    if serves_from > released:
        left.append(
            Finding(
                "serves-from", f"no release knows {serves_from} yet, the last one {released}: first release what stops reading"
            )
        )
    left += [Finding("allowed", f"{rule}: nothing here asks for it") for rule in allowed.keys() - asked]
    return left


def _said(rule: str, allowed: Mapping[str, str], serves_from: str) -> bool:
    by_contract = bool(serves_from) and rule in CONTRACTS | OR_CONTRACTS
    return by_contract or (rule not in CONTRACTS and bool(allowed.get(rule)))


def _by_squawk(sql: str) -> Iterator[Finding]:
    command = [str(SQUAWK), "--reporter", "json", "--pg-version", POSTGRESQL, "--exclude", ",".join(NO_MATTER)]
    done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False, timeout=60)
    for one in json.loads(done.stdout):
        if not one["rule_name"].startswith(TASTE):
            yield Finding(one["rule_name"], f"{one['message']} {one.get('help') or ''}".strip())


def _by_ourselves(sql: str) -> Iterator[Finding]:
    statements = [one.strip() for one in re.split(r";\s*\n", sql) if one.strip()]
    new = {found[1] for one in statements if (found := _NEW_TABLE.match(one))}
    for statement in statements:
        for rule, why, pattern in _OWN:
            matched = pattern.match(statement)
            if matched and matched["table"] not in new and BACKFILL not in statement:
                yield Finding(rule, f"{statement.splitlines()[0][:100]}: {why}")
    ends = [number for number, one in enumerate(statements) if one == "COMMIT"]
    inside, among = False, []
    for one in statements:
        if _TRANSACTION.match(one):
            inside = one == "BEGIN"
        elif inside:
            among.append(one)
    if len(ends) > 1 and among:
        yield Finding(
            "half-committed",
            f"{among[0][:80]}: what is committed on the way stands alone in its revision, or no second attempt gets past",
        )
