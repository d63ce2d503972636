"""What was invoiced on a day: billing's part of the daily report (Rule W22)."""

from datetime import date

from contracts.billing.daily_report import GetRevenueDay
from tests.services.billing.orders import delivered, labour, reversal_requested


def test_revenue_is_by_payer_and_a_credit_note_takes_off_what_it_credits(desk):
    """Rule W22: in sums and numbers, of that day and this dealer alone."""
    facts = [delivered(labour(1, customer_pay="113.00", warranty="11.30")) for _ in range(2)]
    for fact in facts:
        desk.hear(fact)
    found = desk.ask(GetRevenueDay())
    assert [(one.payer, one.invoices, one.credit_notes, str(one.total)) for one in found.payers] == [
        ("customer_pay", 2, 0, "226.00 CNY"),
        ("warranty", 2, 0, "22.60 CNY"),
    ]
    assert (str(found.net), str(found.tax), str(found.total)) == ("220.00 CNY", "28.60 CNY", "248.60 CNY")
    desk.hear(reversal_requested(facts[0]))
    found = desk.ask(GetRevenueDay(day=date(2026, 3, 2)))
    assert [(one.invoices, one.credit_notes, str(one.total)) for one in found.payers] == [
        (2, 1, "113.00 CNY"),
        (2, 1, "11.30 CNY"),
    ]
    assert (desk.ask(GetRevenueDay(day=date(2026, 3, 1))).payers, str(found.total)) == ([], "124.30 CNY")
    assert desk.ask(GetRevenueDay(), dealer="bj-chaoyang").payers == []
