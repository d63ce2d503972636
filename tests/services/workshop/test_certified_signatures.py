"""Rule W20: whoever signs a check or a certificate is certified for it that day."""

from collections.abc import Callable

import pytest

from chassis.wire.errors import Refused
from contracts.workshop import certificate, shop_floor
from contracts.workshop.certificate import Certificate
from contracts.workshop.completion import IssueCompletionCertificate
from contracts.workshop.quality import CheckTeamWork
from tests.services.workshop.shop import Shop, labour, line_id, part
from tests.services.workshop.test_certificates import issued


def test_the_final_inspection_is_signed_by_who_is_certified_for_it(skilled: Shop) -> None:
    """Passed or not, what is inspected is signed; an operation without such a skill asks for none."""
    issued(skilled)
    order = skilled.dispatched(skilled.approved(labour=[labour("HV-BAT")], parts=[part()]))
    skilled.clock_on(order)
    skilled.desk.pass_time(minutes=30)
    skilled.clock_off(order)
    skilled.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")
    redo = [line_id(order, 1)]
    for found in ({"passed": True}, {"passed": False, "findings": "noise", "rework_cause": "part", "rework_line_ids": redo}):
        with pytest.raises(Refused) as refused:
            skilled.desk.do(shop_floor.CheckQuality(work_order_id=order.id, **found), actor="qin")
        assert (refused.value.code, refused.value.details["name"], refused.value.details["skill"]) == (
            "not_certified",
            "qin",
            "CHECK",
        )
    kept = skilled.desk.ask(shop_floor.ListInspections(work_order_id=order.id)).items
    assert [one.stage for one in kept] == ["self"]
    issued(skilled, "qin", "check")
    assert skilled.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="qin").quality_passed_by == "qin"


def test_whoever_signs_a_check_or_the_completion_certificate_is_certified_that_day(skilled: Shop) -> None:
    """Rules W11, W20, W32: an expired or withdrawn certificate signs nothing, whichever the signature is."""
    own, inspector = issued(skilled), issued(skilled, "qin", "CHECK")
    order = skilled.dispatched(skilled.approved(labour=[labour("HV-BAT")]))
    skilled.clock_on(order)
    skilled.desk.pass_time(minutes=30)
    skilled.clock_off(order)

    def hands_in(login: str = "zhang") -> None:
        skilled.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor=login)

    def leads(login: str) -> None:
        skilled.desk.do(CheckTeamWork(work_order_id=order.id, passed=True), actor=login)

    def certifies() -> None:
        skilled.desk.do(IssueCompletionCertificate(work_order_id=order.id), actor="qin")

    withdrawn(skilled, own)
    _lacks(hands_in, "zhang", "HV")
    issued(skilled)
    hands_in()
    _lacks(lambda: leads("tian"), "tian", "HV")
    skilled.desk.employ("tian", "technician")
    issued(skilled, "tian")
    leads("tian")
    skilled.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    withdrawn(skilled, inspector)
    _lacks(certifies, "qin", "CHECK")
    issued(skilled, "qin", "CHECK")
    certifies()


def withdrawn(shop: Shop, one: Certificate) -> None:
    shop.desk.do(certificate.WithdrawCertificate(certificate_id=one.id, reason="forged"))


def _lacks(signs: Callable[[], None], name: str, skill: str) -> None:
    with pytest.raises(Refused, match="not_certified") as refused:
        signs()
    assert (refused.value.details["name"], refused.value.details["skill"]) == (name, skill)
