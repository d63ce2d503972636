"""Rule W8: a link shows the photos of what is decided by it."""

import pytest

from chassis.wire.errors import NotFound
from chassis.wire.ids import new_id
from contracts.workshop.evidence import Attachment
from contracts.workshop.linked import (
    GetLinkedPicture,
)
from contracts.workshop.multi_point import ProposeFindings
from contracts.workshop.order import RecordJob
from tests.services.workshop.shop import Shop, labour, line_id
from tests.services.workshop.test_evidence import a_file, attach
from tests.services.workshop.test_multi_point import measured, pad, pictured, publish
from tests.services.workshop.test_signing_link import linked, refused


def test_a_link_shows_the_photos_of_its_lines_jobs_and_findings_and_no_others(shop: Shop) -> None:
    """Rule W31: nothing of other work, of the walk-around, of papers; and nothing once it was decided."""
    publish(shop, pad())
    order = shop.dispatched(shop.approved(labour=[labour("OIL")]))
    shop.desk.do(RecordJob(work_order_id=order.id, job=2, complaint="noise"))
    pictured(shop, order, "PAD-F")
    measured(shop, order, PAD_F="1")
    found = shop.desk.do(ProposeFindings(work_order_id=order.id, template_code="MPI", item_codes=["PAD-F"]))
    of_line = attach(shop, order, a_file(1), line_id=line_id(found, 2), kind="additional_work", note="worn")
    of_job = attach(shop, order, a_file(2, content_type="video/mp4"), job=found.lines[1].job)
    others = [
        attach(shop, order, a_file(3), job=2),
        attach(shop, order, a_file(4), line_id=line_id(found, 1)),
        attach(shop, order, a_file(5), item="left_front_door"),
        attach(shop, order, a_file(6, content_type="application/pdf"), line_id=line_id(found, 2)),
        attach(shop, shop.open(), a_file(7), job=1),
    ]
    holder, _ = linked(shop, found)
    pictures = holder.sees().pictures
    assert [one.id for one in pictures[:2]] == [of_job.id, of_line.id]
    assert [(one.kind, one.note) for one in pictures[1:]] == [("additional_work", "worn"), ("finding", None)]
    [pads] = holder.sees().findings
    assert (pads.item_code, pads.finding, str(pads.value), pads.line_id) == ("PAD-F", "red", "1.000", line_id(found, 2))

    def asked(attachment_id: str) -> Attachment:
        return shop.desk.ask(GetLinkedPicture(token_hash=holder.token_hash, attachment_id=attachment_id))

    assert [asked(one.id).id for one in pictures] == [one.id for one in pictures]
    for one in [*(other.id for other in others), new_id()]:
        with pytest.raises(NotFound):
            asked(one)
    holder.approves()
    assert refused(lambda: asked(of_line.id)) == "link_used"
