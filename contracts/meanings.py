"""What fields mean, said once: `field` everywhere, or `Message.field` where one message means something of its own.

A name with a capital letter and no dot is a set of words (`Payer`). What only one service says stands in its own
`contracts/<service>/meanings.py`. docs/events.md and the OpenAPI document are written from these tables.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import contracts

MEANING = {
    "LineNumber.number": "the line's number on the order",
    "BadRow.column": "the column as a spreadsheet names it (B); empty where it is the whole row or file",
    "BadRow.field": "the field whose cell it is, or what stands in the header; `row` and `file` for the whole of them",
    "BadRow.message": "what is wrong, in the asked language",
    "BadRow.row": "the row as a spreadsheet counts it; the header is row 1",
    "BadRow.rule": "code of the rule that was broken",
    "BadRow.values": "the facts of the case, by name",
    "TableFile.columns": "the file's own headers by field, if it has others than ours; the rest of its columns is then ignored",
    "TableFile.delimiter": "what stands between the cells of a CSV, if it is not to be found out",
    "TableFile.encoding": "the encoding of a CSV, if it is not to be found out",
    "TableFile.file": "the file, CSV or XLSX, in base64",
    "TableFile.sheet": "the sheet of a workbook; the first, if none is named",
    "TableFileReport.bad_rows": "rows that break a rule, the first 1,000; if there is one, nothing was imported",
    "TableFileReport.bad_rows_total": "how many breaches there are in all",
    "TableFileReport.delimiter": "what stood between the cells, if it was a CSV",
    "TableFileReport.encoding": "the encoding a CSV was read in",
    "TableFileReport.imported": "whether the file was taken over; false if there is a bad row",
    "TableFileReport.rows": "how many rows the file has, without the header",
    "TableFileReport.sheet": "the sheet that was read, if it was a workbook",
    "Encoding": "How text was turned into bytes: Unicode, Chinese, Western European.",
    "Delimiter": "Comma, semicolon or tab.",
    "from_day": "only what is of this local day or a later one",
    "sort": "the order of the list; a `-` stands for the largest or latest first",
    "to_day": "only what is of this local day or an earlier one",
    "updated_at": "when it was last changed",
    "updated_since": "only what was changed at this time or later; for programs that keep a copy",
    "Signature.means": "how it was signed",
    "Signature.name": "who signed: the customer or the technician; of an `account`, its login",
    "Signing.given_at": "when it was said on the phone; left out of a signature, which is given now",
    "Signing.means": "how they sign",
    "Signing.name": "who signs, or said so on the phone",
    "SignatureMeans": "how something was signed: drawn, by a typed name, on the phone, or with the account that did it",
    "SigningMeans": "how somebody signs: drawn by hand, by their typed name, or agreed on the phone",
    "document_hash": "SHA-256 of the document's canonical form, in hexadecimal digits",
    "signature": "the signature, with the hash of what was signed; null while there is none",
    "signed_at": "when it was signed",
    "strokes": "a drawn signature: points as `x,y` in a box of 600 by 200, with blanks between them, strokes with semicolons",
    "taken_by": "login of who had it signed",
    "verified": "whether the document is as it was signed, by its hash",
    "accepted_by": "who accepted the work at the car and signed",
    "address": "postal address, as it is printed on invoices",
    "advisor": "the service advisor (服务顾问)",
    "amount": "how much",
    "Share.amount": "this payer's part of the line's amount",
    "DeliveredLine.amount": "the line's frozen price, with tax if the tax mode is inclusive",
    "AdditionalWorkProposed.amount": "price of all proposed lines",
    "DepositApplied.amount": "how much of the deposits went into the invoice",
    "appointment": "the appointment as it is after the change",
    "appointment_id": "the appointment (预约) it goes back to",
    "approved_by": "who approved: the customer, by signature or on the phone",
    "attempt": "number of the attempt, from 1",
    "authorisation_id": "the authorisation",
    "authorised_by": "who stands for the share",
    "bay": "the bay (工位)",
    "breach_at": "from when on the follow-up counts as missed",
    "claim_number": "the payer's number of the claim (报案号)",
    "chunk": "number of this chunk, from 1",
    "chunks": "how many chunks the edition has",
    "Colleague.login": "their login",
    "Colleague.name": "what they are called",
    "complaint": "what is wrong, in the customer's words",
    "credited_invoice_id": "the invoice that was taken back",
    "credited_number": "number of the invoice that was taken back",
    "currency": "ISO 4217 code of the dealer's currency",
    "customer": "the customer as known at that moment",
    "customer_id": "the customer",
    "VehicleRecorded.customer_id": "who drives the car now",
    "dealer": "the dealer's code in the registry",
    "declined": "work the customer was offered and did not want (未同意项目)",
    "deducted_at": "when stock was taken off",
    "deductions": "one entry per installed part line",
    "delivered_at": "when the customer accepted the car",
    "description": "what was done or delivered, in the dealer's language",
    "DeclinedLine.description": "what was offered",
    "done": "whether the line is finished",
    "due_at": "by when the customer must have been called",
    "edition": "edition of the price list, growing; a part's newest edition wins",
    "effective_on": "local day from which on it holds",
    "email": "e-mail address",
    "estimate_version": "version of the estimate, from 1",
    "expected_pick_up_at": "when the customer wants the car back",
    "extra_minutes": "by how much the promised time moves",
    "findings": "what the inspector found",
    "call_id": "the call to make (待致电)",
    "enquiry_id": "the enquiry (咨询)",
    "follow_up_id": "the follow-up job (回访)",
    "gate_pass_id": "the gate pass (出门证)",
    "handed_by": "the clerk who handed the parts out",
    "hours": "sold flat-rate hours (工时定额)",
    "inspector": "who inspected; nobody who did the work",
    "invoice_id": "the invoice, or the credit note",
    "kind": "what kind of line it is",
    "BillingTaskRaised.kind": "what has to be looked into",
    "labour": "sum of the labour lines",
    "line_id": "the line of the order or appointment",
    "lines": "the lines concerned",
    "WorkOrderDelivered.lines": "approved and installed lines at the estimate's frozen prices",
    "list_price": "the dealer's list price per unit",
    "locale": "language of the dealer's documents",
    "make": "make of the car",
    "mileage": "odometer reading at delivery, in km",
    "VehicleRecorded.mileage": "the file's own last odometer reading, in km",
    "WorkOrderOpened.mileage": "odometer reading at reception, in km",
    "mileage_at": "when it was read",
    "mileage_reason": "why it is below the last known one, or far beyond it",
    "model": "model of the car",
    "name": "name",
    "name_en": "English name",
    "name_zh": "Chinese name",
    "net": "amount without tax",
    "gross": "amount with tax",
    "next_service_mileage": "odometer reading at which the next service is due, in km",
    "next_service_on": "day on which the next service is due",
    "note": "what was noted",
    "number": "the document's printed number",
    "DeliveredLine.number": "number of the line on the order",
    "on_hand_after": "stock in bin and work in progress after the deduction",
    "on_hand_before": "stock in bin and work in progress before it",
    "open_amount": "what the payer's share still owes afterwards",
    "operation_code": "code of the operation (工时项目); labour lines only",
    "operations": "codes of the booked operations",
    "outcome": "how the follow-up ended",
    "part_number": "part number (件号)",
    "DeliveredLine.part_number": "part number (件号); part lines only",
    "parts": "the parts concerned",
    "AppointmentFacts.parts": "parts the booked work will need",
    "EstimateIssued.parts": "sum of the part lines",
    "WorkApproved.parts": "ALL approved part lines of the order as they are now",
    "passed": "whether the car passed",
    "party": "to whom its invoice is made out (购买方)",
    "payer": "who pays (付款方)",
    "payer_parties": "who stands behind payers of this order; other payers are the dealer's setting",
    "payment_id": "the payment, deposit or refund",
    "payment_method": "how it was paid",
    "next_appointment": "what the customer said of the next appointment (Rule B10); null if nobody asked",
    "NextAppointment": "what a customer who is asked for the next appointment says: booked, later, declined",
    "phone": "phone number",
    "planned_at": "when the customer wants to be called",
    "plate": "number plate (车牌)",
    "preferred_channel": "how the customer wants to be reached",
    "preferred_follow_up_time": "local time of day at which the customer wants to be called",
    "preferred_phone": "number at which the customer wants to be called",
    "previous_starts_at": "when it was to start before",
    "promised_at": "when the car is promised to be ready",
    "quantity": "how much, in the part's unit",
    "reached": "whether the customer was reached",
    "rate": "percentage, a decimal in a string",
    "reason": "why, in words",
    "reference": "the other party's reference",
    "refusal": "why it was refused",
    "refunded_payment_id": "the payment that was given back",
    "reserved": "what was set aside",
    "revision": "which delivery of the order, from 1 (Rule W15)",
    "safety": "whether it is a safety item",
    "satisfaction": "from 1 (bad) to 5 (good)",
    "service_type": "type of service, which has a capacity of its own",
    "shares": "who pays how much of the line; they add up to its amount exactly",
    "short": "what stock could not cover",
    "DeductedPart.short": "what was missing and moved from discrepancy",
    "slip_id": "the issue or return slip (出库单)",
    "starts_at": "when the appointment begins",
    "status": "status of the appointment",
    "stopped_by": "who clocked a colleague off",
    "sublet": "sum of the sublet lines (外加工)",
    "successor": "number of the part that supersedes it (替代件号)",
    "tags": "what reception and workshop should know beforehand (Rule B6)",
    "task_id": "the task",
    "tax": "tax on it",
    "tax_mode": "whether quoted prices include tax",
    "tax_rate": "percentage at which each payer's share of each line is taxed",
    "tax_rate_id": "the dealer's rate from that day on",
    "tax_number": "tax number (税号) of the buyer",
    "technician": "the technician (技师)",
    "time_zone": "IANA name; calendar rules count in it",
    "total": "net and tax together",
    "EstimateIssued.total": "labour, parts and sublet together",
    "WorkOrderReady.total": "total of the settlement preview",
    "unit": "unit of the part",
    "vehicle": "the car as known at that moment",
    "vehicle_id": "the vehicle",
    "vin": "vehicle identification number (车架号)",
    "waiting": "whether the customer waits at the dealer",
    "WorkOrderReturned.lines": "the lines that are to be redone",
    "WorkWithdrawn.declined": "the lines that were approved before and count as declined now",
    "WorkDeclined.not_wanted": "ALL part lines that are declined by now",
    "WorkDeclined.parts": "ALL approved part lines; null while nothing of the order is approved",
    "WorkWithdrawn.parts": "ALL part lines that are still approved",
    "withdrawn_by": "the customer, who signed",
    "work_order_id": "the work order (任务委托书)",
    "worked_minutes": "minutes since clocking on",
    "id": "its identifier, as paths and other documents name it",
    "version": "rises with every change; what If-Match is compared with",
    "items": "the entries of this page",
    "cursor": "where the page begins: `next_cursor` of the page before; left out for the first page",
    "limit": "how many entries the page has at most",
    "next_cursor": "where the next page begins; null on the last one",
    "work_order_number": "printed number of the work order",
    "work_order_ids": "the work orders asked about",
    "visit_id": "the visit: what ties together all that happened from booking to follow-up",
    "day": "a day in the dealer's time zone",
    "since": "only what happened at this time or later",
    "customer_name": "name of the customer",
    "opened_at": "when it was opened",
    "issued_at": "when it was issued",
    "received_at": "when it was received",
    "received_by": "login or client id of who received it",
    "completed_at": "when it was completed; null while it is open",
    "state": "where it stands",
    "Payer": "who pays (付款方): customer_pay the customer (自付), warranty the manufacturer (索赔), three_guarantees the seller "
    "by law (三包), internal the dealer itself (内部), insurer an insurance (保险), goodwill the manufacturer or dealer (善意)",
    "LineKind": "what a line is: labour (工时), part (配件), sublet (外加工: done outside), "
    "core_charge (旧件押金: until the old part comes back)",
    "TaxMode": "whether quoted prices have tax in them (inclusive) or not (exclusive)",
    "Channel": "a way to reach a customer",
}


def meaning(message: type, field: str) -> str | None:
    """What a field of a message means: said of the message, else of what it is made of, else of the name; None if by nobody."""
    tables = (_table(_service_of(message)), MEANING)
    names = [f"{base.__name__}.{field}" for base in message.__mro__]
    return next((table[name] for name in (*names, field) for table in tables if name in table), None)


def meaning_of_words(name: str) -> str | None:
    """What a set of words says; None if nobody has explained it."""
    return next((table[name] for table in tables().values() if name in table), None)


def where(message: type) -> str:
    """The file in which what only this message's service says is explained."""
    service = _service_of(message)
    return f"contracts/{service}/meanings.py" if _is_service(service) else "contracts/meanings.py"


def tables() -> dict[str, Mapping[str, str]]:
    """Every table of meanings, by service; the common one has no service."""
    return {"": MEANING, **{one.name: _table(one.name) for one in iter_modules(contracts.__path__) if one.ispkg}}


def _service_of(message: type) -> str:
    return message.__module__.split(".")[1]  # contracts.<service>.<capability>, or contracts.shared


@cache
def _table(service: str) -> Mapping[str, str]:
    if not _is_service(service) or find_spec(f"contracts.{service}.meanings") is None:
        return {}
    found: Mapping[str, str] = import_module(f"contracts.{service}.meanings").MEANING
    return found


def _is_service(name: str) -> bool:
    return any(one.ispkg and one.name == name for one in iter_modules(contracts.__path__))


def sentence(text: str | None) -> str:
    """A meaning as a sentence; nothing for what nobody has explained."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
