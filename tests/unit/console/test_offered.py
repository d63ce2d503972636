"""What a screen can do, it offers: each of its actions in some state, and none in a state in which it is always refused."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any, get_args

import pytest

import console
from console.page import Page
from console.screens import SCREENS, appointments, order
from contracts.workshop.agreement import EstimateKind
from services.workshop.order.status import TRANSITIONS, Status, Transition

ROOT = Path(console.__file__).parent
PAGES = [page for screen in SCREENS for page in screen.pages if page.actions]
TEMPLATE, PART = re.compile(r'"(\w+\.html)"'), re.compile(r'{% (?:extends|import|include|from) "(\w+\.html)"')
OFFERED, ANY_OFFERED = re.compile(r'\bform\("([a-z-]+)"'), re.compile(r"(?<!_)\bform\((?!\")(\w+)")

KINDS = get_args(EstimateKind)
LINE_STATES = ("draft", "quoted", "approved", "declined")

MEANS: dict[str, Transition] = {
    "job": Transition.RECORD_JOB,
    "lines": Transition.ADD_LINES,
    "booked": Transition.ISSUE_ESTIMATE,
    "estimate": Transition.ISSUE_ESTIMATE,
    "approve": Transition.APPROVE,
    "approve-more": Transition.APPROVE,
    "under-consent": Transition.APPROVE,
    "decline": Transition.DECLINE,
    "withdraw": Transition.WITHDRAW,
    "more": Transition.PROPOSE,
    "hold": Transition.HOLD,
    "resume": Transition.RESUME,
    "send-to-check": Transition.REQUEST_QUALITY_CHECK,
    "back": Transition.RETURN_TO_WORK,
    "ready": Transition.MARK_READY,
    "reverse": Transition.REVERSE_DELIVERY,
    "void": Transition.VOID,
    "overrule": Transition.CHANGE_PAYER,
}
"""What each step of an order's page asks for."""


def an_order(status: str, *states: str, done: bool = False, priority: str = "normal") -> dict[str, Any]:
    """An order in this status, with a line in each of these states."""
    lines = [{"state": state, "done_at": "2026-03-02T04:00:00+00:00" if done else None} for state in states]
    return {"status": status, "lines": lines, "priority": priority, "standing_consent": {"name": "Li Na"}}


def orders() -> Iterator[dict[str, Any]]:
    """Every status with every mixture of lines."""
    for status in Status:
        for states in chain.from_iterable(combinations(LINE_STATES, count) for count in range(len(LINE_STATES) + 1)):
            yield an_order(status.value, *states)
            yield an_order(status.value, *states, priority="comeback")


DYNAMIC: dict[str, set[str]] = {
    "order.html": {step for one in orders() for kind in KINDS for step in order.steps_of(one, kind)},
    "appointment.html": {step for steps in appointments.NEXT.values() for step in steps},
    "appointments.html": {steps[0] for steps in appointments.NEXT.values()},
    "picking.html": {"issue", "return"},
}
"""What templates offer whose forms are named by the state, not in the template."""


@cache
def _source(template: str) -> str:
    own = (ROOT / "templates" / template).read_text(encoding="utf-8")
    return own + "".join(_source(one) for one in PART.findall(own) if one != "base.html")


def offered(page: Page) -> set[str]:
    """The actions that the templates of its screen have a form for."""
    module = (ROOT / "screens" / f"{page.endpoint.partition('.')[0]}.py").read_text(encoding="utf-8")
    found: set[str] = set()
    for template in TEMPLATE.findall(module):
        found |= {*OFFERED.findall(_source(template)), *DYNAMIC.get(template, ())}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.endpoint)
def test_every_action_is_offered_in_some_state(page: Page) -> None:
    """One that stands in the table and on no page is one that nobody can do."""
    assert page.actions.keys() - offered(page) == set()


def test_forms_that_are_named_by_a_state_are_known_here() -> None:
    """A template with a further one has a row above, or the test before this one would not see what it offers."""
    found = {file.name for file in (ROOT / "templates").glob("*.html") if ANY_OFFERED.search(file.read_text(encoding="utf-8"))}
    assert found == DYNAMIC.keys()


def test_a_step_is_offered_only_where_the_order_can_take_it() -> None:
    """What the table of the order's life always refuses is not offered (Rule W14)."""
    always_refused = {
        (one["status"], step)
        for one in orders()
        for kind in KINDS
        for step in order.steps_of(one, kind)
        if Status(one["status"]) not in TRANSITIONS[MEANS[step]]
    }
    assert always_refused == set()


@pytest.mark.parametrize("status", [status for status in Status if status in TRANSITIONS[Transition.WITHDRAW]])
def test_approved_work_can_be_withdrawn_wherever_the_order_allows_it(status: Status) -> None:
    """Rule W8: also beside lines that wait for a decision; but not what is done, and not before anything is approved."""
    for states in (("approved",), ("approved", "quoted"), ("approved", "draft")):
        assert "withdraw" in order.steps_of(an_order(status.value, *states), "estimate")
    assert "withdraw" not in order.steps_of(an_order(status.value, "approved", done=True), "estimate")
    assert "withdraw" not in order.steps_of(an_order(status.value, "quoted"), "estimate")


def test_what_waits_for_a_decision_is_approved_as_what_it_was_quoted_as() -> None:
    """An estimate that was issued anew beside approved work is an estimate still: the other command would refuse it (Rule W8)."""
    one = an_order("dispatched", "approved", "quoted")
    assert (order.steps_of(one, "estimate")[0], order.steps_of(one, "additional_work")[0]) == ("approve", "approve-more")


def test_what_is_wanted_next_is_offered_in_every_state_that_allows_it() -> None:
    """No order of parts alone is stuck, which nobody clocks on to: it is sent to the check as it was dispatched (Rule W14)."""
    for step in ("send-to-check", "resume", "back", "reverse", "void"):
        for status in TRANSITIONS[MEANS[step]]:
            assert step in order.steps_of(an_order(status.value, "approved"), "estimate"), (status, step)
