"""Jobs and lines, and who pays for them (Rule W4)."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Hours, Money
from contracts.workshop.events import EstimateIssued
from contracts.workshop.order import AddLines, NewLabour, RecordJob, Split
from tests.services.workshop.shop import Shop, cny, labour, part, price, sublet


def add(shop, order, **lines):
    return shop.desk.do(AddLines(work_order_id=order.id, **lines))


def percent(payer, share):
    return Split(payer=payer, basis_points=share * 100)


def test_lines_take_names_and_hours_from_the_catalogues(shop):
    order = add(shop, shop.open(), labour=[labour()], parts=[part()], sublet=[sublet()])
    assert [(line.number, line.kind, line.description, line.hours, line.state) for line in order.lines] == [
        (1, "labour", "更换前制动片", Hours.of("1.50"), "draft"),
        (2, "part", "备件PAD-1", None, "draft"),
        (3, "sublet", "Wheel alignment", None, "draft"),
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"parts": [part(quantity="0")]}, "parts.0.quantity"),
        ({"labour": [labour(hours=Hours.of("0"))]}, "labour.0.hours"),
        ({"labour": [NewLabour(operation_code="OIL")]}, "labour.0.payer"),
        ({"sublet": [sublet(payer="warranty", split=[Split(payer="warranty", basis_points=10000)])]}, "sublet.0.split"),
        ({"sublet": [sublet(split=[percent("warranty", 60), percent("goodwill", 30)])]}, "sublet.0.split"),
        ({"sublet": [sublet(split=[percent("warranty", 50), percent("warranty", 50)])]}, "sublet.0.split"),
        ({"sublet": [sublet(split=[percent("warranty", 50), Split(payer="goodwill", amount=cny("1"))])]}, "sublet.0.split"),
        ({"sublet": [sublet("-1.00")]}, "sublet.0.price"),
        ({"sublet": [sublet("1000000000.01")]}, "sublet.0.price"),
        ({"sublet": [sublet("80.00", split=[Split(payer="goodwill", amount=cny("79.99"))])]}, "sublet.0.split"),
        ({"parts": [part(), part(split=[Split(payer="goodwill", amount=cny("30.00"))])]}, "parts.1.split"),
        ({"labour": [labour(split=[Split(payer="goodwill", amount=cny("0.01"))])]}, "labour.0.split"),
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
            sublet("100.01", split=[Split(payer="warranty", basis_points=5000), Split(payer="customer_pay", basis_points=5000)]),
            sublet("80.00", split=[Split(payer="goodwill", amount=cny("30.00")), Split(payer="insurer", amount=cny("50.00"))]),
        ],
    )
    assert [[(share.payer, share.amount) for share in line.shares] for line in order.lines] == [
        [("warranty", cny("50.01")), ("customer_pay", cny("50.00"))],
        [("goodwill", cny("30.00")), ("insurer", cny("50.00"))],
    ]


def test_amounts_that_do_not_make_the_price_any_more_are_refused_at_the_estimate(shop):
    """Rule W4: they made it when they were typed; the price list has changed since, and nothing is issued."""
    shop.publish_prices(7, price("PAD-9", "40.00"))
    order = add(shop, shop.open(), parts=[part("PAD-9", "2", split=[Split(payer="goodwill", amount=cny("80.00"))])])
    shop.publish_prices(8, price("PAD-9", "45.00"))
    with pytest.raises(Refused, match="shares_do_not_add_up"):
        shop.estimate(order)
    assert shop.now(order).version == order.version
    assert shop.desk.announced(EstimateIssued) == []


def test_a_draft_line_says_who_pays(shop):
    """Rule W4: before any estimate, as it was agreed; a quoted line says what that comes to, and the order adds it up."""
    split = [Split(payer="goodwill", amount=cny("30.00")), Split(payer="insurer", amount=cny("50.00"))]
    order = add(shop, shop.open(), labour=[labour()], sublet=[sublet("80.00", split=split)])
    assert [line.payers for line in order.lines] == [[Split(payer="customer_pay", basis_points=10_000)], split]
    assert [line.shares for line in order.lines] == [[], []]
    assert (order.total, order.quoted) == (cny("0.00"), cny("0.00"))
    order = shop.estimate(order)
    assert (order.total, order.quoted) == (cny("0.00"), sum_of(order))
    order = shop.approve(order)
    assert (order.total, order.quoted) == (sum_of(order), cny("0.00"))


def test_a_line_that_comes_to_more_than_any_may_is_refused(shop):
    """At the estimate, where it is priced: so many pieces at such a price add up to what no sum can carry."""
    shop.publish_prices(7, replace(price("GOLD", "1000000.00"), unit="g"))
    order = add(shop, shop.open(), parts=[part("GOLD", "1000.001")])
    with pytest.raises(Refused, match="line_too_dear") as refused:
        shop.estimate(order)
    assert refused.value.details == {"line": 1, "most": cny("1000000000.00").plain()}


def sum_of(order):
    return Money.total((line.amount for line in order.lines), "CNY")


def test_a_jobs_story_is_written_down(shop):
    order = shop.open()
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, cause="Pads worn"))
    order = shop.desk.do(RecordJob(work_order_id=order.id, job=2, complaint="Wipers smear"))
    assert [(job.complaint, job.cause) for job in order.jobs] == [("Brakes squeal", "Pads worn"), ("Wipers smear", None)]


def test_what_is_counted_is_sold_in_whole_ones(shop):
    """Rule P2: nobody could be handed half a pad; the field is named."""
    shop.publish_prices(7, replace(price("OIL", "40.00"), unit="L"))
    with pytest.raises(Invalid) as refused:
        add(shop, shop.open(), parts=[part("OIL", "1.5"), part("PAD-1", "1.5")])
    assert list(refused.value.details["errors"]) == ["parts.1.quantity"]


def test_a_job_of_which_nothing_is_said_is_no_new_version(shop: Shop) -> None:
    order = shop.open()
    with pytest.raises(Invalid) as refused:
        shop.desk.do(RecordJob(work_order_id=order.id, job=1))
    assert refused.value.details["errors"] == {"cause": ["nothing_said"]}
    assert shop.now(order).version == order.version
