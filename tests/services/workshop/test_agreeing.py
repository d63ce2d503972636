"""Lines, prices, estimates and approvals through the door."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.values import Hours, Money, Quantity
from contracts.gateway.events import DealerRecorded
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    Decision,
    DeclineLines,
    GetEstimate,
    IssueEstimate,
    ListAuthorisations,
    ProposeAdditionalWork,
)
from contracts.workshop.events import AdditionalWorkProposed, EstimateIssued, WorkApproved, WorkDeclined
from contracts.workshop.order import AddLines, NewLabour, RecordJob, RemoveLine, Split
from contracts.workshop.pricing import (
    GetWorkshopSettings,
    ListOperations,
    PublishOperations,
    RemoveMenuPrice,
    SetMenuPrice,
    SetWorkshopSettings,
)
from services.workshop.domain.estimates import Authorisation, Estimate
from tests.services.workshop.shop import cny, labour, line_id, part, price, signed, sublet

PHONE = "phone"


def percent(payer, share):
    return Split(payer=payer, percent=share)


def add(shop, order, **lines):
    return shop.desk.do(AddLines(work_order_id=order.id, **lines))


def settings_version(shop):
    return shop.desk.ask(GetWorkshopSettings()).version


def test_lines_take_names_and_hours_from_the_catalogues(shop):
    order = add(shop, shop.open(), labour=[labour()], parts=[part()], sublet=[sublet()])
    assert [(line.number, line.kind, line.description, line.hours, line.state) for line in order.lines] == [
        (1, "labour", "更换前制动片", Hours.of("1.50"), "draft"),
        (2, "part", "备件PAD-1", None, "draft"),
        (3, "sublet", "Wheel alignment", None, "draft"),
    ]


def test_an_estimate_prices_labour_by_hours_rate_and_coefficient_and_parts_by_the_list(shop):
    order = shop.quoted(shop.open())
    assert [line.amount for line in order.lines] == [cny("324.00"), cny("399.98"), cny("80.00")]
    [issued] = shop.desk.announced(EstimateIssued)
    assert (issued.labour, issued.parts, issued.sublet, issued.total) == (
        cny("324.00"),
        cny("399.98"),
        cny("80.00"),
        cny("803.98"),
    )


def test_prices_are_frozen_by_the_estimate(shop):
    order = shop.quoted(shop.open())
    shop.publish_prices(2, price("PAD-1", "999.00"))
    shop.desk.do(SetWorkshopSettings(labour_rate=cny("999.00"), call_threshold=cny("0.00")))
    assert [line.amount for line in shop.approve(order).lines] == [cny("324.00"), cny("399.98"), cny("80.00")]


def test_a_menu_price_overrides_until_it_is_removed(shop):
    shop.desk.do(SetMenuPrice(operation_code="BRAKE-F", price=cny("111.00")))
    shop.desk.do(SetMenuPrice(operation_code="BRAKE-F", price=cny("222.00")))
    assert shop.quoted(shop.open(), labour=[labour()]).lines[0].amount == cny("222.00")
    shop.desk.do(RemoveMenuPrice(operation_code="BRAKE-F"))
    assert shop.quoted(shop.open(), labour=[labour()]).lines[0].amount == cny("324.00")


def test_settings_have_a_version_and_speak_the_dealers_currency(shop):
    with pytest.raises(PreconditionFailed):
        shop.desk.do(SetMenuPrice(operation_code="OIL", price=cny("1.00")), if_match=settings_version(shop) - 1)
    with pytest.raises(Invalid) as refused:
        shop.desk.do(SetMenuPrice(operation_code="OIL", price=Money.of("1.00", "EUR")))
    assert refused.value.details["errors"] == {"price": ["Must be in CNY."]}
    with pytest.raises(Refused, match="operation_unknown"):
        shop.desk.do(SetMenuPrice(operation_code="NOPE", price=cny("1.00")))


def test_menu_prices_in_the_old_currency_keep_a_dealer_from_setting_rates_in_the_new_one(shop):
    shop.desk.do(SetMenuPrice(operation_code="OIL", price=cny("99.00")))
    shop.desk.hear(
        DealerRecorded(
            dealer="sh-pudong",
            name="sh-pudong",
            time_zone="Asia/Shanghai",
            currency="EUR",
            locale="zh",
            tax_mode="inclusive",
        ),
        subject="sh-pudong",
        sequence=2,
    )
    rates = SetWorkshopSettings(labour_rate=Money.of("30.00", "EUR"), call_threshold=Money.of("0.00", "EUR"))
    with pytest.raises(Refused, match="menu_prices_in_another_currency"):
        shop.desk.do(rates)
    shop.desk.do(RemoveMenuPrice(operation_code="OIL"))
    assert shop.desk.do(rates).labour_rate == Money.of("30.00", "EUR")


def test_the_rate_of_one_dealer_is_not_the_rate_of_another(shop):
    assert shop.desk.ask(GetWorkshopSettings(), dealer="bj-chaoyang").labour_rate is None


def test_operations_are_the_groups_and_are_changed_by_publishing_again(shop):
    oil = shop.desk.ask(ListOperations(code_prefix="OIL"), dealer="bj-chaoyang").items[0]
    changed = type(oil)(operation_code="OIL", name_zh=oil.name_zh, name_en=oil.name_en, hours=Hours.of("0.70"))
    assert shop.desk.do(PublishOperations(operations=[changed]), dealer=None).count == 1
    assert shop.desk.ask(ListOperations(code_prefix="OIL")).items == [changed]
    assert len(shop.desk.ask(ListOperations()).items) == 2


def test_a_superseded_part_becomes_its_successor_at_the_estimate(shop):
    order = add(shop, shop.open(), parts=[part("PAD-1")])
    shop.publish_prices(2, price("PAD-1", "199.99", successor="PAD-2"), price("PAD-2", "210.00"))
    line = shop.estimate(order).lines[0]
    assert (line.part_number, line.amount) == ("PAD-2", cny("420.00"))


def test_a_newer_edition_of_a_price_counts_in_whatever_order_they_come(shop):
    shop.publish_prices(7, price("PAD-1", "70.00"), times=2)
    shop.publish_prices(6, price("PAD-1", "60.00"), price("NEW-1", "5.00"))
    order = shop.quoted(shop.open(), parts=[part("PAD-1", "1"), part("NEW-1", "1")])
    assert [line.amount for line in order.lines] == [cny("70.00"), cny("5.00")]


def test_another_dealers_prices_are_not_ours(shop):
    shop.publish_prices(9, price("PAD-1", "1.00"), price("ONLY-BJ", "1.00"), dealer="bj-chaoyang")
    assert shop.quoted(shop.open(), parts=[part("PAD-1", "1")]).lines[0].amount == cny("199.99")
    with pytest.raises(NotYetKnown) as refused:
        add(shop, shop.open(), parts=[part("ONLY-BJ")])
    assert refused.value.details == {"field": "parts.0.part_number", "value": "ONLY-BJ"}


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"parts": [part(quantity="0")]}, "parts.0.quantity"),
        ({"labour": [labour(hours=Hours.of("0"))]}, "labour.0.hours"),
        ({"labour": [NewLabour(operation_code="OIL")]}, "labour.0.payer"),
        ({"sublet": [sublet(payer="warranty", split=[Split(payer="warranty", percent=100)])]}, "sublet.0.split"),
        ({"sublet": [sublet(split=[percent("warranty", 60), percent("goodwill", 30)])]}, "sublet.0.split"),
        ({"sublet": [sublet(split=[percent("warranty", 50), percent("warranty", 50)])]}, "sublet.0.split"),
        ({"sublet": [sublet(split=[percent("warranty", 50), Split(payer="goodwill", amount=cny("1"))])]}, "sublet.0.split"),
        ({"sublet": [sublet("-1.00")]}, "sublet.0.price"),
    ],
)
def test_a_line_that_cannot_be_names_its_field(shop, line, field):
    with pytest.raises(Invalid) as refused:
        add(shop, shop.open(), **line)
    assert list(refused.value.details["errors"]) == [field]


def test_an_unknown_operation_is_refused(shop):
    with pytest.raises(Refused, match="operation_unknown"):
        add(shop, shop.open(), labour=[labour("NOPE")])


def test_split_lines_come_out_in_shares(shop):
    order = shop.quoted(
        shop.open(),
        sublet=[
            sublet("100.01", split=[Split(payer="warranty", percent=50), Split(payer="customer_pay", percent=50)]),
            sublet("80.00", split=[Split(payer="goodwill", amount=cny("30.00")), Split(payer="insurer", amount=cny("50.00"))]),
        ],
    )
    assert [[(share.payer, share.amount) for share in line.shares] for line in order.lines] == [
        [("warranty", cny("50.01")), ("customer_pay", cny("50.00"))],
        [("goodwill", cny("30.00")), ("insurer", cny("50.00"))],
    ]


def test_amounts_that_do_not_make_the_price_are_refused_and_nothing_is_issued(shop):
    order = add(shop, shop.open(), sublet=[sublet("80.00", split=[Split(payer="goodwill", amount=cny("30.00"))])])
    with pytest.raises(Refused, match="shares_do_not_add_up"):
        shop.estimate(order)
    assert shop.now(order).version == order.version
    assert shop.desk.announced(EstimateIssued) == []


def test_an_estimate_version_stays_as_it_was_issued(shop):
    order = shop.quoted(shop.open(), labour=[labour()])
    add(shop, order, parts=[part()])
    shop.estimate(order)
    first, newest = (shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=version)) for version in (1, None))
    assert ([line.number for line in first.lines], first.total, first.payment_method) == ([1], cny("324.00"), "wechat_pay")
    assert ([line.number for line in newest.lines], newest.estimate_version) == ([1, 2], 2)
    assert first.call_threshold == cny("300.00")
    with pytest.raises(NotFound):
        shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=3))
    with pytest.raises(NotFound):
        shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=1), dealer="bj-chaoyang")


def test_a_promise_lies_in_the_future(shop):
    order = add(shop, shop.open(), labour=[labour()])
    with pytest.raises(Invalid, match="invalid"):
        shop.desk.do(
            IssueEstimate(
                work_order_id=order.id,
                payment_method="cash",
                old_parts="dispose",
                free_wash=False,
                promised_at=shop.desk.clock.now(),
            )
        )


def test_a_stale_if_match_is_told_and_nothing_is_done(shop):
    order = shop.quoted(shop.open())
    with pytest.raises(PreconditionFailed) as refused:
        shop.desk.do(RemoveLine(work_order_id=order.id, line_id=line_id(order, 1)), if_match=order.version - 1)
    assert refused.value.details == {"version": order.version}
    assert len(shop.desk.do(RemoveLine(work_order_id=order.id, line_id=line_id(order, 1)), if_match=order.version).lines) == 2


def test_the_ledger_says_who_decided_on_what_and_how(shop):
    order = shop.quoted(shop.open(), labour=[labour(), labour("OIL", safety=True)])
    with pytest.raises(Refused, match="safety_needs_signature"):
        shop.desk.do(
            DeclineLines(
                work_order_id=order.id,
                line_ids=[line_id(order, 2)],
                reason="next month",
                decision=Decision(means=PHONE, name="Li Na", given_at=shop.desk.clock.now()),
            )
        )
    shop.desk.do(DeclineLines(work_order_id=order.id, line_ids=[line_id(order, 2)], reason="next month", decision=signed()))
    called_at = shop.desk.clock.now() - timedelta(minutes=5)
    shop.desk.do(
        ApproveEstimate(
            work_order_id=order.id, estimate_version=1, decision=Decision(means=PHONE, name="Li Na", given_at=called_at)
        )
    )
    entries = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert [
        (one.decision, one.line_numbers, one.means, one.name, one.given_at, one.reason, one.recorded_by) for one in entries
    ] == [
        ("declined", [2], "signature", "Li Na", shop.desk.clock.now(), "next month", "wang"),
        ("approved", [1], "phone", "Li Na", called_at, None, "wang"),
    ]
    assert [line.reason for line in shop.desk.announced(WorkDeclined)[0].declined] == ["next month"]
    with pytest.raises(NotFound):
        shop.desk.ask(ListAuthorisations(work_order_id=order.id), dealer="bj-chaoyang")


@pytest.mark.parametrize("minutes", [None, 1])
def test_a_decision_on_the_phone_has_its_time_and_not_a_future_one(shop, minutes):
    order = shop.quoted(shop.open())
    given_at = None if minutes is None else shop.desk.clock.now() + timedelta(minutes=minutes)
    with pytest.raises(Invalid) as refused:
        shop.desk.do(
            ApproveEstimate(
                work_order_id=order.id, estimate_version=1, decision=Decision(means=PHONE, name="Li Na", given_at=given_at)
            )
        )
    assert list(refused.value.details["errors"]) == ["decision.given_at"]


def test_additional_work_is_in_no_approval_before_its_own(shop):
    order = shop.dispatched(shop.approved(parts=[part()]))
    extra = {"labour": [labour("OIL")], "parts": [part("WIPER", "1")]}
    order = shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, extra_minutes=30, **extra))
    [proposed] = shop.desk.announced(AdditionalWorkProposed)
    assert (proposed.amount, proposed.extra_minutes, len(proposed.lines)) == (cny("153.00"), 30, 2)
    with pytest.raises(Refused) as refused:
        shop.clock_on(order, 2)
    assert (refused.value.code, refused.value.details) == ("line_not_approved", {"line": 2})
    promised = order.promised_at
    order = shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=2, decision=signed()))
    assert order.promised_at == promised + timedelta(minutes=30)
    before, after = shop.desk.announced(WorkApproved)
    assert [one.part_number for one in before.parts] == ["PAD-1"]
    assert [(one.part_number, one.quantity) for one in after.parts] == [("PAD-1", Quantity.of("2")), ("WIPER", Quantity.of("1"))]


def test_standing_consent_is_written_into_the_ledger_and_ends_at_the_threshold(shop):
    order = add(shop, shop.open(), labour=[labour()])
    order = shop.approve(shop.estimate(order, consents_to_other_damage=True))
    for version, amount in ((2, "200.00"), (3, "100.01")):
        shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, sublet=[sublet(amount)]))
        if version == 2:
            shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=version))
    with pytest.raises(Refused, match="above_call_threshold"):
        shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=3))
    entries = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert [(one.means, one.name, one.line_numbers) for one in entries] == [
        ("signature", "Li Na", [1]),
        ("standing_consent", "Li Na", [2]),
    ]


def test_estimates_and_additional_work_are_approved_each_by_its_own_command(shop):
    order = shop.quoted(shop.open())
    with pytest.raises(Refused, match="other_kind_of_estimate"):
        shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=1, decision=signed()))
    with pytest.raises(NotFound):
        shop.desk.do(ApproveEstimate(work_order_id=order.id, estimate_version=2, decision=signed()))


def test_a_jobs_story_is_written_down(shop):
    order = shop.open()
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, cause="Pads worn"))
    order = shop.desk.do(RecordJob(work_order_id=order.id, job=2, complaint="Wipers smear"))
    assert [(job.complaint, job.cause) for job in order.jobs] == [("Brakes squeal", "Pads worn"), ("Wipers smear", None)]


@pytest.mark.parametrize("kind", [Authorisation, Estimate])
def test_what_the_customer_saw_and_decided_is_never_edited_or_deleted(shop, kind):
    shop.approved()

    def edit(session):
        row = session.scalars(select(kind)).one()
        row.estimate_version = 9
        session.flush()

    def remove(session):
        session.delete(session.scalars(select(kind)).one())
        session.flush()

    for change in (edit, remove):
        with pytest.raises(PermissionError):
            shop.desk.rows(change)
