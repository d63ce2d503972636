"""Rules L1 and L2 at billing: the dealer's tax rates, and the tax authority's numbers."""

from datetime import UTC, date, datetime

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from contracts.billing.invoice import AttachTaxNumber, ListTaxRates, SetTaxRate
from tests.services.billing.acts import invoice_of
from tests.services.billing.orders import cny, delivered, labour


def test_a_tax_number_is_attached_once_and_the_invoice_stays_as_it_was(desk):
    first, second = (delivered(labour(1, customer_pay="113.00")) for _ in range(2))
    desk.hear(first)
    desk.hear(second)
    one, other = invoice_of(desk, first), invoice_of(desk, second)
    for _ in range(2):
        attached = desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="0001"))
    assert (attached.tax_number, attached.attached_by) == ("0001", "wang")
    assert (invoice_of(desk, first).tax_number, invoice_of(desk, first).version) == ("0001", one.version)
    with pytest.raises(Refused, match="tax_number_attached"):
        desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="0002"))
    with pytest.raises(Refused, match="tax_number_used"):
        desk.do(AttachTaxNumber(invoice_id=other.id, tax_number="0001"))
    with pytest.raises(NotFound):
        desk.do(AttachTaxNumber(invoice_id=new_id(), tax_number="0003"))


def test_a_dealers_rate_holds_from_its_day_on_and_13_percent_before(desk):
    assert desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="9.5")).rate == "9.5"
    today = delivered(labour(1, customer_pay="109.00"))
    tomorrow = delivered(labour(1, customer_pay="109.50"), delivered_at=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    for fact in (today, tomorrow):
        desk.hear(fact)
    assert (invoice_of(desk, today).tax_rate, invoice_of(desk, today).tax) == ("13", cny("12.54"))
    assert (invoice_of(desk, tomorrow).tax_rate, invoice_of(desk, tomorrow).tax) == ("9.5", cny("9.50"))
    desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="10"))
    assert [(one.effective_on, one.rate) for one in desk.ask(ListTaxRates()).items] == [(date(2026, 3, 3), "10")]
    assert invoice_of(desk, tomorrow).tax_rate == "9.5", "what is issued keeps its rate"
    assert desk.ask(ListTaxRates(), dealer="bj-chaoyang").items == []


def test_a_rate_cannot_change_days_that_are_over(desk):
    with pytest.raises(Refused, match="tax_rate_in_the_past"):
        desk.do(SetTaxRate(effective_on=date(2026, 3, 1), rate="10"))
    with pytest.raises(Invalid):
        desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="100"))
