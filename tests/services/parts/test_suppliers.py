"""Suppliers, at what terms they sell which part, and their price files (Rules P1, P12)."""

import base64

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.values import Money, Quantity
from contracts.parts.receiving import ListReceipts
from contracts.parts.supplier import (
    ApproveSupplier,
    ChangeSupplier,
    GetSupplier,
    ImportSupplierPrices,
    ListSupplierParts,
    ListSuppliers,
    OfferPart,
    RegisterSupplier,
    SuspendSupplier,
)
from tests.services.parts.facts import yuan


def register(desk, code="SAIC-P", **facts):
    return desk.do(
        RegisterSupplier(**{"code": code, "name_zh": "上汽配件", "name_en": "SAIC Parts", "lead_time_days": 7, **facts})
    )


def offer(desk, supplier, number="PAD", theirs="S-1", price="12.50", **terms):
    told = {"supplier_id": supplier.id, "part_number": number, "supplier_part_number": theirs, "price": yuan(price)}
    return desk.do(OfferPart(**told, **terms))


def price_file(desk, supplier, *rows, header="supplier_part_number,our_part_number,price", **options):
    file = base64.b64encode("\r\n".join([header, *rows, ""]).encode()).decode()
    return desk.do(ImportSupplierPrices(supplier_id=supplier.id, file=file, **options))


def sold(desk, **of):
    """(our number, their number, price, lead time, multiple, minimum, preferred) of what is sold."""
    return [
        (
            one.part_number,
            one.supplier_part_number,
            str(one.price.amount),
            one.lead_time_days,
            float(one.order_multiple.decimal),
            float(one.order_minimum.decimal),
            one.preferred,
        )
        for one in desk.ask(ListSupplierParts(**of)).items
    ]


def test_a_new_supplier_is_approved_by_nobody_until_somebody_says_why(desk):
    """Rule P12: the reason of the last word stays with the supplier, and who said it."""
    supplier = register(desk)
    assert (supplier.approved, supplier.approved_because, supplier.currency) == (False, None, "CNY")
    supplier = desk.do(ApproveSupplier(supplier_id=supplier.id, reason="audited"))
    assert (supplier.approved, supplier.approved_because, supplier.judged_by) == (True, "audited", "wang")
    supplier = desk.do(SuspendSupplier(supplier_id=supplier.id, reason="wrong parts three times"))
    assert (supplier.approved, supplier.approved_because) == (False, "wrong parts three times")
    assert [one.code for one in desk.ask(ListSuppliers(approved=False)).items] == ["SAIC-P"]
    assert desk.ask(ListSuppliers(approved=True)).items == []


def test_a_code_is_one_suppliers_however_it_is_typed(desk):
    """Rule P1."""
    register(desk)
    with pytest.raises(Refused, match="supplier_code_taken"):
        register(desk, "saic p")
    other = register(desk, "BOSCH")
    changed = desk.do(ChangeSupplier(supplier_id=other.id, name_zh="博世", name_en="Bosch", lead_time_days=3, contact="Li"))
    assert (changed.code, changed.name_en, changed.lead_time_days, changed.contact) == ("BOSCH", "Bosch", 3, "Li")


def test_a_supplier_is_paid_in_the_dealers_currency(desk, scene):
    """Rule P1: the ledger has one currency; nothing here converts another one."""
    with pytest.raises(Refused, match="wrong_currency"):
        register(desk, currency="EUR")
    supplier = register(desk, currency="CNY")
    scene.catalogued("PAD")
    with pytest.raises(Refused, match="wrong_currency"):
        desk.do(OfferPart(supplier_id=supplier.id, part_number="PAD", supplier_part_number="S-1", price=Money.of("1", "EUR")))


def test_a_supplier_of_another_dealer_is_as_unknown_as_none(desk):
    supplier = register(desk)
    with pytest.raises(NotFound):
        desk.ask(GetSupplier(supplier_id=supplier.id), dealer="sh-minhang")


def test_terms_replace_what_was_noted_of_the_part(desk, scene):
    """Rule P1: the supplier's lead time applies where the part has none of its own; the minimum is one step at least."""
    scene.catalogued("PAD")
    supplier = register(desk)
    offer(desk, supplier, order_multiple=Quantity.of("4"))
    assert sold(desk, supplier_id=supplier.id) == [("PAD", "S-1", "12.50", 7, 4, 4, False)]
    offer(desk, supplier, number="pad", theirs="S-2", price="13", lead_time_days=0, order_minimum=Quantity.of("2"))
    assert sold(desk, part_number="pad") == [("PAD", "S-2", "13.00", 0, 1, 2, False)]


def test_one_supplier_of_a_part_is_the_preferred_one(desk, scene):
    """Rule P1: by hand or by file, the last word counts."""
    scene.catalogued("PAD", "DISC")
    first, second = register(desk), register(desk, "BOSCH")
    offer(desk, first, preferred=True)
    offer(desk, second, preferred=True)
    assert [(one.supplier_code, one.preferred) for one in desk.ask(ListSupplierParts(part_number="PAD")).items] == [
        ("SAIC-P", False),
        ("BOSCH", True),
    ]
    price_file(desk, first, "S-1,PAD,9,yes", header="supplier_part_number,our_part_number,price,preferred")
    chosen = {one.supplier_code for one in desk.ask(ListSupplierParts(part_number="PAD")).items if one.preferred}
    assert chosen == {"SAIC-P"}


