"""I12: where money went; written against billing's tables only. Each check is one statement that gives back what is wrong."""

from collections.abc import Iterator
from typing import Any

from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import text

PAID = (
    "SELECT account_id, revision, payer, "
    "sum(CASE WHEN method = 'on_account' THEN 0 ELSE amount_minor END) AS paid, "
    "sum(CASE WHEN method = 'on_account' THEN amount_minor ELSE 0 END) AS granted "
    "FROM payment WHERE dealer_id = :dealer AND revision IS NOT NULL GROUP BY account_id, revision, payer"
)
"""What the rows of a share come to."""


def parts_of_money(books: Books, dealer: str) -> Iterator[Finding]:
    """I12: the parts of a provider's transaction, and what a payment gave back, add up to at most its amount."""
    query = (
        "SELECT 'tender' AS what, min(tender.reference) AS name, tender.total_minor AS whole, sum(abs(amount_minor)) AS parts "
        "FROM tender JOIN payment ON payment.dealer_id = tender.dealer_id AND payment.tender_id = tender.id "
        "WHERE tender.dealer_id = :dealer GROUP BY tender.id, tender.total_minor "
        "HAVING sum(abs(amount_minor)) > tender.total_minor "
        "UNION ALL "
        "SELECT 'payment', CAST(min(CAST(whole.id AS text)) AS text), whole.amount_minor, -sum(part.amount_minor) "
        "FROM payment whole JOIN payment part ON part.dealer_id = whole.dealer_id AND part.of_id = whole.id "
        "WHERE whole.dealer_id = :dealer AND part.kind IN ('refund', 'transfer') "
        "GROUP BY whole.id, whole.amount_minor HAVING -sum(part.amount_minor) > whole.amount_minor"
    )
    for row in books.rows("billing", query):
        code = "cli.finding.tender_parts" if row["what"] == "tender" else "cli.finding.payment_parts"
        yield Finding("I12", dealer, text(code, **row))


def moved_money(books: Books, dealer: str) -> Iterator[Finding]:
    """I12: what left one account for another has come there, and nothing else has."""
    query = (
        "SELECT one, other, sum(amount_minor) AS missing FROM ("
        "SELECT CASE WHEN account_id < counterpart_id THEN account_id ELSE counterpart_id END AS one, "
        "CASE WHEN account_id < counterpart_id THEN counterpart_id ELSE account_id END AS other, amount_minor "
        "FROM payment WHERE dealer_id = :dealer AND counterpart_id IS NOT NULL) AS moved "
        "GROUP BY one, other HAVING sum(amount_minor) <> 0"
    )
    for row in books.rows("billing", query):
        yield Finding("I12", dealer, text("cli.finding.moved_money", **row))


def owed(books: Books, dealer: str) -> Iterator[Finding]:
    """I12: what a share owes and has on account follows from its payments, its total from its invoice and core credits."""
    query = (
        f"WITH money AS ({PAID}), billed AS (SELECT coalesce(credits, id) AS invoice_id, sum(total_minor) AS total FROM invoice "
        "WHERE dealer_id = :dealer AND kind IN ('invoice', 'core_credit') GROUP BY coalesce(credits, id)), "
        "expected AS (SELECT share.account_id, share.payer, share.revision, share.total_minor, share.owed_minor, "
        "share.granted_minor, coalesce(billed.total, 0) AS total, "
        "CASE WHEN reversed_at IS NOT NULL OR total_minor < coalesce(paid, 0) THEN 0 ELSE total_minor - coalesce(paid, 0) END "
        "AS owed, CASE WHEN reversed_at IS NOT NULL THEN 0 ELSE coalesce(granted, 0) END AS granted "
        "FROM share LEFT JOIN money ON money.account_id = share.account_id AND money.revision = share.revision "
        "AND money.payer = share.payer LEFT JOIN billed ON billed.invoice_id = share.invoice_id "
        "WHERE share.dealer_id = :dealer) "
        "SELECT * FROM expected WHERE total_minor <> total OR owed_minor <> owed OR granted_minor <> granted"
    )
    for row in books.rows("billing", query):
        about = {"order": row["account_id"], "payer": row["payer"], "revision": row["revision"]}
        for told in _not_as_summed(row, total_minor="total", owed_minor="owed", granted_minor="granted"):
            yield Finding("I12", dealer, text("cli.finding.share", **about, **told))


def held(books: Books, dealer: str) -> Iterator[Finding]:
    """I12: the unused deposits and the credit of an account are what its rows come to."""
    query = (
        f"WITH money AS ({PAID}), overpaid AS (SELECT share.account_id, sum(paid - total_minor) AS minor FROM share JOIN money "
        "ON money.account_id = share.account_id AND money.revision = share.revision AND money.payer = share.payer "
        "WHERE share.dealer_id = :dealer AND reversed_at IS NULL AND paid > total_minor GROUP BY share.account_id), "
        "credited AS (SELECT account_id, sum(amount_minor) AS minor FROM customer_credit WHERE dealer_id = :dealer "
        "GROUP BY account_id), "
        "deposits AS (SELECT payment.account_id, sum(CASE WHEN payment.kind = 'deposit' THEN payment.amount_minor "
        "WHEN payment.kind = 'payment' AND payment.method = 'deposit' AND reversed_at IS NULL THEN -payment.amount_minor "
        "WHEN payment.kind NOT IN ('refund', 'transfer') THEN 0 WHEN source.kind = 'deposit' THEN payment.amount_minor "
        "WHEN source.method = 'deposit' AND reversed_at IS NOT NULL THEN payment.amount_minor ELSE 0 END) AS minor "
        "FROM payment LEFT JOIN payment AS source ON source.dealer_id = payment.dealer_id AND source.id = payment.of_id "
        "LEFT JOIN share ON share.dealer_id = payment.dealer_id AND share.account_id = payment.account_id "
        "AND share.revision = payment.revision AND share.payer = payment.payer "
        "WHERE payment.dealer_id = :dealer GROUP BY payment.account_id), "
        "expected AS (SELECT id, deposit_minor, credit_minor, coalesce(deposits.minor, 0) AS deposit, "
        "coalesce(credited.minor, 0) + coalesce(overpaid.minor, 0) AS credit FROM order_account "
        "LEFT JOIN deposits ON deposits.account_id = id LEFT JOIN credited ON credited.account_id = id "
        "LEFT JOIN overpaid ON overpaid.account_id = id WHERE dealer_id = :dealer) "
        "SELECT * FROM expected WHERE deposit_minor <> deposit OR credit_minor <> credit"
    )
    for row in books.rows("billing", query):
        for told in _not_as_summed(row, deposit_minor="deposit", credit_minor="credit"):
            yield Finding("I12", dealer, text("cli.finding.held", account=row["id"], **told))


def _not_as_summed(row: Row, **columns: str) -> Iterator[dict[str, Any]]:
    """Of the columns that keep a sum, and what their rows come to: those that differ, as a finding tells it."""
    for kept, summed in columns.items():
        if row[kept] != row[summed]:
            yield {"column": kept, "kept": row[kept], "rows": row[summed]}
