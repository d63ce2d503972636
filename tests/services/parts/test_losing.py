"""No phantoms (Rule P3): what a reservation says is set aside lies in the bin, and who lost some of it is told at once."""

import pytest

from chassis.wire.errors import Refused
from contracts.parts.events import PartsReserved
from contracts.parts.task import ListTasks, ResolveTask
from tests.services.parts.facts import an_id, want
from tests.services.parts.scene import installed


def an_order(scene, name, quantity="2"):
    scene.opened(name)
    scene.approved(name, want(f"{name} line", "PAD", quantity))


def test_what_a_delivery_takes_from_anothers_reservation_is_short_at_once_and_a_task_says_so(scene, desk):
    scene.in_stock("PAD", "2")
    an_order(scene, "other")
    scene.delivered("order", installed("line", "PAD", "1"))
    assert scene.set_aside("other") == {"PAD": (1, 0, 1)}
    part = scene.part("PAD")
    assert [str(one) for one in (part.in_bin, part.reserved, part.available)] == ["1.000", "1.000", "0.000"]
    (task,) = desk.ask(ListTasks(kind="reservation_short")).items
    assert (task.work_order_id, task.line_id, task.part_number, str(task.quantity)) == (
        an_id("other"),
        an_id("other line"),
        "PAD",
        "1.000",
    )
    fact = desk.announced(PartsReserved)[-1]
    assert (fact.work_order_id, [str(one.quantity) for one in fact.short]) == (an_id("other"), ["1.000"])
    scene.assert_the_books_agree()


def test_who_came_last_loses_first_and_who_lost_waits_in_its_old_place(scene, desk):
    scene.in_stock("PAD", "3")
    for name in ("first", "second"):
        an_order(scene, name, "1")
        desk.pass_time(hours=1)
    scene.booked("third", want("a", "PAD", "1"))
    scene.corrected("PAD", "2", "bin", "scrap")
    assert scene.set_aside("first") == {"PAD": (1, 0, 0)}
    assert scene.set_aside("second") == {"PAD": (0, 0, 1)}
    assert scene.set_aside(appointment="third") == {"PAD": (0, 0, 1)}
    assert [one.appointment_id for one in desk.ask(ListTasks(state="open")).items if one.work_order_id is None] == [
        an_id("third")
    ]
    scene.received("PAD", "1")
    assert scene.set_aside("second") == {"PAD": (1, 0, 0)}
    scene.assert_the_books_agree()


def test_the_task_ends_when_the_parts_are_made_good(scene):
    """Step by step; what is lost again later opens it again."""
    scene.in_stock("PAD", "2")
    an_order(scene, "order")
    scene.corrected("PAD", "2", "bin", "discrepancy")
    assert scene.tasks() == {("reservation_short", "PAD", 2)}
    scene.corrected("PAD", "1", "discrepancy", "bin")
    assert scene.tasks() == {("reservation_short", "PAD", 1)}
    scene.corrected("PAD", "1", "discrepancy", "bin")
    assert (scene.tasks(), scene.tasks("withdrawn")) == (set(), {("reservation_short", "PAD", 1)})
    scene.corrected("PAD", "2", "bin", "scrap")
    assert scene.tasks() == {("reservation_short", "PAD", 2)}
    scene.assert_the_books_agree()


@pytest.mark.parametrize("end", ["voided", "delivered", "approved"])
def test_the_task_ends_with_the_want(scene, end):
    scene.in_stock("PAD", "2")
    an_order(scene, "order")
    scene.corrected("PAD", "2", "bin", "discrepancy")
    if end == "approved":
        scene.approved("order", sequence=3)
    else:
        getattr(scene, end)("order")
    assert scene.tasks() == set()
    scene.assert_the_books_agree()


def test_a_task_that_was_resolved_is_opened_by_the_next_loss(scene, desk):
    scene.in_stock("PAD", "2")
    an_order(scene, "order")
    scene.corrected("PAD", "1", "bin", "scrap")
    (task,) = desk.ask(ListTasks()).items
    desk.do(ResolveTask(task_id=task.id, note="ordered"))
    scene.corrected("PAD", "1", "bin", "scrap")
    (again,) = desk.ask(ListTasks()).items
    assert (again.id, again.state, str(again.quantity), again.note) == (task.id, "open", "1.000", None)


def test_what_an_appointment_lost_its_order_lacks(scene, desk):
    scene.in_stock("PAD", "2")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.corrected("PAD", "1", "bin", "scrap")
    scene.opened("order", "appointment")
    scene.approved("order", want("line", "PAD", "2"), appointment="appointment")
    (task,) = desk.ask(ListTasks(state="open")).items
    assert (task.work_order_id, task.appointment_id, str(task.quantity)) == (an_id("order"), None, "1.000")
    scene.received("PAD", "1")
    assert scene.tasks() == set()
    scene.assert_the_books_agree()


def test_a_receipt_that_is_undone_or_sent_back_takes_from_reservations_too(scene):
    scene.catalogued("PAD")
    receipt = scene.received("PAD", "4")
    an_order(scene, "order", "4")
    scene.sent_back(receipt, "PAD", "1")
    assert scene.set_aside("order") == {"PAD": (3, 0, 1)}
    scene.undone(receipt)
    assert scene.set_aside("order") == {"PAD": (0, 0, 4)}
    assert scene.tasks() == {("reservation_short", "PAD", 4)}
    scene.assert_the_books_agree()


def test_what_was_lost_cannot_be_issued(scene):
    scene.in_stock("PAD", "2")
    an_order(scene, "first", "1")
    scene.desk.pass_time(hours=1)
    scene.desk.pass_time(hours=1)
    an_order(scene, "second", "1")
    scene.corrected("PAD", "1", "bin", "scrap")
    with pytest.raises(Refused, match="reserved_for_others"):
        scene.issue("second", "second line", "1")
    scene.issue("first", "first line", "1")
    scene.assert_the_books_agree()


def test_a_void_order_with_parts_in_work_raises_a_return_task(scene, desk):
    """Rule P3: their return settles it."""
    scene.in_stock("PAD", "5")
    an_order(scene, "order")
    scene.issue("order", "order line", "2")
    scene.voided("order", times=2)
    (task,) = desk.ask(ListTasks()).items
    assert (task.kind, task.state, task.work_order_id, task.revision, str(task.quantity)) == (
        "return_surplus",
        "open",
        an_id("order"),
        0,
        "2.000",
    )
    scene.take_back("order", "order line", "2")
    assert (scene.tasks(), scene.tasks("resolved")) == (set(), {("return_surplus", "PAD", 2)})
    assert scene.balance("PAD") == {"supplier": -5, "bin": 5}
    scene.assert_the_books_agree()
