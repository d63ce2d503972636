"""What was invoiced on a day (Rule W22): summed in the database, whatever the day's number of invoices."""

from datetime import date

from sqlalchemy import func, select

from chassis import Money, Work
from contracts.billing.daily_report import PayerRevenue, RevenueDay
from services.billing.invoice.invoice import Invoice


def revenue_day(work: Work, asked: date | None) -> RevenueDay:
    """Today, by the dealer's clock, if no day is named. Amounts of credit notes are negative: the sum takes them off.

    Raises Invalid for a day to come.
    """
    day = work.profile.until_today(asked, at=work.now)
    sums = [func.sum(column).label(column.key) for column in (Invoice.net_minor, Invoice.tax_minor, Invoice.total_minor)]
    issued = func.count().filter(Invoice.kind == "invoice").label("invoices")
    rows = work.execute(
        select(Invoice.payer, Invoice.currency, issued, func.count().label("papers"), *sums)
        .where(*work.profile.on_days(Invoice.issued_on, day, day))
        .group_by(Invoice.payer, Invoice.currency)
        .order_by(Invoice.payer)
    )
    payers = [
        PayerRevenue(
            payer=row.payer,
            invoices=row.invoices,
            credit_notes=row.papers - row.invoices,
            net=Money(int(row.net_minor), row.currency),
            tax=Money(int(row.tax_minor), row.currency),
            total=Money(int(row.total_minor), row.currency),
        )
        for row in rows
    ]
    currency = work.profile.currency
    return RevenueDay(
        day=day,
        payers=payers,
        net=Money.total((one.net for one in payers), currency),
        tax=Money.total((one.tax for one in payers), currency),
        total=Money.total((one.total for one in payers), currency),
    )
