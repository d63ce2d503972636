"""Rule W23: an order is closed only with a complete file; it lists what was signed, is found, and is never changed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from contracts.billing.events import GatePassUsed
from contracts.parts.events import PartsIssued
from contracts.workshop import handing_over
from contracts.workshop import order_file as files
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.events import WorkOrderClosed
from contracts.workshop.handing_over import ReverseDelivery
from contracts.workshop.order import WorkOrder
from services.workshop.handing_over.delivery import Delivery
from services.workshop.order_file.sealed_file import SealedFile
from tests.services.desk import NOON
from tests.services.workshop.legs import Fleet
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


def test_a_car_that_has_left_is_closed_as_soon_as_nothing_is_missing_also_because_it_is_needed_no_longer(shop: Shop) -> None:
    """Rule W23: whoever makes the settings easier has the orders closed that waited for no more than that."""
    needs(shop, "walk_around")
    order, other = shop.deliver(shop.ready()), shop.deliver(shop.ready())
    leaves(shop, order)
    needs(shop, "slip")
    assert (shop.now(order).status, incomplete(shop)) == ("delivered", 1)
    needs(shop)
    assert (shop.now(order).status, shop.now(other).status, incomplete(shop)) == ("closed", "delivered", 0)
    assert file_of(shop, order).sealed_at is not None
    assert len(shop.desk.announced(WorkOrderClosed)) == 1


def test_a_slip_that_is_heard_of_after_the_car_has_left_closes_its_order(shop: Shop) -> None:
    """Rule W23: facts come in any order."""
    needs(shop, "slip")
    order = shop.deliver(shop.ready())
    assert leaves(shop, order).status == "delivered"
    signed = {"document_hash": "b" * 64, "signed_by": "zhang", "signed_at": NOON, "means": "drawn"}
    shop.desk.hear(PartsIssued(slip_id=new_id(), work_order_id=order.id, lines=[], technician="zhang", **signed))
    assert shop.now(order).status == "closed"


def test_so_does_the_sheet_that_is_signed_as_the_car_is_brought_home(shop: Shop) -> None:
    """Rules W23, B14: the car leaves through the gate before its customer signs at the door."""
    fleet = Fleet(shop.desk)
    needs(fleet.shop, "leg_sheet")
    order = fleet.shop.ready()
    one = fleet.plans(fleet.appointment(), "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    order = fleet.shop.deliver(order)
    fleet.starts(one)
    assert leaves(fleet.shop, order).status == "delivered"
    fleet.records(one)
    fleet.signs(one)
    assert fleet.shop.now(order).status == "closed"


def test_a_paper_that_was_filed_as_something_else_is_withdrawn_and_filed_as_what_it_is(shop: Shop) -> None:
    """Rule W23: by the service manager, with what was wrong, which shows; until the file is sealed."""
    needs(shop, "wash")
    order, other = shop.deliver(shop.ready()), shop.deliver(shop.ready())
    leaves(shop, order)
    scan = attach(shop, order, kind="other").id
    [wrong] = [one for one in papers(shop, order, "walk_around", attachment_id=scan).documents if one.means == "paper"]
    asked = files.WithdrawPaper(work_order_id=order.id, paper_id=wrong.document_id, reason="it is the wash sheet")
    with pytest.raises(NotFound):
        shop.desk.do(replace(asked, work_order_id=other.id))
    shop.desk.do(asked)
    with pytest.raises(Refused, match="paper_withdrawn"):
        shop.desk.do(asked)
    assert shop.now(order).status == "delivered"
    closed = papers(shop, order, "wash", attachment_id=scan)
    filed = [(one.kind, one.void_because) for one in closed.documents if one.means == "paper"]
    assert sorted(filed) == [("walk_around", "it is the wash sheet"), ("wash", None)]
    assert (closed.status, closed.missing) == ("closed", [])
    [right] = [one for one in closed.documents if one.kind == "wash"]
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.desk.do(replace(asked, paper_id=right.document_id))


def test_a_paper_that_was_withdrawn_stands_for_nothing(shop: Shop) -> None:
    needs(shop, "walk_around")
    order = shop.deliver(shop.ready())
    [paper] = [one for one in papers(shop, order).documents if one.means == "paper"]
    shop.desk.do(files.WithdrawPaper(work_order_id=order.id, paper_id=paper.document_id, reason="another car's"))
    assert leaves(shop, order).status == "delivered"
    assert file_of(shop, order).missing == ["walk_around"]


def test_of_a_paper_the_day_is_known_it_is_today_at_the_latest_and_none_before_the_order(shop: Shop) -> None:
    """Rule W23: early in the morning noon has not come yet. Only a car that is fetched has a sheet of a day before."""
    order = shop.deliver(shop.ready())
    today = shop.desk.clock.now().date()
    [paper] = [one for one in papers(shop, order, signed_on=today).documents if one.means == "paper"]
    assert (paper.signed_on, paper.signed_at) == (today, None)
    for wrong in (today + timedelta(days=1), today - timedelta(days=1), date(1900, 1, 1)):
        with pytest.raises(Invalid) as refused:
            papers(shop, order, signed_on=wrong)
        assert list(refused.value.details["errors"]) == ["signed_on"]
    papers(shop, order, "leg_sheet", signed_on=today - timedelta(days=1))


def test_a_paper_of_what_has_not_happened_yet_is_refused_by_name(shop: Shop) -> None:
    """Rule W23: nobody has settled a car in work, let alone let it out through the gate."""
    late: list[Any] = ["wash", "inspection", "completion", "settlement", "gate_pass"]

    def refused() -> list[Any]:
        found = []
        for kind in late:
            try:
                papers(shop, order, kind)
            except Refused as no:
                found.append((kind, no.code, no.details))
        return found

    order = shop.approved()
    for early in ("walk_around", "decision", "slip", "leg_sheet"):
        papers(shop, order, early)
    assert refused() == [(kind, "not_signed_yet", {"status": "open"}) for kind in late]
    order = shop.inspected(order)
    assert refused() == [(kind, "not_signed_yet", {"status": "quality_check"}) for kind in ("settlement", "gate_pass")]
    order = shop.desk.do(handing_over.MarkReady(work_order_id=order.id))
    assert refused() == [("gate_pass", "not_signed_yet", {"status": "ready"})]
    order = shop.deliver(shop.checked(order))
    assert refused() == []


@pytest.mark.parametrize(
    ("closed_on", "years", "until"),
    [("2026-03-31", 2, "2028-03-31"), ("2028-02-29", 2, "2030-02-28"), ("2028-02-29", 4, "2032-02-29")],
)
def test_a_file_is_kept_to_the_day(shop: Shop, closed_on: str, years: int, until: str) -> None:
    """Rule W23: not two days less at the end of a month; of 29 February the 28th, where there is none."""
    needs(shop, years=years)
    order = shop.deliver(shop.ready())
    shop.desk.pass_time(days=(date.fromisoformat(closed_on) - shop.desk.clock.now().date()).days)
    leaves(shop, order)
    assert file_of(shop, order).kept_until == date.fromisoformat(until)


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
