"""I16: what is recorded as an attachment has its bytes in the store, whole; and the volume is what they have."""

from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text


def evidence(books: Books, dealer: str) -> Iterator[Finding]:
    """I16: every attachment's file is in the store with all its bytes, and each content is counted once."""
    query = "SELECT id, work_order_id, sha256, size FROM attachment WHERE dealer_id = :dealer ORDER BY id"
    sizes: dict[str, int] = {}
    rows = books.rows("workshop", query)
    if rows and books.stored is None:
        yield Finding("I16", dealer, text("cli.finding.no_store", count=len(rows)))
    for row in rows:
        if (
            row["sha256"] not in sizes
            and books.stored is not None
            and (found := books.stored(dealer, row["sha256"])) != row["size"]
        ):
            what = {"id": row["id"], "order": row["work_order_id"], "size": row["size"], "found": found or 0}
            yield Finding("I16", dealer, text("cli.finding.no_file", **what))
        sizes[row["sha256"]] = row["size"]
    volume = sum(row["bytes"] for row in books.rows("workshop", "SELECT bytes FROM stored_volume WHERE dealer_id = :dealer"))
    if volume != sum(sizes.values()):
        yield Finding("I16", dealer, text("cli.finding.volume", recorded=volume, summed=sum(sizes.values())))