def test_a_suppliers_number_is_of_one_part(desk, scene):
    """Rule P1: or nobody knew what came in under it."""
    scene.catalogued("PAD", "DISC")
    supplier = register(desk)
    offer(desk, supplier)
    with pytest.raises(Refused, match="supplier_number_taken"):
        offer(desk, supplier, number="DISC", theirs="s1")
    offer(desk, register(desk, "BOSCH"), number="DISC", theirs="S-1")


def test_quantities_of_what_is_counted_are_whole(desk, scene):
    """Rule P2: by hand or by file."""
    scene.catalogued("PAD", unit="个")
    supplier = register(desk)
    with pytest.raises(Invalid):
        offer(desk, supplier, order_multiple=Quantity.of("0.5"))
    report = price_file(desk, supplier, "PAD,1,0.5", header="supplier_part_number,price,order_multiple")
    assert [(one.field, one.rule) for one in report.bad_rows] == [("order_multiple", "whole_pieces")]


def test_who_sells_what_is_asked_by_supplier_or_part(desk):
    with pytest.raises(Invalid):
        desk.ask(ListSupplierParts())


def test_a_suppliers_price_file_is_taken_over_as_a_whole(desk, scene):
    """Rule P1: the part is named by our number, by the number that was noted, or it is the same one."""
    scene.catalogued("PAD", "DISC", "OIL")
    supplier = register(desk)
    offer(desk, supplier, number="DISC", theirs="S-2", price="1", lead_time_days=3)
    header = "supplier_part_number,our_part_number,price,lead_time_days,order_multiple"
    report = price_file(desk, supplier, "S-1,pad,12.50,5,2", "s2,,9.90,,", "OIL,,3,1,1", header=header)
    assert (report.imported, report.rows, report.created, report.changed, report.skipped) == (True, 3, 2, 1, 0)
    assert sold(desk, supplier_id=supplier.id) == [
        ("DISC", "S2", "9.90", 7, 1, 1, False),
        ("OIL", "OIL", "3.00", 1, 1, 1, False),
        ("PAD", "S-1", "12.50", 5, 2, 2, False),
    ]
    again = price_file(desk, supplier, "S-1,pad,12.50,5,2", header=header)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)


def test_what_a_price_file_does_not_say_stays(desk, scene):
    """Rule P1."""
    scene.catalogued("PAD")
    supplier = register(desk)
    offer(desk, supplier, lead_time_days=2, order_multiple=Quantity.of("4"), preferred=True)
    assert price_file(desk, supplier, "S-1,11", header="供应商件号,进价").changed == 1
    assert sold(desk, supplier_id=supplier.id) == [("PAD", "S-1", "11.00", 2, 4, 4, True)]


def test_one_bad_row_and_nothing_is_taken_over(desk, scene):
    """Rule P1."""
    scene.catalogued("PAD", "DISC", "OIL")
    supplier = register(desk)
    offer(desk, supplier, number="OIL", theirs="S-9")
    report = price_file(desk, supplier, "S-1,PAD,12", "S-2,NOBODY,1", "S-3,pad,1", "X,,1", "S-9,DISC,2")
    assert (report.imported, [(one.row, one.field, one.rule) for one in report.bad_rows]) == (
        False,
        [
            (3, "our_part_number", "part_unknown"),
            (4, "our_part_number", "part_named_twice"),
            (5, "supplier_part_number", "part_unknown"),
            (6, "supplier_part_number", "number_of_another_part"),
        ],
    )
    new = price_file(desk, supplier, "PAD,2", header="supplier_part_number,order_minimum")
    assert [(one.field, one.rule) for one in new.bad_rows] == [("price", "needed_for_a_new_part")]
    assert [one[0] for one in sold(desk, supplier_id=supplier.id)] == ["OIL"]


def test_parts_that_the_dealer_does_not_have_may_be_left_out(desk, scene):
    """Rule P1: a supplier's feed names everything that they make."""
    scene.catalogued("PAD")
    report = price_file(desk, register(desk), "PAD,,1", "SOMETHING-ELSE,,2", skip_unknown=True)
    assert (report.imported, report.rows, report.created, report.skipped) == (True, 2, 1, 1)


def test_a_delivery_is_booked_by_the_suppliers_own_numbers(desk, scene):
    """Rule P14: what they call a part is mapped to ours; whoever is not registered is booked as before."""
    scene.catalogued("PAD")
    supplier = register(desk)
    offer(desk, supplier, theirs="S-1")
    receipt = scene.received("s 1", "4", supplier="saic parts")
    assert (receipt.lines[0].part_number, receipt.supplier_id) == ("PAD", supplier.id)
    with pytest.raises(Refused, match="part_unknown"):
        scene.received("S-1", "4", supplier="somebody")
    assert scene.received("PAD", "1", supplier="somebody").supplier_id is None
    assert scene.balance("PAD") == {"supplier": -5, "bin": 5}


def test_a_document_of_a_supplier_is_booked_once_under_whichever_of_its_names(desk, scene):
    """Rule P4: also one that was booked before the supplier was registered."""
    scene.catalogued("PAD")
    scene.received("PAD", "1", reference="DN-1", supplier="上汽配件")
    register(desk)
    for name in ("SAIC Parts", "saic-p", "上汽配件"):
        with pytest.raises(Refused, match="receipt_booked_already"):
            scene.received("PAD", "1", reference="DN-1", supplier=name)
    scene.received("PAD", "1", reference="DN-2", supplier="SAIC-P")
    assert [one.reference for one in desk.ask(ListReceipts(supplier="SAIC Parts")).items] == ["DN-2", "DN-1"]
