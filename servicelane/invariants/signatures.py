"""I14: what was signed is as it was signed."""

import hashlib
import json
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text

SIGNED = (
    ("workshop", "delivery", "settlement"),
    ("workshop", "authorisation", "document"),
    ("workshop", "inspection", "document"),
    ("workshop", "walk_around", "document"),
    ("workshop", "tool_loan", "document"),
    ("workshop", "wash", "document"),
    ("workshop", "isolation_step", "document"),
    ("workshop", "completion_certificate", "document"),
    ("workshop", "leg_sheet", "document"),
    ("booking", "loan_sheet", "document"),
    ("parts", "slip", "document"),
    ("billing", "gate_pass", "document"),
)
"""Service, table, and the column of the document that the signature beside it is of."""


def signatures(books: Books, dealer: str) -> Iterator[Finding]:
    """I14: a signed document still has the hash that was signed."""
    for service, table, column in (one for one in SIGNED if one[0] in books.services):
        query = f"SELECT id, signature, {column} FROM {table} WHERE dealer_id = :dealer AND signature IS NOT NULL"
        for row in books.rows(service, query, json_columns=("signature", column)):
            canonical = json.dumps(row[column], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            if hashlib.sha256(canonical.encode()).hexdigest() != row["signature"]["document_hash"]:
                yield Finding("I14", dealer, text("cli.finding.signed", document=f"{service}.{table}", id=row["id"]))
