"""Importing a price file: set-based, all of it or nothing; the second time it changes nothing and is told again (Rule P1)."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from chassis import Money, Work, new_id
from contracts.parts.catalogue import ImportPriceList, ImportReport
from contracts.parts.events import PriceEntry
from contracts.shared import PART_NUMBER
from services.parts.catalogue import price_file, price_list
from services.parts.catalogue.part import Part, found_by_name
from services.parts.catalogue.supply_notice import tell_new

BATCH = 5000

_FACTS = ("name_zh", "name_en", "unit", "list_price_minor", "currency", *price_file.DEFAULTS)


def import_price_list(work: Work, command: ImportPriceList) -> ImportReport:
    """Import a price file and publish every part of it as one edition, changed or not.

    So importing it again repairs: whoever missed an edition, or could not read it, has these parts then.
    """
    currency = work.profile.currency
    file = price_file.read_prices(command, currency, yield_control=work.yield_control)
    work.advisory_lock("catalogue")
    catalogue = _catalogue(work)
    if file.rows:
        price_file.as_catalogued(file, catalogue)
        price_file.catalogue_rules(file, {number: facts["successor"] for number, facts in catalogue.items()})
    if file.bad_total:
        return ImportReport(imported=False, created=0, changed=0, unchanged=0, **file.report())
    said = price_file.facts(file.rows, currency)
    wanted = {number: {**price_file.DEFAULTS, **catalogue.get(number, {}), **facts} for number, facts in said.items()}
    different = [facts for number, facts in wanted.items() if facts != catalogue.get(number)]
    created = said.keys() - catalogue.keys()
    _write(work, different)
    edition = price_list.publish(work, list(_entries(wanted.values())))
    tell_new(work, created)
    return ImportReport(
        imported=True,
        created=len(created),
        changed=len(different) - len(created),
        unchanged=file.count - len(different),
        edition=edition,
        **file.report(),
    )


def _catalogue(work: Work) -> dict[str, dict[str, Any]]:
    # Plain rows: a catalogue is read and compared as a whole, and 100,000 mapped objects would cost seconds.
    names = ("number", *_FACTS)
    rows = work.execute(select(*(getattr(Part, name) for name in names)))
    return {row.number: dict(zip(names, row, strict=True)) for row in rows}


def _write(work: Work, parts: list[dict[str, Any]]) -> None:
    parts = sorted(parts, key=itemgetter("number"))
    for start in range(0, len(parts), BATCH):
        rows = ({"id": new_id(), "version": 1, **_found_by(facts), **facts} for facts in parts[start : start + BATCH])
        work.overwrite(Part, *rows, key=["number_key"])
        work.yield_control()


def _found_by(facts: dict[str, Any]) -> dict[str, str]:
    return {"number_key": PART_NUMBER.key(facts["number"]), "names": found_by_name(facts["name_zh"], facts["name_en"])}


def _entries(parts: Iterable[dict[str, Any]]) -> Iterator[PriceEntry]:
    for facts in parts:
        yield PriceEntry(
            part_number=facts["number"],
            name_zh=facts["name_zh"],
            name_en=facts["name_en"],
            unit=facts["unit"],
            list_price=Money(facts["list_price_minor"], facts["currency"]),
            successor=facts["successor"],
            core_charge=Money(facts["core_charge_minor"], facts["currency"]),
            source=facts["source"],
        )
