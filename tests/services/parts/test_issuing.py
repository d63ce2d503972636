"""Issuing and returning parts on signed slips (Rule P3)."""

import pytest

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, Refused, RefusedSoFar
from chassis.wire.values import Quantity
from contracts.parts.events import PartsIssued, PartsReturned
from contracts.parts.issuing import GetSlip, HandedLine, IssueParts, ListSlips
from contracts.signing import Signing
from tests.services.history import ANYBODY, Reading, grow
from tests.services.parts.facts import VISIT, an_id, want
from tests.services.parts.scene import installed


@pytest.fixture
def order(scene):
    """Two pads are approved, three are in the bin."""
    scene.in_stock("PAD", "3")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "2"))
    return "order"


def test_issued_parts_leave_the_bin_for_work_in_progress_on_a_signed_slip(scene, desk, order):
    slip = scene.issue(order, "line", "1.5", actor="chen")
    assert desk.ask(GetSlip(slip_id=slip.id)) == slip
    assert (slip.kind, slip.technician, slip.signature.name, slip.handed_by) == ("issue", "zhao", "zhao", "chen")
    assert (slip.signature.means, slip.signature.taken_by, slip.signature.verified) == ("typed", "chen", True)
    assert slip.lines == [want("line", "PAD", "1.5")]
    assert scene.balance("PAD") == {"supplier": -3, "bin": 1.5, "wip": 1.5}
    assert scene.set_aside(order) == {"PAD": (0.5, 1.5, 0)}
    (fact,) = desk.announced(PartsIssued)
    assert (fact.slip_id, fact.lines) == (slip.id, [want("line", "PAD", "1.5")])
    assert desk.envelopes()[-1]["correlationid"] == VISIT
    scene.assert_the_books_agree()


def test_parts_are_signed_for_by_technicians_of_the_dealer_only(scene, desk, order):
    """Rule P3: out and back, by the newest fact of their account. Of whom nobody has heard, the fact may yet come.

    Another dealer's people are as if nobody had heard of them (Rule G1).
    """
    scene.issue(order, "line", "1")
    desk.employ("clerk", "parts_clerk")
    desk.employ("li", "technician", at=("bj-chaoyang",))
    desk.employ("gone", "technician", sequence=2, active=False)
    for hand in (scene.issue, scene.take_back):
        with pytest.raises(Refused) as refused:
            hand(order, "line", "1", technician="clerk")
        assert (refused.value.code, refused.value.details) == ("not_a_technician", {"name": "clerk"})
        for name in ("li", "gone", "new"):
            with pytest.raises(NotYetKnown) as unknown:
                hand(order, "line", "1", technician=name)
            assert unknown.value.details == {"field": "technician", "value": name}
    assert scene.set_aside(order) == {"PAD": (1, 1, 0)}
    desk.employ("new", "technician")
    assert scene.take_back(order, "line", "1", technician="new").technician == "new"
    scene.assert_the_books_agree()


def test_no_more_than_approved_is_issued_even_on_several_slips(scene, order):
    scene.issue(order, "line", "2")
    with pytest.raises(Refused, match="beyond_approved") as refusal:
        scene.issue(order, "line", "0.001")
    assert refusal.value.details == {"part_number": "PAD"}
    scene.assert_the_books_agree()


@pytest.mark.parametrize("line", ["a line nobody knows", "a"])
def test_what_was_only_booked_is_not_issued(scene, line):
    """The customer has signed nothing yet (Rule W8)."""
    scene.in_stock("PAD", "3")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.opened("order", "appointment")
    with pytest.raises(Refused, match="beyond_approved"):
        scene.issue("order", line, "1")


def test_a_line_that_is_not_approved_any_more_is_not_issued(scene, order):
    scene.approved(order, sequence=3)
    with pytest.raises(Refused, match="beyond_approved"):
        scene.issue(order, "line", "1")


def test_nothing_is_issued_to_a_delivered_order(scene, order):
    scene.delivered(order, installed("line", "PAD", "1"))
    with pytest.raises(Refused, match="order_delivered"):
        scene.issue(order, "line", "1")


def test_nothing_is_issued_to_a_void_order(scene, order):
    scene.voided(order)
    with pytest.raises(Refused, match="order_void"):
        scene.issue(order, "line", "1")


def test_of_an_order_without_parts_that_is_said_so_far(scene, desk, order):
    """Whether its customer agreed to some this very moment nobody here knows; another dealer's order is no different."""
    for hand in (scene.issue, scene.take_back):
        for one, dealer in (("another order", "sh-pudong"), (order, "bj-chaoyang")):
            with pytest.raises(RefusedSoFar, match="no_parts_wanted"):
                hand(one, "line", "1", dealer=dealer)


