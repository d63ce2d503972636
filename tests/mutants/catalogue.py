"""The mutants: which promise is switched off, by which change, and which tests must notice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DELIVERY = "tests/bus/delivery"
PROMISES = f"{DELIVERY}/test_promises.py"
KEYS = "tests/services/test_business_keys.py"


@dataclass(frozen=True)
class Mutant:
    """One promise switched off: in `file`, `code` becomes `instead`; every test of `tests` taken together must then fail."""

    name: str
    file: str
    code: str
    instead: str
    tests: tuple[str, ...]


def unique_keys() -> Iterator[Mutant]:
    """Each business key of each service, taken out of the revision that creates it."""
    for file in sorted(ROOT.glob("services/*/migrations/0001_first.py")):
        service = file.parts[-3]
        for table, body in re.findall(
            r'op\.create_table\(\s*"(\w+)",(.*?)\n    \)\n', file.read_text(encoding="utf-8"), re.DOTALL
        ):
            for constraint in re.findall(r"sa\.UniqueConstraint\(.*?\),(?=\n|\Z)", body, re.DOTALL):
                columns = [name for name in re.findall(r'(?<!name=)(?<!op\.f\()"(\w+)"', constraint) if name != "dealer_id"]
                key = f"{service}-{table}-{'-'.join(columns)}"
                yield Mutant(
                    name=f"UNIQUE {key}",
                    file=str(file.relative_to(ROOT)),
                    code=constraint,
                    instead="",
                    tests=(f"{KEYS}::test_a_second_row_with_the_same_business_key_is_refused[{key}]",),
                )


MUTANTS = (
    *unique_keys(),
    Mutant(
        name="row-level security",
        file="chassis/tenancy.py",
        code="""        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',\n""",
        instead="",
        tests=("tests/architecture/test_walls.py", "tests/architecture/test_tables.py"),
    ),
    Mutant(
        name="inbox",
        file="chassis/inbox.py",
        code="    if not keys:\n        return set()\n",
        instead="    return set(keys)\n",
        tests=(f"{PROMISES}::test_every_message_five_times_over_two_replicas_in_any_order_has_one_effect",),
    ),
    Mutant(
        name="idempotency record",
        file="chassis/idempotency.py",
        code="return claimed.first() is not None",
        instead="return True",
        tests=(f"{DELIVERY}/test_delivery.py::test_the_same_idempotency_key_counts_once",),
    ),
    Mutant(
        name="mandatory",
        file="chassis/publisher.py",
        code="mandatory=message.mandatory,\n        )",
        instead="mandatory=False,\n        )",
        tests=(f"{PROMISES}::test_an_unroutable_event_is_never_marked_sent_and_holds_nobody_up",),
    ),
    Mutant(
        name="delivery-tag matching",
        file="chassis/publisher.py",
        code="tags = [one for one in self._awaited if one <= tag] if multiple else [tag]",
        instead="tags = list(self._awaited)",
        tests=("tests/unit/chassis/test_publisher.py",),
    ),
    Mutant(
        name="version bump",
        file="chassis/work.py",
        code="            root.version += 1\n",
        instead="",
        tests=(f"{PROMISES}::test_facts_are_published_in_the_order_of_their_aggregate",),
    ),
    Mutant(
        name="outbox in the transaction of the change",
        file="chassis/core.py",
        code="            write_outbox(session, work.announcements())\n            record.store(answer)",
        instead="            record.store(answer)",
        tests=(f"{DELIVERY}/test_delivery.py::test_a_committed_fact_reaches_every_subscriber_of_the_same_service",),
    ),
)
