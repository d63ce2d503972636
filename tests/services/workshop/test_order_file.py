"""Rule W23: an order is closed only with a complete file; it lists what was signed, is found, and is never changed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.billing.events import GatePassUsed
from contracts.parts.events import PartsIssued
from contracts.workshop import order_file as files
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.events import WorkOrderClosed
from contracts.workshop.handing_over import ReverseDelivery
from contracts.workshop.order import WorkOrder
from services.workshop.handing_over.delivery import Delivery
from services.workshop.order_file.sealed_file import SealedFile
from tests.services.desk import NOON
from tests.services.workshop.shop import VEHICLE, Shop
from tests.services.workshop.test_evidence import attach

NEEDED: list[Any] = ["decision", "inspection", "settlement", "gate_pass"]


def leaves(shop: Shop, order: WorkOrder, times: int = 1) -> WorkOrder:
    """The gate pass of the newest delivery is used."""
    signed = {"document_hash": "a" * 64, "signed_by": "li", "signed_at": NOON}
    shop.desk.hear(GatePassUsed(work_order_id=order.id, gate_pass_id=new_id(), revision=order.revision, **signed), times=times)
    return shop.now(order)


def needs(shop: Shop, *more: Any, years: int = 2) -> None:
    shop.desk.do(files.SetFileSettings(mandatory=[*NEEDED, *more], keep_years=years))


def file_of(shop: Shop, order: WorkOrder) -> files.OrderFile:
    return shop.desk.ask(files.GetOrderFile(work_order_id=order.id))


def papers(shop: Shop, order: WorkOrder, kind: Any = "walk_around", **more: Any) -> files.OrderFile:
    attachment = more.pop("attachment_id", None) or attach(shop, order, kind="other").id
    told = {"signed_by": "Li Na", "signed_on": date(2026, 3, 2), **more}
    return shop.desk.do(files.FilePaper(work_order_id=order.id, kind=kind, attachment_id=attachment, **told))


def incomplete(shop: Shop) -> int:
    groups = shop.desk.ask(FindWorkshopConcerns()).groups
    return next(one.count for one in groups if one.kind == "file_incomplete")


def test_an_order_has_what_is_mandatory_by_the_way_it_goes_and_is_closed_as_the_car_leaves(shop: Shop) -> None:
    """Who signed what, when and how, with its hash; the slip and the gate pass as their services announced them."""
    order = shop.approved()
    signed = {"document_hash": "b" * 64, "signed_by": "zhang", "signed_at": NOON, "means": "drawn"}
    slip = PartsIssued(slip_id=new_id(), work_order_id=order.id, lines=[], technician="zhang", **signed)
    shop.desk.hear(slip)
    order = shop.deliver(shop.ready(order))
    assert (file_of(shop, order).missing, file_of(shop, order).sealed_at) == (["gate_pass"], None)
    assert leaves(shop, order, times=2).status == "closed"
    found = file_of(shop, order)
    kinds = {one.kind: one for one in found.documents}
    assert sorted(kinds) == ["decision", "gate_pass", "inspection", "settlement", "slip"]
    assert (kinds["decision"].signed_by, kinds["decision"].means, kinds["decision"].verified) == ("Li Na", "typed", True)
    assert (kinds["inspection"].signed_by, kinds["inspection"].means, kinds["inspection"].verified) == ("qin", "account", True)
    assert (kinds["settlement"].signed_by, kinds["settlement"].verified) == ("Li Na", True)
    assert (kinds["slip"].document_hash, kinds["slip"].means, kinds["slip"].verified) == ("b" * 64, "drawn", None)
    assert (kinds["gate_pass"].document_hash, kinds["gate_pass"].signed_by) == ("a" * 64, "li")
    assert (found.missing, found.sealed_at, found.kept_until) == ([], shop.desk.clock.now(), date(2028, 3, 2))
    assert len(shop.desk.announced(WorkOrderClosed)) == 1


def test_closing_is_refused_while_one_is_missing_and_the_fact_is_kept_until_it_is_there(shop: Shop) -> None:
    """The car has left: the order stays delivered, a matter of the attention list, and is closed when the paper arrives."""
    needs(shop, "walk_around")
    order = shop.deliver(shop.ready())
    left = leaves(shop, order)
    assert (left.status, file_of(shop, order).missing, incomplete(shop)) == ("delivered", ["walk_around"], 1)
    assert shop.desk.announced(WorkOrderClosed) == []
    [waiting] = shop.desk.ask(files.ListOpenFiles()).items
    assert (waiting.work_order_id, waiting.left_at) == (order.id, shop.desk.clock.now())
    with pytest.raises(Refused, match="gate_pass_used"):
        shop.desk.do(ReverseDelivery(work_order_id=order.id, reason="wrong car"))
    shop.desk.pass_time(hours=3)
    assert papers(shop, order, "slip").missing == ["walk_around"], "another document does not do"
    closed = papers(shop, order)
    assert (closed.status, closed.missing) == ("closed", [])
    assert (closed.left_at, closed.sealed_at) == (waiting.left_at, waiting.left_at + timedelta(hours=3))
    assert (len(shop.desk.announced(WorkOrderClosed)), incomplete(shop)) == (1, 0)
    assert leaves(shop, order).status == "closed", "the fact once more changes nothing"
    assert len(shop.desk.announced(WorkOrderClosed)) == 1


def test_a_paper_is_attached_to_the_order_signed_by_now_and_filed_once(shop: Shop) -> None:
    order, other = shop.deliver(shop.ready()), shop.open()
    attachment = attach(shop, order).id
    for wrong in ({"attachment_id": attach(shop, other).id}, {"attachment_id": new_id()}, {"signed_on": date(2026, 3, 3)}):
        with pytest.raises(Invalid):
            papers(shop, order, **wrong)
    [paper] = [one for one in papers(shop, order, attachment_id=attachment).documents if one.means == "paper"]
    assert (paper.kind, paper.signed_by, paper.document_hash) == ("walk_around", "Li Na", f"{1:064x}")
    with pytest.raises(Refused, match="paper_filed"):
        papers(shop, order, attachment_id=attachment)
    leaves(shop, order)
    with pytest.raises(Refused, match="not_in_this_status"):
        papers(shop, order, attachment_id=attachment)


def test_what_was_changed_after_it_was_signed_shows_and_does_not_count(shop: Shop) -> None:
    order = shop.deliver(shop.ready())

    def forge(session: Any) -> None:
        delivery = session.get(Delivery, (order_key[0], order_key[1]))
        changed = {**delivery.settlement.dump(), "accepted_by": "somebody else"}
        session.execute(
            update(Delivery).where(Delivery.id == delivery.id).values(settlement=type(delivery.settlement).load(changed))
        )
        session.commit()

    order_key = ("sh-pudong", Delivery.identity(order.id, 1))
    shop.desk.rows(forge)
    [settlement] = [one for one in file_of(shop, order).documents if one.kind == "settlement"]
    assert settlement.verified is False
    assert leaves(shop, order).status == "delivered"
    assert file_of(shop, order).missing == ["settlement"]


def test_what_is_sealed_is_found_by_car_plate_and_number_and_nothing_changes_or_removes_it(shop: Shop) -> None:
    """Through the day until which it is kept, which another setting does not make earlier; the database refuses it, too."""
    needs(shop, years=3)
    order = shop.deliver(shop.ready())
    leaves(shop, order)
    needs(shop, years=1)
    for asked in ({"vin": VEHICLE.vin.lower()}, {"plate": "沪a 12345"}, {"number": order.number}, {}):
        [entry] = shop.desk.ask(files.ListOrderFiles(**asked)).items
        assert (entry.work_order_id, entry.kept_until) == (order.id, date(2029, 3, 2))
    assert shop.desk.ask(files.ListOrderFiles(number="RO-2026-999999")).items == []
    assert shop.desk.ask(files.ListOrderFiles(), dealer="bj-chaoyang").items == []
    for change in (update(SealedFile).values(order_number="other"), delete(SealedFile)):
        with pytest.raises(DBAPIError, match="never changed"):
            shop.desk.rows(lambda session, change=change: session.execute(change))


def test_a_reversed_settlement_stays_in_the_file_and_the_next_one_counts(shop: Shop) -> None:
    """Rule W15: from delivered back and delivered anew; what was signed for nothing is marked."""
    order = shop.deliver(shop.ready())
    shop.reverse(order)
    assert "settlement" in file_of(shop, order).missing
    shop.deliver(shop.now(order))
    assert leaves(shop, shop.now(order)).status == "closed"
    settlements = [one.reversed for one in file_of(shop, order).documents if one.kind == "settlement"]
    assert sorted(settlements) == [False, True]
    assert datetime.fromisoformat(file_of(shop, order).sealed_at.isoformat()) == shop.desk.clock.now()