def test_what_is_not_in_the_bin_is_not_issued(scene, order):
    scene.approved(order, want("line", "PAD", "4"), sequence=3)
    with pytest.raises(Refused, match="not_enough_stock"):
        scene.issue(order, "line", "4")
    assert scene.balance("PAD") == {"supplier": -3, "bin": 3}


def test_what_is_reserved_for_others_is_not_issued(scene, order):
    scene.booked("other", want("b", "PAD", "1"))
    scene.approved(order, want("line", "PAD", "3"), sequence=3)
    assert scene.set_aside(order) == {"PAD": (2, 0, 1)}
    with pytest.raises(Refused, match="reserved_for_others"):
        scene.issue(order, "line", "3")
    scene.issue(order, "line", "2")
    scene.assert_the_books_agree()


def test_what_is_counted_is_issued_in_whole_ones(scene):
    """Rule P2: nobody is handed half a clip; the field is named."""
    scene.catalogued("CLIP", unit="个")
    scene.received("CLIP", "3")
    scene.opened("order")
    scene.approved("order", want("line", "CLIP", "2"))
    with pytest.raises(Invalid) as refused:
        scene.issue("order", "line", "1.5")
    assert list(refused.value.details["errors"]) == ["lines.0.quantity"]
    scene.issue("order", "line", "1")
    assert scene.balance("CLIP") == {"supplier": -3, "bin": 2, "wip": 1}


def test_a_refused_slip_leaves_nothing_behind(scene, desk, order):
    lines = [
        HandedLine(line_id=an_id("line"), quantity=Quantity.of("2")),
        HandedLine(line_id=an_id("line"), quantity=Quantity.of("1")),
    ]
    with pytest.raises(Refused, match="beyond_approved"):
        desk.do(
            IssueParts(work_order_id=an_id(order), technician="zhao", signature=Signing(means="typed", name="Zhao"), lines=lines)
        )
    assert scene.balance("PAD") == {"supplier": -3, "bin": 3}
    assert desk.announced(PartsIssued) == []


def test_unused_parts_go_back_to_the_bin_and_stay_set_aside_for_the_order(scene, desk, order):
    scene.issue(order, "line", "2")
    slip = scene.take_back(order, "line", "1")
    assert slip.kind == "return"
    assert scene.balance("PAD") == {"supplier": -3, "bin": 2, "wip": 1}
    assert scene.set_aside(order) == {"PAD": (1, 1, 0)}
    assert [fact.slip_id for fact in desk.announced(PartsReturned)] == [slip.id]
    scene.assert_the_books_agree()


def test_no_more_than_issued_is_taken_back(scene, order):
    scene.issue(order, "line", "1")
    with pytest.raises(Refused, match="beyond_issued") as refusal:
        scene.take_back(order, "line", "1.001")
    assert refusal.value.details == {"part_number": "PAD"}, "the clerk knows no ids"
    with pytest.raises(Refused, match="beyond_issued"):
        scene.take_back(order, "a line nobody knows", "1")


def test_one_key_issues_once(scene, order):
    first = scene.issue(order, "line", "1", key="slip-1")
    assert scene.issue(order, "line", "1", key="slip-1") == first
    assert scene.balance("PAD") == {"supplier": -3, "bin": 2, "wip": 1}


def test_a_slip_is_nobody_elses(scene, desk, order):
    slip = scene.issue(order, "line", "1")
    with pytest.raises(NotFound):
        desk.ask(GetSlip(slip_id=slip.id), dealer="bj-chaoyang")


def test_an_orders_slips_are_a_list_the_newest_first(scene, desk, order):
    """Rule P3: issues and returns as they were signed; of another order or dealer there are none."""
    first = scene.issue(order, "line", "2")
    second = scene.take_back(order, "line", "1")
    page = desk.ask(ListSlips(work_order_id=an_id(order), limit=1))
    assert page.items == [second]
    assert desk.ask(ListSlips(work_order_id=an_id(order), limit=1, cursor=page.next_cursor)).items == [first]
    assert desk.ask(ListSlips(work_order_id=an_id("other"))).items == []
    assert desk.ask(ListSlips(work_order_id=an_id(order)), dealer="bj-chaoyang").items == []


@pytest.mark.new_database
def test_an_orders_slips_cost_the_same_with_any_history(scene, desk, order):
    scene.issue(order, "line", "1")
    asked = ListSlips(work_order_id=an_id(order))
    before = Reading(desk, asked).rows
    grow(desk, "slip", 2_000, work_order_id=ANYBODY)
    assert (Reading(desk, asked).rows, len(Reading(desk, asked).answer.items)) == (before, 1)
