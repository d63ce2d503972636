"""Importing a supplier's price file: set-based, all of it or nothing; the second time it changes nothing (Rule P1)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from chassis import Invalid, Money, Work, new_id
from chassis.wire.rules import rule
from contracts.parts.supplier import ImportSupplierPrices, SupplierPriceReport
from contracts.shared import PART_NUMBER
from files import Reading
from services.parts.catalogue.part import Numbers, Part
from services.parts.supplier import price_file
from services.parts.supplier.offering import prefer_no_other
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import ONE, SupplierPart

BATCH = 5000
_TERMS = ("their_number", "their_key", "price_minor", "lead_time_days", "multiple_units", "minimum_units", "preferred")
_NEW: Mapping[str, Any] = {"lead_time_days": None, "multiple_units": ONE, "minimum_units": ONE, "preferred": False}


def import_prices(work: Work, command: ImportSupplierPrices) -> SupplierPriceReport:
    """Take over what a supplier asks for its parts."""
    currency = work.profile.currency
    file = price_file.read_prices(command, currency, yield_control=work.yield_control)
    work.advisory_lock("suppliers")
    supplier = work.get(Supplier, command.supplier_id)
    noted = _noted(work, supplier)
    known = {terms["their_key"]: number for number, terms in noted.items()}
    catalogue = _catalogue(work)
    found, skipped = price_file.find_parts(file, catalogue, known, skip_unknown=command.skip_unknown)
    wanted = {number: {**_NEW, **noted.get(number, {}), **_terms(values)} for number, (_, values) in found.items()}
    _rules(file, found, wanted, known)
    _whole_pieces(file, found, catalogue)
    if file.bad_total:
        return SupplierPriceReport(imported=False, created=0, changed=0, unchanged=0, skipped=0, **file.report())
    different = {number: terms for number, terms in wanted.items() if terms != noted.get(number)}
    created = len(wanted.keys() - noted.keys())
    _write(work, supplier, different)
    return SupplierPriceReport(
        imported=True,
        created=created,
        changed=len(different) - created,
        unchanged=len(wanted) - len(different),
        skipped=skipped,
        **file.report(),
    )


def _noted(work: Work, supplier: Supplier) -> dict[str, dict[str, Any]]:
    # Plain rows: what a supplier sells is compared as a whole, and 100,000 mapped objects would cost seconds.
    columns = (SupplierPart.part_number, *(getattr(SupplierPart, name) for name in _TERMS))
    of_dealer = SupplierPart.dealer_id == work.dealer
    rows = work.execute(select(*columns).where(of_dealer, SupplierPart.supplier_id == supplier.id))
    return {row[0]: dict(zip(_TERMS, row[1:], strict=True)) for row in rows}


def _catalogue(work: Work) -> Numbers:
    rows = work.execute(select(Part.number_key, Part.number, Part.unit).where(Part.dealer_id == work.dealer))
    return Numbers({row.number_key: row.number for row in rows}, {row.number_key: row.unit for row in rows})


def _terms(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of the terms, as the columns are called. An empty cell clears what may be empty."""
    theirs = values["supplier_part_number"]
    said: dict[str, Any] = {"their_number": theirs, "their_key": PART_NUMBER.key(theirs)}
    if isinstance(price := values.get("price"), Money):
        said["price_minor"] = price.minor
    for name, column in (("order_multiple", "multiple_units"), ("order_minimum", "minimum_units")):
        if name in values:
            said[column] = values[name].units if values[name] is not None else ONE
    if "lead_time_days" in values:
        said["lead_time_days"] = values["lead_time_days"]
    if "preferred" in values:
        said["preferred"] = bool(values["preferred"])
    return said


def _rules(file: Reading, found: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]], known: Mapping[str, str]) -> None:
    """Refuse new parts without a price, and numbers of the supplier's that are those of parts the file does not name."""
    for number, (row, _) in found.items():
        if "price_minor" not in wanted[number]:
            file.refuse(row, "price", rule("needed_for_a_new_part"))
        other = known.get(wanted[number]["their_key"])
        if other is not None and other != number and other not in wanted:
            file.refuse(row, "supplier_part_number", rule("number_of_another_part", part_number=other))


def _whole_pieces(file: Reading, found: Mapping[str, Any], catalogue: Numbers) -> None:
    for number, (row, values) in found.items():
        for name in ("order_multiple", "order_minimum"):
            if values.get(name) is not None:
                try:
                    catalogue.require_whole(name, number, values[name])
                except Invalid as wrong:
                    file.refuse(row, name, wrong.details["errors"][name][0])


def _write(work: Work, supplier: Supplier, different: Mapping[str, Mapping[str, Any]]) -> None:
    numbers = sorted(different)
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        prefer_no_other(work, supplier.id, [number for number in batch if different[number]["preferred"]])
        of_supplier = {"supplier_id": supplier.id, "currency": supplier.currency}
        rows = ({"id": new_id(), **of_supplier, "part_number": number, **different[number]} for number in batch)
        work.overwrite(SupplierPart, *rows, key=["supplier_id", "part_number"])
        work.yield_control()
