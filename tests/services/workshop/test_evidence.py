"""Attachments as workshop records them (Rules W2, W31): stamped, never changed, found by order, counted once."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from chassis.wire.rules import rule
from contracts.billing.events import GatePassUsed
from contracts.workshop.events import AttachmentAdded
from contracts.workshop.evidence import (
    Attachment,
    FindRecordedFiles,
    GetAttachment,
    GetUploadTerms,
    ListAttachments,
    RecordAttachment,
    StoredFile,
)
from contracts.workshop.order import GetWorkOrder
from contracts.workshop.pricing import SetWorkshopSettings
from services.workshop.evidence.attachment import Attachment as Row
from tests.services.desk import NOON
from tests.services.history import Reading, grow
from tests.services.workshop.shop import Shop, cny
from tests.services.workshop.test_multi_point import battery, measured, pad, publish

ROOM = 1_000_000_000


def a_file(number: int = 1, size: int = 1000, content_type: str = "image/jpeg") -> StoredFile:
    return StoredFile(sha256=f"{number:064x}", content_type=content_type, size=size, width=640, height=480, thumbnail=True)


def attach(
    shop: Shop, order, file: StoredFile | None = None, *, key: str | None = None, actor: str = "wang", **more
) -> Attachment:
    facts = {"kind": "walk_around", "name": "door.jpg", "file": file or a_file(), "most_bytes": ROOM, **more}
    return shop.desk.do(RecordAttachment(work_order_id=order.id, **facts), key=key, actor=actor)


def stored(shop: Shop, order) -> int:
    return shop.desk.ask(GetUploadTerms(work_order_id=order.id)).stored_bytes


def test_an_attachment_says_who_attached_what_and_when(shop):
    """Rule W31: stamped; and announced, without its name, which its sender chose."""
    order = shop.open()
    attached = attach(shop, order, note="scratch", job=1, item="left_front_door", actor="chen")
    assert (attached.attached_by, attached.attached_at) == ("chen", NOON)
    assert (attached.medium, attached.name, attached.note, attached.job) == ("photo", "door.jpg", "scratch", 1)
    assert shop.desk.ask(GetAttachment(work_order_id=order.id, attachment_id=attached.id)) == attached
    [told] = shop.desk.announced(AttachmentAdded)
    assert (told.work_order_id, told.attachment_id, told.sha256) == (order.id, attached.id, attached.sha256)
    video = attach(shop, order, a_file(2, content_type="video/mp4"))
    paper = attach(shop, order, a_file(3, content_type="application/pdf"))
    assert (video.medium, paper.medium) == ("video", "paper")


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"item": "boot"}, "no_such_panel"),
        ({"kind": "old_part", "item": "boot_lid"}, "only_of_panel_or_finding"),
        ({"kind": "other", "item": "PAD-F"}, "only_of_panel_or_finding"),
    ],
)
def test_what_a_photo_is_of_is_a_panel_of_the_walk_around_or_an_item_of_a_finding(shop, told, rule):
    """Rules W2 and W31: the panels are fixed; nothing is recorded of what is refused."""
    order = shop.open()
    with pytest.raises(Invalid) as refused:
        attach(shop, order, **told)
    assert refused.value.details["errors"] == {"item": [rule]}
    assert stored(shop, order) == 0
    assert attach(shop, order, item="boot_lid").item == "boot_lid"
    publish(shop, pad())
    assert attach(shop, order, a_file(2), kind="finding", item="PAD-F").item == "PAD-F"


def test_a_finding_is_of_an_item_that_an_inspection_has(shop):
    """Rules W3 and W31: of the group's templates, or of the order's inspection as it began."""
    order = shop.open()
    with pytest.raises(Invalid) as refused:
        attach(shop, order, kind="finding", item="NIX")
    assert refused.value.details["errors"] == {"item": [rule("not_in_the_template", item_code="NIX")]}
    assert stored(shop, order) == 0
    publish(shop, pad(), battery())
    measured(shop, order, PAD_F="8")
    publish(shop, battery())
    assert attach(shop, order, kind="finding", item="PAD-F").item == "PAD-F", "its inspection began with that"
    with pytest.raises(Invalid):
        attach(shop, shop.open(), kind="finding", item="PAD-F")


def test_an_attachment_is_never_changed(shop):
    """Rule W31: immutable. The database refuses it too."""
    attached = attach(shop, shop.open())
    for change in (update(Row).values(name="other"), delete(Row)):
        with pytest.raises(DBAPIError, match="never changed"):
            shop.desk.rows(lambda session, change=change: session.execute(change))
    assert attached.version == 1


def test_attaching_leaves_the_order_as_it_is(shop):
    """Whoever edits it meanwhile is not overtaken by a photo."""
    order = shop.open()
    attach(shop, order)
    assert shop.desk.ask(GetWorkOrder(work_order_id=order.id)).version == order.version


def test_an_attachment_belongs_to_its_order_and_its_dealer(shop):
    """Another order's, and another dealer's, answers as if there were none; the one place where that is decided."""
    order, other = shop.open(), shop.open()
    attached = attach(shop, order)
    with pytest.raises(NotFound):
        shop.desk.ask(GetAttachment(work_order_id=other.id, attachment_id=attached.id))
    for asked in (GetAttachment(work_order_id=order.id, attachment_id=attached.id), ListAttachments(work_order_id=order.id)):
        with pytest.raises(NotFound):
            shop.desk.ask(asked, dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        shop.desk.ask(GetUploadTerms(work_order_id=order.id), dealer="bj-chaoyang")


def test_a_reference_must_be_the_orders_own(shop):
    """A job it has not, or a line of another order, is refused by name; nothing is recorded."""
    order, other = shop.approved(), shop.approved()
    with pytest.raises(Refused, match="job_unknown"):
        attach(shop, order, job=9)
    with pytest.raises(Invalid) as wrong:
        attach(shop, order, line_id=other.lines[0].line_id)
    assert set(wrong.value.details["errors"]) == {"line_id"}
    assert attach(shop, order, line_id=order.lines[0].line_id).line_id == order.lines[0].line_id
    assert len(shop.desk.ask(ListAttachments(work_order_id=order.id)).items) == 1


def test_a_closed_order_takes_none(shop):
    """Its file is complete; until then an old part may be photographed after the delivery."""
    order = shop.deliver(shop.ready(shop.approved()))
    attach(shop, order)
    assert shop.desk.ask(GetUploadTerms(work_order_id=order.id)).open
    shop.desk.hear(GatePassUsed(work_order_id=order.id, gate_pass_id=new_id(), revision=1))
    assert not shop.desk.ask(GetUploadTerms(work_order_id=order.id)).open
    with pytest.raises(Refused, match="not_in_this_status"):
        attach(shop, order)


def test_a_repeat_is_one_attachment(shop):
    """Also when the order is closed, or the dealer has no room any more, by the time it is repeated."""
    order = shop.open()
    first = attach(shop, order, key="once")
    assert attach(shop, order, key="once", most_bytes=1).id == first.id
    assert len(shop.desk.ask(ListAttachments(work_order_id=order.id)).items) == 1


def test_one_content_is_counted_once(shop):
    """Rule W31: however often it is attached; and each dealer's is its own."""
    order = shop.open()
    attach(shop, order, a_file(1, 700))
    attach(shop, order, a_file(1, 700))
    attach(shop, shop.open(), a_file(2, 200))
    assert stored(shop, order) == 900
    with pytest.raises(Refused, match="attachment_storage_full"):
        attach(shop, order, a_file(3, 200), most_bytes=1000)
    attach(shop, order, a_file(1, 700), most_bytes=1000)
    assert stored(shop, order) == 900


