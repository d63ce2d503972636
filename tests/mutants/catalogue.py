"""The mutants: which promise is switched off, by which change, and which tests must notice."""

from dataclasses import dataclass

DELIVERY = "tests/bus/delivery"
PROMISES = f"{DELIVERY}/test_promises.py"


@dataclass(frozen=True)
class Mutant:
    """One promise switched off: in `file`, `code` becomes `instead`; every test of `tests` taken together must then fail."""

    name: str
    file: str
    code: str
    instead: str
    tests: tuple[str, ...]


MUTANTS = (
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
