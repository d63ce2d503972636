"""Rule W20: who works on a car or signs for it is certified for it; certificates expire, and are told of before, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.workshop import certificate, shop_floor
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.certificate import Certificate, Training
from contracts.workshop.pricing import ListOperations
from contracts.workshop.team_events import CertificateExpiring, CertificateIssued, CertificateWithdrawn
from tests.services.desk import NOON
from tests.services.history import Reading, grow
from tests.services.workshop.shop import Shop, labour

TODAY = date(2026, 3, 2)
NEXT_YEAR = date(2027, 3, 1)


def issued(shop: Shop, holder: str = "zhang", skill: str = "HV", **more: Any) -> Certificate:
    return shop.desk.do(
        certificate.IssueCertificate(holder=holder, skill=skill, **{"issued_on": TODAY, "expires_on": NEXT_YEAR, **more})
    )


def listed(shop: Shop, **asked: Any) -> list[Certificate]:
    return shop.desk.ask(certificate.ListCertificates(**asked)).items


def test_an_operation_says_what_it_needs_and_without_a_skill_nobody_needs_a_certificate(skilled: Shop) -> None:
    [battery] = skilled.desk.ask(ListOperations(code_prefix="HV")).items
    assert (battery.skills, battery.inspection_skills) == (["HV"], ["CHECK"])
    assert skilled.inspected(skilled.approved(labour=[labour()])).status == "quality_check"


def test_dispatch_to_somebody_without_a_valid_certificate_names_person_skill_line_and_expiry(skilled: Shop) -> None:
    order = skilled.approved(labour=[labour(), labour("HV-BAT")])
    with pytest.raises(Refused) as refused:
        skilled.dispatched(order)
    assert (refused.value.code, refused.value.details) == ("not_certified", {"name": "zhang", "skill": "HV", "line": 2})
    assert skilled.now(order).status == "open"
    issued(skilled, expires_on=TODAY + timedelta(days=1))
    issued(skilled, "chen")
    skilled.desk.pass_time(hours=35)
    assert skilled.dispatched(order, "zhang").technician == "zhang", "it is valid to the end of its last day"
    skilled.desk.pass_time(hours=1)
    with pytest.raises(Refused) as refused:
        skilled.dispatched(order, "zhang")
    said = {"name": "zhang", "skill": "HV", "line": 2, "expires_on": "2026-03-03"}
    assert (refused.value.code, refused.value.details) == ("certificate_expired", said)
    assert skilled.dispatched(order, "chen").technician == "chen"


def test_what_is_done_needs_no_certificate_any_more(skilled: Shop) -> None:
    """Only the lines still to be done count: the rest of the order may be given to anybody."""
    issued(skilled)
    order = skilled.dispatched(skilled.approved(labour=[labour("HV-BAT"), labour()]))
    skilled.clock_on(order)
    skilled.desk.pass_time(minutes=30)
    skilled.clock_off(order)
    skilled.desk.do(shop_floor.HoldWorkOrder(work_order_id=order.id, reason="parts"))
    order = skilled.desk.do(shop_floor.ResumeWorkOrder(work_order_id=order.id))
    assert skilled.dispatched(order, "chen").technician == "chen"


def test_who_clocks_on_is_certified_at_the_time_they_began(skilled: Shop) -> None:
    """A colleague who helps out, too; what a tablet tells afterwards is held against that time."""
    held = issued(skilled)
    order = skilled.dispatched(skilled.approved(labour=[labour(), labour("HV-BAT")]))
    with pytest.raises(Refused, match="not_certified"):
        skilled.clock_on(order, 2, "chen")
    skilled.clock_on(order, 1, "chen")
    skilled.desk.pass_time(hours=1)
    began = skilled.desk.clock.now() - timedelta(minutes=30)
    skilled.desk.do(certificate.WithdrawCertificate(certificate_id=held.id, reason="forged"))
    with pytest.raises(Refused, match="not_certified"):
        skilled.clock_on(order, 2)
    assert skilled.clock_on(order, 2, occurred_at=began).status == "in_progress"


def test_one_certificate_per_person_and_skill_is_renewed_and_the_old_one_counts_to_its_end(skilled: Shop) -> None:
    first = issued(skilled, expires_on=TODAY + timedelta(days=40), certificate_number="HV-1")
    assert first.certificate_state == "valid"
    with pytest.raises(Refused, match="certificate_held"):
        issued(skilled, skill="hv")
    renewing = {"certificate_id": first.id, "issued_on": TODAY}
    with pytest.raises(Invalid, match="must_expire_later"):
        skilled.desk.do(certificate.RenewCertificate(**renewing, expires_on=first.expires_on))
    second = skilled.desk.do(certificate.RenewCertificate(**renewing, expires_on=NEXT_YEAR, certificate_number="HV-2"))
    assert (second.holder, second.skill, second.certificate_number) == ("zhang", "HV", "HV-2")
    assert [one.renews_id for one in skilled.desk.announced(CertificateIssued)] == [None, first.id]
    assert [one.id for one in listed(skilled)] == [second.id]
    [old] = listed(skilled, certificate_state="renewed")
    assert (old.id, old.renewed_by_id) == (first.id, second.id)
    with pytest.raises(Refused, match="certificate_renewed"):
        skilled.desk.do(certificate.RenewCertificate(**renewing, expires_on=date(2030, 1, 1)))
    skilled.desk.do(certificate.WithdrawCertificate(certificate_id=second.id, reason="left"), actor="boss")
    [gone] = listed(skilled, certificate_state="withdrawn")
    assert (gone.withdrawn_by, gone.withdrawn_because) == ("boss", "left")
    assert len(skilled.desk.announced(CertificateWithdrawn)) == 1
    [again] = listed(skilled)
    assert (again.id, again.renewed_by_id) == (first.id, None), "the old one stands again"
    skilled.desk.pass_time(seconds=11 * 86_400)
    skilled.desk.fire_timers()
    assert [one.certificate_id for one in skilled.desk.announced(CertificateExpiring)] == [first.id]
    assert [one.id for one in listed(skilled, certificate_state="expiring")] == [first.id]
    assert skilled.dispatched(skilled.approved(labour=[labour("HV-BAT")])).technician == "zhang", "the old one is valid still"


def test_days_that_are_none_of_a_certificate_and_people_who_need_none_are_refused_by_field(skilled: Shop) -> None:
    skilled.desk.employ("wang", "service_advisor")
    for wrong, field, rule in (
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on", "must_not_be_future"),
        ({"issued_on": TODAY, "expires_on": TODAY - timedelta(days=1)}, "expires_on", "must_not_be_before"),
        ({"issued_on": date(2020, 1, 1), "expires_on": date(2025, 1, 1)}, "expires_on", "must_not_be_past"),
    ):
        with pytest.raises(Invalid) as refused:
            issued(skilled, **wrong)
        assert rule in str(refused.value.details["errors"][field])
    with pytest.raises(Refused, match="not_of_the_workshop"):
        issued(skilled, "wang")
    assert listed(skilled) == []
    assert skilled.desk.ask(certificate.ListCertificates(), dealer="bj-chaoyang").items == []


def test_what_expires_is_told_once_thirty_days_before_unless_it_was_renewed(skilled: Shop) -> None:
    """On the dealer's midnight, by a clock; and on the manager's list until somebody renews or withdraws it."""
    told = issued(skilled, expires_on=date(2026, 4, 10))
    renewed = issued(skilled, "chen", expires_on=date(2026, 4, 10))
    skilled.desk.do(certificate.RenewCertificate(certificate_id=renewed.id, issued_on=TODAY, expires_on=NEXT_YEAR))
    midnight = datetime(2026, 3, 10, 16, tzinfo=UTC)
    skilled.desk.pass_time(seconds=(midnight - NOON).total_seconds() - 1)
    skilled.desk.fire_timers()
    assert skilled.desk.announced(CertificateExpiring) == []
    assert concerns(skilled) == []
    skilled.desk.pass_time(seconds=1)
    skilled.desk.fire_timers()
    skilled.desk.fire_timers()
    [fact] = skilled.desk.announced(CertificateExpiring)
    assert (fact.certificate_id, fact.holder, fact.skill, fact.expires_on) == (told.id, "zhang", "HV", date(2026, 4, 10))
    assert [one.id for one in listed(skilled, certificate_state="expiring")] == [told.id]
    assert concerns(skilled) == [("warning", "zhang", "HV")]
    skilled.desk.pass_time(days=40)
    skilled.desk.fire_timers()
    assert concerns(skilled) == [("severe", "zhang", "HV")]
    assert [one.certificate_state for one in listed(skilled, holder="zhang")] == ["expired"]
    skilled.desk.do(certificate.WithdrawCertificate(certificate_id=told.id, reason="left"))
    assert concerns(skilled) == []
    assert len(skilled.desk.announced(CertificateExpiring)) == 1


def test_the_days_of_notice_are_a_setting_and_move_the_clocks_that_run(skilled: Shop) -> None:
    issued(skilled, expires_on=date(2026, 5, 1))
    settings = skilled.desk.ask(certificate.GetTeamSettings())
    assert settings.certificate_notice_days == 30
    skilled.desk.do(certificate.SetTeamSettings(certificate_notice_days=60), if_match=settings.version)
    skilled.desk.fire_timers()
    assert len(skilled.desk.announced(CertificateExpiring)) == 1
    assert concerns(skilled) == [("warning", "zhang", "HV")]


def test_a_training_is_planned_held_and_its_certificate_comes_of_it_once(skilled: Shop) -> None:
    def planned(**more: Any) -> Training:
        asked = {"trainee": "zhang", "topic": "高压电", "skill": "HV", "planned_on": TODAY + timedelta(days=3), **more}
        return skilled.desk.do(certificate.PlanTraining(**asked))

    training, other = planned(), planned(skill=None)
    with pytest.raises(Refused, match="not_trained_for_it"):
        issued(skilled, training_id=training.id)
    held = {"training_id": training.id, "passed": True}
    with pytest.raises(Invalid, match="must_not_be_future"):
        skilled.desk.do(certificate.RecordTrainingResult(**held, held_on=TODAY + timedelta(days=1)))
    passed = skilled.desk.do(certificate.RecordTrainingResult(**held, held_on=TODAY, result_note="92"))
    assert (passed.training_state, passed.held_on, passed.result_note) == ("passed", TODAY, "92")
    with pytest.raises(Refused, match="training_over"):
        skilled.desk.do(certificate.RecordTrainingResult(**held, held_on=TODAY))
    with pytest.raises(Refused, match="not_trained_for_it"):
        issued(skilled, "chen", training_id=training.id)
    first = issued(skilled, training_id=training.id)
    again = certificate.RenewCertificate(
        certificate_id=first.id, issued_on=TODAY, expires_on=date(2028, 1, 1), training_id=training.id
    )
    with pytest.raises(Refused, match="training_certified"):
        skilled.desk.do(again)
    skilled.desk.do(certificate.CancelTraining(training_id=other.id, reason="no room"))
    found = skilled.desk.ask(certificate.ListTrainings(trainee="zhang")).items
    assert {(one.id, one.training_state, one.certificate_id) for one in found} == {
        (training.id, "passed", first.id),
        (other.id, "cancelled", None),
    }


@pytest.mark.new_database
def test_lists_and_checks_cost_the_same_whatever_was_renewed_before(skilled: Shop) -> None:
    first = issued(skilled)
    order = skilled.dispatched(skilled.approved(labour=[labour("HV-BAT")]))
    few = Reading(skilled.desk, certificate.ListCertificates(limit=5))
    grow(
        skilled.desk,
        "certificate",
        3_000,
        of=f"id = '{first.id}'",
        holder="'old' || n",
        renewed_by_id="one.id",
        expires_on="(date '2020-01-01' + mod(n, 900))::text",
    )
    many = Reading(skilled.desk, certificate.ListCertificates(limit=5))
    assert many.statements <= few.statements + 1, "but for the dealer's profile, which is read anew every other second"
    assert many.rows <= few.rows + 2
    assert skilled.clock_on(order).status == "in_progress"


def concerns(shop: Shop) -> list[tuple[str, str | None, str | None]]:
    found = shop.desk.ask(FindWorkshopConcerns()).groups
    [group] = [one for one in found if one.kind == "certificate_expiring"]
    assert group.count == len(group.items)
    return [(one.severity, one.staff, one.detail) for one in group.items]
