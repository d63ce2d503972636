"""Superseded parts (Rule P1): old stock is used first, whoever asks, and reservations follow what the catalogue says later."""

import pytest

from chassis.wire.errors import Refused
from contracts.parts.deduction import ListDeductions
from contracts.parts.issuing import GetSlip
from tests.services.parts.facts import an_id, want
from tests.services.parts.scene import installed


@pytest.fixture
def old_and_new(scene):
    """Two old ones and five new ones in stock."""
    scene.in_stock("NEW", "5")
    scene.catalogued("OLD", successor="NEW")
    scene.received("OLD", "2")


@pytest.mark.usefixtures("old_and_new")
@pytest.mark.parametrize("asked_for", ["OLD", "NEW"])
@pytest.mark.parametrize("owner", ["order", "appointment"])
def test_old_stock_is_used_first_whoever_asks_and_under_whichever_number(scene, owner, asked_for):
    if owner == "order":
        scene.opened("order")
        scene.approved("order", want("line", asked_for, "2"))
    else:
        scene.booked("appointment", want("line", asked_for, "2"))
    assert scene.set_aside(**{owner: owner}) == {"OLD": (2, 0, 0)}
    scene.booked("next", want("a", asked_for, "1"))
    assert scene.set_aside(appointment="next") == {"NEW": (1, 0, 0)}
    scene.assert_the_books_agree()


@pytest.mark.usefixtures("old_and_new")
@pytest.mark.parametrize("asked_for", ["OLD", "NEW"])
def test_the_look_up_shows_what_would_be_used(scene, asked_for):
    part = scene.part(asked_for)
    assert (part.part_number, part.asked_for, str(part.available)) == ("OLD", asked_for, "2.000")
    assert [(one.part_number, str(one.on_hand), str(one.available)) for one in part.chain] == [
        ("OLD", "2.000", "2.000"),
        ("NEW", "5.000", "5.000"),
    ]
    scene.booked("appointment", want("a", "NEW", "2"))
    assert scene.part(asked_for).part_number == "NEW"
    assert scene.part(asked_for, resolve=False).part_number == asked_for


@pytest.mark.usefixtures("old_and_new")
def test_a_line_gets_one_part_and_waits_for_the_newest(scene):
    scene.booked("appointment", want("a", "OLD", "3"))
    assert scene.set_aside(appointment="appointment") == {"NEW": (3, 0, 0)}
    scene.booked("next", want("a", "OLD", "3"))
    assert scene.set_aside(appointment="next") == {"NEW": (2, 0, 1)}
    scene.corrected("OLD", "1", "discrepancy", "bin")
    assert scene.set_aside(appointment="next") == {"OLD": (3, 0, 0)}
    scene.assert_the_books_agree()


def test_whoever_waits_follows_a_supersession_that_is_published_later(scene):
    """The old part will never come; the place in the queue stays."""
    scene.in_stock("NEW", "3")
    scene.in_stock("OLD", "1")
    scene.opened("first")
    scene.approved("first", want("line", "OLD", "2"))
    scene.desk.pass_time(hours=1)
    scene.booked("second", want("a", "OLD", "2"))
    assert scene.set_aside("first") == {"OLD": (1, 0, 1)}
    scene.superseded("OLD", "NEW")
    assert scene.set_aside("first") == {"NEW": (2, 0, 0)}
    assert scene.set_aside(appointment="second") == {"NEW": (1, 0, 1)}
    assert scene.reservation("first").lines[0].approved
    scene.received("NEW", "1")
    assert scene.set_aside(appointment="second") == {"NEW": (2, 0, 0)}
    scene.assert_the_books_agree()


def test_who_waits_for_the_new_part_gets_what_is_left_of_the_old_one(scene):
    scene.catalogued("NEW")
    scene.in_stock("OLD", "2")
    scene.booked("appointment", want("a", "NEW", "2"))
    scene.superseded("OLD", "NEW")
    assert scene.set_aside(appointment="appointment") == {"OLD": (2, 0, 0)}
    scene.assert_the_books_agree()


def test_what_is_set_aside_stays_when_the_part_is_superseded(scene):
    scene.in_stock("NEW", "3")
    scene.in_stock("OLD", "2")
    scene.booked("appointment", want("a", "OLD", "2"))
    scene.superseded("OLD", "NEW")
    assert scene.set_aside(appointment="appointment") == {"OLD": (2, 0, 0)}


@pytest.fixture
def half_issued(scene):
    """One old part is on the car already when it is superseded; the order lacks two more."""
    scene.in_stock("OLD", "1")
    scene.opened("order")
    scene.approved("order", want("line", "OLD", "3"))
    scene.issue("order", "line", "1")
    scene.in_stock("NEW", "5")
    scene.superseded("OLD", "NEW")


@pytest.mark.usefixtures("half_issued")
def test_what_is_issued_stays_old_and_the_rest_is_the_new_part(scene, desk):
    assert scene.set_aside("order") == {"OLD": (0, 1, 0), "NEW": (2, 0, 0)}
    scene.approved("order", want("line", "OLD", "3"), sequence=3)
    assert scene.set_aside("order") == {"OLD": (0, 1, 0), "NEW": (2, 0, 0)}
    slip = scene.issue("order", "line", "2")
    assert [one.part_number for one in desk.ask(GetSlip(slip_id=slip.id)).lines] == ["NEW"]
    with pytest.raises(Refused, match="beyond_approved"):
        scene.issue("order", "line", "1")
    scene.delivered("order", installed("line", "OLD", "3"))
    assert (scene.balance("OLD"), scene.balance("NEW")) == (
        {"supplier": -1, "customer": 1},
        {"supplier": -5, "bin": 3, "customer": 2},
    )
    (deduction,) = desk.ask(ListDeductions(work_order_id=an_id("order"))).items
    assert {(one.part_number, str(one.quantity)) for one in deduction.lines} == {("OLD", "1.000"), ("NEW", "2.000")}
    scene.reversed("order")
    assert scene.set_aside("order") == {"OLD": (0, 1, 0), "NEW": (0, 2, 0)}
    scene.assert_the_books_agree()


@pytest.mark.usefixtures("half_issued")
def test_both_parts_of_a_line_go_back_and_less_may_be_wanted(scene):
    scene.issue("order", "line", "1")
    slip = scene.take_back("order", "line", "2")
    assert {one.part_number for one in slip.lines} == {"OLD", "NEW"}
    scene.approved("order", want("line", "OLD", "1"), sequence=3)
    assert scene.set_aside("order") == {"OLD": (1, 0, 0)}
    scene.assert_the_books_agree()


@pytest.mark.usefixtures("half_issued")
def test_what_was_not_issued_of_such_a_line_comes_from_the_bin_of_the_new_part(scene):
    scene.delivered("order", installed("line", "OLD", "3"))
    assert (scene.balance("OLD"), scene.balance("NEW")) == (
        {"supplier": -1, "customer": 1},
        {"supplier": -5, "bin": 3, "customer": 2},
    )
    assert scene.tasks() == set()
    scene.assert_the_books_agree()
