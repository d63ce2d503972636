"""Rule W24: who has keys, papers and the customer's things is always known, and the team accepts the car before it begins."""

from typing import Any

import pytest
from sqlalchemy import select

from chassis.wire.errors import Invalid, Refused
from contracts.workshop import custody
from contracts.workshop.damage import Damage
from contracts.workshop.events import CarAccepted
from contracts.workshop.shop_floor import AcceptCar
from contracts.workshop.walk_around import (
    GetReception,
)
from services.workshop.order.custody import CustodyHandOver
from tests.services.workshop.shop import DEALER, Shop
from tests.services.workshop.test_walk_around import passed, signed, walked


def test_rule_w24_keys_papers_and_folder_pass_from_hand_to_hand_and_what_is_the_customers_back_at_delivery(shop: Shop) -> None:
    """Advisor, manager, technician, inspector, advisor; what was not taken over is in nobody's hands."""
    for login in ("wang", "boss", "inspector"):
        shop.desk.employ(login, "service_advisor")
    order = shop.approved()
    signed(shop, walked(shop, order))
    for giver, taker in (("wang", "boss"), ("boss", "zhang"), ("zhang", "inspector")):
        held = passed(shop, order, taker, "keys", "folder", actor=giver).held
        assert {one.thing: one.holder for one in held} == {"keys": taker, "registration": "wang", "folder": taker}
    passed(shop, order, "wang", "keys")
    with pytest.raises(Invalid, match="stays_with_the_house"):
        passed(shop, order, None, "keys", "folder")
    with pytest.raises(Refused, match="holds_it_already"):
        passed(shop, order, "wang", "keys")
    with pytest.raises(Refused, match="not_in_custody"):
        passed(shop, order, "boss", "service_book")
    with pytest.raises(Invalid):
        passed(shop, order, "boss", "keys", "keys")
    passed(shop, order, None, "registration")
    order = shop.dispatched(order)
    shop.desk.do(AcceptCar(work_order_id=order.id), actor="zhang")
    shop.deliver(shop.ready(order))
    end = shop.desk.ask(custody.GetCustody(work_order_id=order.id))
    assert {one.thing: one.holder for one in end.held} == {"keys": None, "registration": None, "folder": "inspector"}
    assert [(one.number, one.thing, one.given_by, one.given_to) for one in end.hand_overs if one.thing != "folder"] == [
        (1, "keys", None, "wang"),
        (2, "registration", None, "wang"),
        (4, "keys", "wang", "boss"),
        (6, "keys", "boss", "zhang"),
        (8, "keys", "zhang", "inspector"),
        (10, "keys", "inspector", "wang"),
        (11, "registration", "wang", None),
        (12, "keys", "wang", None),
    ]

    def rewrite(session: Any) -> None:
        session.scalars(select(CustodyHandOver).limit(1)).one().given_to = "nobody"
        session.flush()

    with pytest.raises(PermissionError):
        shop.desk.rows(rewrite, dealer=DEALER)


def test_nobody_clocks_on_before_the_team_has_accepted_the_car_or_told_its_new_damage(shop: Shop) -> None:
    """Rule W24: once, before the first clock-on, of a car that was walked around; the advisor sees what damage is new."""
    order = shop.dispatched(shop.approved())
    with pytest.raises(Refused, match="no_walk_around"):
        shop.desk.do(AcceptCar(work_order_id=order.id), actor="zhang")
    signed(shop, walked(shop, order))
    with pytest.raises(Refused, match="car_not_accepted"):
        shop.clock_on(order)
    rim = Damage(panel="left_front_wheel", damage="scratch", note="rim")
    accepted = shop.desk.do(AcceptCar(work_order_id=order.id, new_damages=[rim]), actor="zhang")
    assert accepted.acceptance is not None
    assert (accepted.acceptance.accepted_by, accepted.acceptance.new_damages) == ("zhang", [rim])
    [told] = shop.desk.announced(CarAccepted)
    assert (told.accepted_by, told.accepted_at, told.new_damages) == ("zhang", shop.desk.clock.now(), [rim])
    assert shop.desk.ask(GetReception(work_order_id=order.id)).acceptance == accepted.acceptance
    with pytest.raises(Refused, match="car_accepted"):
        shop.desk.do(AcceptCar(work_order_id=order.id), actor="chen")
    assert shop.clock_on(order).status == "in_progress"


def test_work_that_had_begun_before_the_walk_around_goes_on(shop: Shop) -> None:
    """The first clock-on is past: who sends the car back to work is not asked for what cannot be compared any more."""
    order = shop.dispatched(shop.approved())
    shop.clock_on(order)
    shop.desk.pass_time(minutes=5)
    shop.clock_off(order, done=False)
    walked(shop, order)
    assert shop.clock_on(order).status == "in_progress"
