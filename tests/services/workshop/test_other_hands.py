"""What somebody does under another name, with what does not count any more, or for somebody else, is refused by name."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import derived_id
from contracts.gateway.events import AccountRecorded, StaffRoles
from contracts.workshop.equipment import EquipmentItem, RetireEquipment
from contracts.workshop.events import WorkApproved, WorkDeclined
from contracts.workshop.order import WorkOrder
from contracts.workshop.shop_floor import AssignLine, ClockOff, ClockOn, RecordInstalled
from contracts.workshop.signing_link import WithdrawSigningLink
from tests.services.workshop.shop import DEALER, Shop, labour, line_id, part
from tests.services.workshop.test_battery import measure
from tests.services.workshop.test_equipment import measured as gauged
from tests.services.workshop.test_equipment import registered, serviced
from tests.services.workshop.test_multi_point import pad, publish
from tests.services.workshop.test_quality import as_leader, final, handed_in, of_a_team
from tests.services.workshop.test_signing_link import linked, propose, refused
from tests.services.workshop.test_two_at_once import DONE, contest
from tests.services.workshop.visitors import visitor


def same_person(shop: Shop, *logins: str) -> None:
    """Accounts of one staff number, with every role of the floor."""
    roles = ["quality_inspector", "team_leader", "technician"]
    for login in logins:
        fact = AccountRecorded(
            login=login, name="Zhang", staff_number="0077", active=True, dealers=[StaffRoles(dealer=DEALER, roles=roles)]
        )
        shop.desk.hear(fact, subject=derived_id("account", login), sequence=9, dealer=None)


def test_no_team_leader_checks_under_another_account_what_they_did(shop: Shop) -> None:
    """Rule W11."""
    order = of_a_team(shop)
    same_person(shop, "zhang", "zhang.leader")
    with pytest.raises(Refused, match="inspector_did_the_work"):
        as_leader(shop, order, "zhang.leader")
    assert as_leader(shop, order).team_checked_by == "tian"


def test_nobody_inspects_parts_that_they_fitted_or_work_that_was_handed_on_under_another_account(shop: Shop) -> None:
    """Rule W11: recorded them, or was given the order before it was handed on."""
    order = shop.dispatched(shop.approved(labour=[labour()], parts=[part()]), "chen")
    order = shop.clock_on(order, technician="chen")
    shop.desk.do(RecordInstalled(work_order_id=order.id, line_id=line_id(order, 2), quantity=order.lines[1].quantity), actor="wu")
    shop.clock_off(order, technician="chen", done=False)
    order = handed_in(shop, shop.dispatched(shop.now(order), bay="B2"))
    same_person(shop, "chen", "chen.qc")
    with pytest.raises(Refused, match="inspector_did_the_work"):
        final(shop, order, actor="chen.qc")
    same_person(shop, "wu", "wu.qc")
    with pytest.raises(Refused, match="inspector_did_the_work"):
        final(shop, order, actor="wu.qc")


def test_nobody_clocks_on_or_off_for_somebody_else(shop: Shop) -> None:
    """Rule W9: who works says so themselves; a line that was given to a colleague is theirs."""
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    asked = {"work_order_id": order.id, "line_id": line_id(order, 1)}
    for one in (ClockOn, ClockOff):
        with pytest.raises(Invalid):
            one.load({**asked, "done": True, "technician": "chen"} if one is ClockOff else {**asked, "technician": "chen"})
    shop.desk.do(AssignLine(**asked, technician="chen"))
    with pytest.raises(Refused, match="line_of_colleague"):
        shop.clock_on(order, technician="zhang")
    shop.clock_on(order, technician="chen")
    with pytest.raises(Refused, match="not_clocked_on"):
        shop.clock_off(order, technician="zhang")
    assert [one.technician for one in shop.now(order).lines] == ["chen", None]


GONE: list[tuple[str, Callable[[Shop, EquipmentItem], Any]]] = [
    ("overdue", lambda shop, gauge: shop.desk.pass_time(days=8)),
    ("failed", lambda shop, gauge: serviced(shop, gauge, days=None, result="failed", note="2 mm off")),
    ("retired", lambda shop, gauge: shop.desk.do(RetireEquipment(equipment_id=gauge.id, reason="broken"))),
]


@pytest.mark.parametrize(("why", "happens"), GONE, ids=[why for why, _ in GONE])
@pytest.mark.parametrize("unit", ["mm", "% SOH"])
def test_a_gauge_that_is_not_in_order_measures_nothing_anywhere(shop: Shop, unit: str, why: str, happens: Any) -> None:
    """Rules W3, W21, W33: overdue, failed at its calibration, or used no more; what it measured before stays."""
    publish(shop, pad())
    order = shop.approved()
    gauge = registered(shop, "G-1", days=7, kind="gauge", units=[unit])

    def record(value: str) -> Any:
        if unit == "mm":
            return gauged(shop, order, value, "G-1").items[0].gauge
        return measure(shop, order, value, battery_method="capacity_test", gauge="G-1", tool=None).gauge

    assert record("8") == "G-1"
    happens(shop, gauge)
    with pytest.raises(Invalid if why == "retired" else Refused) as no:
        record("7")
    assert ("not_a_gauge_of_the_dealer" if why == "retired" else "gauge_overdue") in str(no.value)


def asked_by(shop: Shop, way: str) -> tuple[WorkOrder, Any, Any, Any]:
    """An order whose customer is asked by a link: the link, what it shows, and how it is signed."""
    order = propose(shop, shop.approved(), labour=[labour("OIL")])
    if way == "once":
        holder, link = linked(shop, order)
        return order, holder, holder.sees(), link
    comes, link = visitor(shop, order)
    return order, comes, comes.sees().requests[-1], link


@pytest.mark.parametrize("way", ["once", "lasting"])
def test_a_link_that_has_expired_decides_nothing(shop: Shop, way: str) -> None:
    """Rules W8, W17: not what was seen by it before either."""
    _, by, seen, _ = asked_by(shop, way)
    shop.desk.pass_time(hours=24 * 181)
    approved = len(shop.desk.announced(WorkApproved))
    assert refused(lambda: by.approves(seen)) == "link_expired"
    assert len(shop.desk.announced(WorkApproved)) == approved
    assert shop.desk.announced(WorkDeclined) == []


def test_a_link_that_was_withdrawn_as_it_was_read_decides_nothing(shop: Shop) -> None:
    """Rule W8."""
    order, by, seen, link = asked_by(shop, "once")
    shop.desk.do(WithdrawSigningLink(work_order_id=order.id, signing_link_id=link.id))
    approved = len(shop.desk.announced(WorkApproved))
    assert refused(lambda: by.approves(seen)) == "link_withdrawn"
    assert len(shop.desk.announced(WorkApproved)) == approved


@pytest.mark.parametrize("way", ["once", "lasting"])
def test_what_was_decided_by_a_link_is_decided_once(shop: Shop, way: str) -> None:
    """Rules W8, W17: another time it is refused, and the ledger has one decision."""
    _, by, seen, _ = asked_by(shop, way)
    before = len(shop.desk.announced(WorkApproved))
    by.approves(seen)
    assert refused(lambda: by.approves(seen)) == ("link_used" if way == "once" else "estimate_lapsed")
    assert len(shop.desk.announced(WorkApproved)) == before + 1


def test_of_a_link_that_is_withdrawn_as_its_customer_decides_one_wins(shop: Shop) -> None:
    """Rule W8."""
    for number in range(6):
        order, by, seen, link = asked_by(shop, "once")
        taken = WithdrawSigningLink(work_order_id=order.id, signing_link_id=link.id)
        told = contest(number, partial(by.approves, seen), partial(shop.desk.do, taken))
        assert sorted(told) in ([DONE, "link_used"], [DONE, "link_withdrawn"])
        approved = [one for one in shop.desk.announced(WorkApproved) if one.work_order_id == order.id]
        assert len(approved) == (2 if told[0] == DONE else 1), "beside the estimate"
