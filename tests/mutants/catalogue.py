"""The mutants: which safeguard is switched off, by which change, and which tests must notice, in which words."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.mutants.mutant import ROOT, Mutant
from tests.mutants.store import STORE

DELIVERY = "tests/bus/delivery"
PROMISES = f"{DELIVERY}/test_promises.py"


REFUSED = "tests/services/test_business_keys.py::test_a_second_row_with_the_same_business_key_is_refused"
REVERSING = "tests/services/billing/test_reversing.py"
WALLS = "tests/architecture/test_walls.py"
CONFIRMS = "tests/unit/chassis/test_publisher.py"


def unique_keys() -> Iterator[Mutant]:
    """Each business key of each service, taken out of the revision that creates it; not those that a later one drops."""
    revisions = sorted([*ROOT.glob("services/*/migrations/*.py"), *ROOT.glob("gateway/migrations/*.py")])
    dropped = {name for file in revisions for name in re.findall(r'drop_constraint\("(\w+)"', file.read_text(encoding="utf-8"))}
    for file in revisions:
        for table, constraint in _constraints(file.read_text(encoding="utf-8")):
            if dropped.isdisjoint(re.findall(r'"(\w+)"', constraint)):
                columns = re.findall(r'(?<!name=)(?<!op\.f\()"(\w+)"', constraint.partition("[")[2] or constraint)
                yield _without(file, table, constraint, [one for one in columns if one != "dealer_id"])


def _constraints(revision: str) -> Iterator[tuple[str, str]]:
    """The unique ones that a revision creates with a table or adds to one, each with the table."""
    for table, body in re.findall(r'(?:op\.create)?_table\(\s*"(\w+)",(.*?)\n    \)\n', revision, re.DOTALL):
        for constraint in re.findall(r"sa\.UniqueConstraint\(.*?\),(?=\n|\Z)", body, re.DOTALL):
            yield table, constraint
    for table, body in re.findall(r'batch_alter_table\("(\w+)"\) as \w+:\n((?:        .*\n)+)', revision):
        for constraint in re.findall(r"\w+\.create_unique_constraint\([^)]*\)", body):
            yield table, constraint


def _without(file: Path, table: str, constraint: str, columns: list[str]) -> Mutant:
    service = file.parts[-3]
    key = f"{service}-{table}-{'-'.join(columns)}"
    return Mutant(
        name=f"UNIQUE {key}",
        switched_off=f"the key of {service}'s {table} on {', '.join(columns)}",
        file=str(file.relative_to(ROOT)),
        code=constraint,
        instead="",
        tests=(f"{REFUSED}[{key}]",),
        complaint="DID NOT RAISE IntegrityError",
    )


MUTANTS = (
    Mutant(
        name="one order per appointment",
        switched_off="the key of workshop's work_order on appointment_id, which void orders do not have",
        file="services/workshop/migrations/0001_first.py",
        code="unique=True, **alive",
        instead="unique=False, **alive",
        tests=(
            "tests/services/workshop/test_opening.py::test_the_database_itself_keeps_an_orders_business_keys_single[appointment_id]",
        ),
        complaint="DID NOT RAISE",
    ),
    Mutant(
        name="no loaner twice for one time",
        switched_off="the exclusion of overlapping loans of a car",
        file="services/booking/migrations/0003_loaners.py",
        code="tstzrange(begins_at, ends_at) WITH &&) WHERE ({LIVE})",
        instead="tstzrange(begins_at, ends_at) WITH &&) WHERE (false)",
        tests=("tests/services/booking/test_loaners.py::test_the_database_itself_lends_no_car_twice_for_one_time",),
        complaint="DID NOT RAISE",
    ),
    Mutant(
        name="one leg of each direction",
        switched_off="the key of workshop's leg on appointment, trip and direction, which legs that came to nothing do not have",
        file="services/workshop/migrations/0044_trips.py",
        code="key, unique=True, postgresql_where=stands",
        instead="key, unique=False, postgresql_where=stands",
        tests=("tests/services/workshop/test_legs.py::test_a_car_has_one_leg_of_each_direction_until_that_came_to_nothing",),
        complaint="DID NOT RAISE",
    ),
    Mutant(
        name="inbox",
        switched_off="every message counts as new, and none is remembered",
        file="chassis/events/inbox.py",
        code="    if not keys:\n        return set()\n",
        instead="    return set(keys)\n",
        # On the server bus: in one process the doubled work of two replicas on one SQLite file only takes too long.
        tests=(f"{PROMISES}::test_every_message_five_times_over_two_replicas_in_any_order_has_one_effect[server_bus]",),
        complaint=r"== \(30, 30\)",
    ),
    Mutant(
        name="mandatory",
        switched_off="the broker may drop an event for which there is no queue",
        file="chassis/amqp/publisher.py",
        code="mandatory=message.mandatory,\n        )",
        instead="mandatory=False,\n        )",
        tests=(f"{PROMISES}::test_an_unroutable_event_is_never_marked_sent_and_holds_nobody_up",),
        complaint="the unroutable one to have been tried",
    ),
    Mutant(
        name="delivery-tag matching",
        switched_off="any confirm is taken for that of every message under way",
        file="chassis/amqp/publisher.py",
        code="tags = [one for one in self._awaited if one <= tag] if multiple else [tag]",
        instead="tags = list(self._awaited)",
        tests=(
            f"{CONFIRMS}::test_acks_out_of_order_confirm_each_its_own_message",
            f"{CONFIRMS}::test_a_multiple_ack_confirms_all_before_it",
            f"{CONFIRMS}::test_a_missing_confirm_puts_the_whole_batch_in_doubt",
        ),
        complaint=r"assert \(\[1, 2, 3\]|DID NOT RAISE PublishFailed",
    ),
    Mutant(
        name="outbox in the transaction of the change",
        switched_off="the change is committed first, its event afterwards",
        file="chassis/work/executor.py",
        code=(
            "        write_outbox(session, work.announcements())\n        write_timers(session)\n"
            "        if not record.store(session, answer):\n"
            "            raise _AnsweredBefore\n"
        ),
        instead=(
            "        announced = work.announcements()\n        write_timers(session)\n"
            "        if not record.store(session, answer):\n"
            "            raise _AnsweredBefore\n        session.commit()\n"
            '        crash.here("command_after_commit")\n        write_outbox(session, announced)\n'
        ),
        tests=(f"{DELIVERY}/test_crashes.py::test_a_command_redelivered_after_a_kill_has_one_effect_and_its_first_answer",),
        complaint="the effect of what was committed",
    ),
    Mutant(
        name="publisher's check of its own event",
        switched_off="an event that its readers would refuse is committed",
        file="chassis/work/outbox.py",
        code="            _refuse_unreadable(fact, root)\n",
        instead="",
        tests=("tests/services/test_units_of_work.py::test_what_no_reader_would_take_is_not_committed",),
        complaint="DID NOT RAISE",
    ),
    Mutant(
        name="idempotency record",
        switched_off="a key that was used counts as new",
        file="chassis/work/idempotency.py",
        code="return session.connection().execute(insert, row).first() is not None",
        instead="session.connection().execute(insert, row)\n        return True",
        tests=(f"{DELIVERY}/test_delivery.py::test_the_same_idempotency_key_counts_once",),
        complaint="'total': 8.* == .*'total': 4",
    ),
    Mutant(
        name="answer to a repeat that would be refused by now",
        switched_off="who is refused is not looked up among those who were answered",
        file="chassis/work/executor.py",
        code="                answered = record.find(session)\n",
        instead="                answered = record.find(session) if isinstance(error, _AnsweredBefore) else None\n",
        tests=(
            "tests/services/billing/test_cashiering.py"
            "::test_a_repeat_is_answered_from_its_record_though_it_would_be_refused_by_now",
        ),
        complaint="overpayment",
    ),
    Mutant(
        name="remembered profiles, another replica's change",
        switched_off="what is remembered of dealers is never read again",
        file="chassis/work/profiles.py",
        code="monotonic() - self._read_at > SECONDS",
        instead="not self._read_at",
        tests=("tests/services/test_profiles.py::test_what_another_replica_commits_is_seen_within_moments",),
        complaint="the other replica to see the new name",
    ),
    Mutant(
        name="remembered profiles, a change of one's own",
        switched_off="a process goes on with what it remembers of a dealer it has changed",
        file="chassis/work/dealers.py",
        code="        forget_profiles(work.session)\n",
        instead="",
        tests=("tests/services/test_profiles.py::test_a_process_sees_at_once_what_it_commits",),
        complaint="浦东旗舰店",
    ),
    Mutant(
        name="timer gone with its effect",
        switched_off="what a timer is for happens although it was fired or moved meanwhile",
        file="chassis/work/timers.py",
        code="execute(change).rowcount == 1",
        instead="execute(change).rowcount >= 0",
        tests=(
            "tests/services/test_timers.py::test_of_two_leaders_that_fire_one_timer_one_has_the_effect",
            "tests/services/test_timers.py::test_a_timer_that_was_moved_while_it_fired_has_no_effect_yet",
        ),
        complaint=r"too many values to unpack|assert \(1, ",
    ),
    Mutant(
        name="version bump",
        switched_off="a change leaves the version of its aggregate as it was",
        file="chassis/work/unit_of_work.py",
        code="            root.version += 1\n",
        instead="",
        tests=(f"{PROMISES}::test_facts_are_published_in_the_order_of_their_aggregate",),
        complaint=r"assert \[1, 1, 1",
    ),
    Mutant(
        name="row-level security",
        switched_off="the tables have their policy, but it is not enabled",
        file="chassis/store/tenancy.py",
        code="""        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',\n""",
        instead="",
        tests=(
            f"{WALLS}::test_without_a_dealer_nothing_is_visible",
            f"{WALLS}::test_another_dealer_sees_nothing",
            f"{WALLS}::test_another_dealer_changes_and_deletes_nothing",
            f"{WALLS}::test_nobody_writes_a_row_for_another_dealer",
        ),
        complaint="': 1.* == .*': 0|assert 1 == 0|DID NOT RAISE InsufficientPrivilege",
    ),
    Mutant(
        name="row-level security for what is written",
        switched_off="a dealer may write rows of another one",
        file="chassis/store/tenancy.py",
        code="WITH CHECK ({admitted})",
        instead="WITH CHECK (true)",
        tests=(f"{WALLS}::test_nobody_writes_a_row_for_another_dealer",),
        complaint="DID NOT RAISE InsufficientPrivilege",
    ),
    Mutant(
        name="row-level security for the owner",
        switched_off="the tables' owner is not bound by the policy",
        file="chassis/store/tenancy.py",
        code="""        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',\n""",
        instead="",
        tests=(f"{WALLS}::test_the_owner_is_bound_too",),
        complaint="': 1.* == .*': 0",
    ),
    *STORE,
    Mutant(
        name="the gate pass owns the moment",
        switched_off="a delivery is reversed although its car has left",
        file="services/billing/invoice/reversing.py",
        code="if gate_pass is not None and gate_pass.used_at is not None:",
        instead="if False:",
        tests=(
            f"{REVERSING}::test_a_reversal_of_a_delivery_whose_car_has_left_is_refused_and_touches_nothing",
            f"{REVERSING}::test_of_a_reversal_and_the_gate_at_once_exactly_one_wins",
        ),
        complaint=r"ReversalRefused|\(True, True, 1, 0\)|assert \(True, ",
    ),
    Mutant(
        name="the journal",
        switched_off="the relay keeps what it publishes with nobody else",
        file="chassis/events/relay.py",
        code="                        *self._journal(rows),\n",
        instead="",
        tests=("tests/bus/delivery/test_journal.py::test_a_restored_database_can_be_told_what_it_announced",),
        complaint="AssertionError|assert \\[\\] ==",
    ),
    Mutant(
        name="a number that was told is its document's",
        switched_off="after a restore documents that come again take the next numbers",
        file="services/billing/invoice/number_series.py",
        code="told = work.find(RecalledNumber, document) if series.recalls else None",
        instead="told = None",
        tests=(
            "tests/services/billing/test_recalling.py::test_documents_that_come_again_have_the_numbers_and_times_that_they_had",
        ),
        complaint="INV-2026",
    ),
    *unique_keys(),
)
