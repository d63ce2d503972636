"""The proof that every delivered order was billed, deducted and followed up, each once."""

import os
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from chassis.process.settings import Settings
from chassis.store.database import create_database_engine
from chassis.store.tables import dealer_profile
from gateway.evidence.settings import EvidenceSettings
from gateway.evidence.store import Store, content_key
from servicelane.failures import CannotDo, reaching
from servicelane.invariants import ALL, Books, Finding, check, deliveries
from servicelane.invariants.books import Stored
from servicelane.suite import SERVICES
from servicelane.texts import text


def reconcile(*, dealer: str | None = None, since: datetime | None = None, everything: bool = False) -> list[Finding]:
    """What is missing or double over the whole deployment, at one dealer, or since a time; all invariants if `everything`.

    Raises CannotDo for a dealer that no service knows, and naming the database that is away.
    """
    urls = {name: Settings.read(name).database_url for name in SERVICES}
    for name, url in urls.items():
        with reaching(text("cli.failure.database_of", service=name), url):
            _expect_tables(name, url)
    with Books.open(urls, since, _stored()) as books:
        if dealer is not None and dealer not in books.dealers():
            raise CannotDo(text("cli.reconcile.no_dealer", dealer=repr(dealer)))
        return check(books, ALL if everything else (deliveries,), dealer=dealer)


def tell(file: Path, findings: int) -> None:
    """Write the outcome for whoever collects metrics from files, whole or not at all. Raises CannotDo."""
    said = {"findings": findings, "finished_seconds": time.time()}
    lines = [f"# TYPE servicelane_reconcile_{name} gauge\nservicelane_reconcile_{name} {value}\n" for name, value in said.items()]
    beside = file.with_name(f"{file.name}.{os.getpid()}")  # of another ending: nobody reads it yet
    try:
        beside.write_text("".join(lines), encoding="ascii")
        beside.replace(file)
    except OSError as error:
        raise CannotDo(text("cli.reconcile.no_textfile", file=str(file), reason=error.strerror)) from None


def open_store() -> Store | None:
    """Where attachments are; None where ATTACHMENT_STORE is not set. Raises SettingsError for a wrong one."""
    return EvidenceSettings.read(os.environ).open() if os.environ.get("ATTACHMENT_STORE") else None


def _stored() -> Stored | None:
    """How many bytes of a file the store has; None where ATTACHMENT_STORE is not set. Raises SettingsError for a wrong one."""
    store = open_store()
    if store is None:
        return None

    def size(dealer: str, sha256: str) -> int | None:
        found = store.get(content_key(dealer, sha256))
        if found is None:
            return None
        found.close()
        return found.size

    return size


def _expect_tables(name: str, url: str) -> None:
    engine = create_database_engine(url, name=f"servicelane-{name}", connections=1)
    try:
        with engine.connect() as connection:
            connection.execute(select(dealer_profile.c.dealer_id).limit(1))
    finally:
        engine.dispose()
