"""What a delivery causes in other services, as its pages say it (Rule W13): pending until the fact is there."""

from typing import Any

from console.screens.order import EFFECTS, effects_of


def an_order(status: str = "delivered", revision: int = 2) -> dict[str, Any]:
    return {"status": status, "revision": revision}


def a_timeline(*kinds: str, revision: int = 2, missing: tuple[str, ...] = ()) -> dict[str, Any]:
    facts = {"revision": revision}
    return {"events": [{"type": kind, "facts": facts} for kind in ("workshop.work_order.opened", *kinds)], "missing": missing}


def test_each_effect_is_pending_until_its_fact_is_there() -> None:
    """One by one, in whatever order they come."""
    assert effects_of(an_order(), a_timeline()) == [(name, "pending") for name in EFFECTS]
    assert dict(effects_of(an_order(), a_timeline("crm.follow_up.scheduled"))) == {
        "invoices": "pending",
        "deduction": "pending",
        "follow_up": "done",
    }
    assert {state for _, state in effects_of(an_order(), a_timeline(*EFFECTS.values()))} == {"done"}


def test_what_an_earlier_delivery_caused_does_not_count() -> None:
    """It was reversed; this one has effects of its own."""
    assert {state for _, state in effects_of(an_order(), a_timeline(*EFFECTS.values(), revision=1))} == {"pending"}


def test_of_who_does_not_answer_nothing_is_known() -> None:
    """Neither done nor pending is said."""
    told = dict(effects_of(an_order(), a_timeline("billing.invoice.issued", missing=("parts", "billing"))))
    assert told == {"invoices": "done", "deduction": "unknown", "follow_up": "pending"}


def test_an_order_that_is_not_delivered_has_none() -> None:
    """Nor one whose delivery was reversed."""
    assert effects_of(an_order("in_progress", 1), a_timeline(*EFFECTS.values(), revision=1)) == []
