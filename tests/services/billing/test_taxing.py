"""Rules L1 and L2 at billing: the dealer's tax rates, and the tax authority's numbers."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired, Refused
from chassis.wire.ids import new_id
from contracts.billing.events import TaxRateSet
from contracts.billing.invoice import AttachTaxNumber, GetTaxRate, ListTaxRates, SetTaxRate
from tests.services.billing.acts import invoice_of
from tests.services.billing.orders import cny, delivered, labour


def test_a_tax_number_is_attached_once_and_the_invoice_stays_as_it_was(desk):
    first, second = (delivered(labour(1, customer_pay="113.00")) for _ in range(2))
    desk.hear(first)
    desk.hear(second)
    one, other = invoice_of(desk, first), invoice_of(desk, second)
    for _ in range(2):
        attached = desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="0001"))
    assert desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="00-01")) == attached
    assert (attached.tax_number, attached.attached_by) == ("0001", "wang")
    assert (invoice_of(desk, first).tax_number, invoice_of(desk, first).version) == ("0001", one.version)
    with pytest.raises(Refused, match="tax_number_attached"):
        desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="0002"))
    with pytest.raises(Refused, match="tax_number_used"):
        desk.do(AttachTaxNumber(invoice_id=other.id, tax_number=" 00\u201101"))
    with pytest.raises(NotFound):
        desk.do(AttachTaxNumber(invoice_id=new_id(), tax_number="0003"))


def test_an_invoice_is_taxed_at_the_rate_of_the_settlement_that_was_signed(desk):
    """Rule L1: the rate travels in the delivery, so that a rate set meanwhile does not make the invoice another sum."""
    desk.do(SetTaxRate(effective_on=date(2026, 3, 2), rate="9.5"))
    fact = delivered(labour(1, customer_pay="109.00"), tax_rate="13")
    desk.hear(fact)
    assert (invoice_of(desk, fact).tax_rate, invoice_of(desk, fact).tax) == ("13", cny("12.54"))


def test_a_dealers_rate_holds_from_its_day_on_and_is_announced(desk):
    assert desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="9.5")).rate == "9.5"
    desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="10"), if_match=1)
    desk.do(SetTaxRate(effective_on=date(2026, 7, 1), rate="9"))
    rates = [(one.effective_on, one.rate) for one in desk.ask(ListTaxRates()).items]
    assert rates == [(date(2026, 7, 1), "9"), (date(2026, 3, 3), "10")]
    assert [(fact.effective_on, fact.rate) for fact in desk.announced(TaxRateSet)] == [
        (date(2026, 3, 3), "9.5"),
        (date(2026, 3, 3), "10"),
        (date(2026, 7, 1), "9"),
    ]
    assert desk.ask(ListTaxRates(), dealer="bj-chaoyang").items == []


def test_a_rate_that_is_set_is_replaced_only_by_who_has_seen_it(desk):
    """A PUT creates without If-Match and overwrites with it; a version of nothing is stale."""
    of_march = SetTaxRate(effective_on=date(2026, 3, 3), rate="9.5")
    with pytest.raises(PreconditionFailed):
        desk.do(of_march, if_match=1)
    desk.do(of_march)
    with pytest.raises(PreconditionRequired):
        desk.do(of_march)
    with pytest.raises(PreconditionFailed):
        desk.do(of_march, if_match=2)
    assert desk.do(of_march, if_match=1).version == 2
    assert desk.ask(GetTaxRate(effective_on=date(2026, 3, 3))).version == 2
    with pytest.raises(NotFound):
        desk.ask(GetTaxRate(effective_on=date(2026, 3, 4)))


def test_a_rate_cannot_change_days_that_are_over(desk):
    with pytest.raises(Refused, match="tax_rate_in_the_past"):
        desk.do(SetTaxRate(effective_on=date(2026, 3, 1), rate="10"))
    with pytest.raises(Invalid):
        desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="100"))
