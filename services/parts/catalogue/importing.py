"""Importing a price file: set-based, all of it or nothing, and nothing new the second time (Rule P1)."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from chassis import Money, Work, new_id
from contracts.parts.catalogue import ImportPriceList, ImportReport
from contracts.parts.events import PriceEntry
from services.parts.catalogue import price_file, price_list
from services.parts.catalogue.part import Part

BATCH = 5000

_DEFAULTS = {"source": "genuine", "core_charge_minor": 0, "hazardous": False, "successor": None, "abc_class": None}
_FACTS = ("name_zh", "name_en", "unit", "list_price_minor", "currency", *_DEFAULTS)


def import_price_list(work: Work, command: ImportPriceList) -> ImportReport:
    """Import a price file and publish what it changes as one edition."""
    currency = work.profile.currency
    file = price_file.read(command.csv, currency, yield_control=work.yield_control)
    work.advisory_lock("catalogue")
    catalogue = _catalogue(work)
    bad = file.bad + price_file.supersession_rules(file, {number: facts["successor"] for number, facts in catalogue.items()})
    if bad:
        bad.sort(key=lambda one: one.row)
        return ImportReport(imported=False, rows=file.rows, created=0, changed=0, unchanged=0, bad_rows=bad)
    created = file.parts.keys() - catalogue.keys()
    wanted = {
        number: {**_DEFAULTS, **catalogue.get(number, {}), **facts, "currency": currency} for number, facts in file.parts.items()
    }
    different = [facts for number, facts in wanted.items() if facts != catalogue.get(number)]
    _write(work, different)
    return ImportReport(
        imported=True,
        rows=file.rows,
        created=len(created),
        changed=len(different) - len(created),
        unchanged=file.rows - len(different),
        edition=price_list.publish(work, list(_entries(different))) if different else None,
        bad_rows=[],
    )


def _catalogue(work: Work) -> dict[str, dict[str, Any]]:
    # Plain rows: a catalogue is read and compared as a whole, and 100,000 mapped objects would cost seconds.
    names = ("number", *_FACTS)
    rows = work.execute(select(*(getattr(Part, name) for name in names)))
    return {row.number: dict(zip(names, row, strict=True)) for row in rows}


def _write(work: Work, parts: list[dict[str, Any]]) -> None:
    parts = sorted(parts, key=itemgetter("number"))
    for start in range(0, len(parts), BATCH):
        rows = ({"id": new_id(), "version": 1, **facts} for facts in parts[start : start + BATCH])
        work.overwrite(Part, *rows, key=["number"])
        work.yield_control()


def _entries(parts: list[dict[str, Any]]) -> Iterator[PriceEntry]:
    for facts in parts:
        yield PriceEntry(
            part_number=facts["number"],
            name_zh=facts["name_zh"],
            name_en=facts["name_en"],
            unit=facts["unit"],
            list_price=Money(facts["list_price_minor"], facts["currency"]),
            successor=facts["successor"],
        )