def test_the_dealer_says_how_large_and_long(shop):
    """20 MB and 60 s (defaults)."""
    order = shop.open()
    terms = shop.desk.ask(GetUploadTerms(work_order_id=order.id))
    assert (terms.photo_bytes, terms.video_bytes, terms.video_seconds) == (20_000_000, 150_000_000, 60)
    limits = {"photo_megabytes": 5, "video_seconds": 10}
    shop.desk.do(SetWorkshopSettings(labour_rate=cny("100.00"), call_threshold=cny("0.00"), **limits))
    terms = shop.desk.ask(GetUploadTerms(work_order_id=order.id))
    assert (terms.photo_bytes, terms.video_bytes, terms.video_seconds) == (5_000_000, 25_000_000, 10)


def test_the_list_has_the_newest_first_page_by_page(shop):
    order = shop.open()
    made = [attach(shop, order, a_file(number), kind=kind) for number, kind in enumerate(("finding", "old_part", "finding"))]
    first = shop.desk.ask(ListAttachments(work_order_id=order.id, limit=2))
    assert [one.id for one in first.items] == [made[2].id, made[1].id]
    rest = shop.desk.ask(ListAttachments(work_order_id=order.id, limit=2, cursor=first.next_cursor))
    assert [one.id for one in rest.items] == [made[0].id]
    found = shop.desk.ask(ListAttachments(work_order_id=order.id, kind="finding"))
    assert [one.id for one in found.items] == [made[2].id, made[0].id]


def test_which_files_are_recorded_is_asked_before_one_is_deleted(shop):
    attach(shop, shop.open(), a_file(1))
    asked = FindRecordedFiles(sha256=[a_file(1).sha256, a_file(2).sha256])
    assert shop.desk.ask(asked).sha256 == [a_file(1).sha256]
    assert shop.desk.ask(asked, dealer="bj-chaoyang").sha256 == []


@pytest.mark.new_database
def test_attachments_cost_the_same_whatever_the_history(shop):
    """A list, one of them, the terms of an upload and what is recorded touch as many rows among thousands as among few."""
    order, other = shop.open(), shop.open()
    attached = attach(shop, order)
    asked = (
        ListAttachments(work_order_id=order.id),
        GetAttachment(work_order_id=order.id, attachment_id=attached.id),
        GetUploadTerms(work_order_id=order.id),
        FindRecordedFiles(sha256=[attached.sha256]),
    )
    before = [Reading(shop.desk, one).rows for one in asked]
    grow(shop.desk, "attachment", 5_000, work_order_id=f"'{other.id}'", sha256="repeat('f', 64)")
    assert [Reading(shop.desk, one).rows for one in asked] == before
