"""What can go wrong in the tables of the services, one way at a time: for the tests of the invariants."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """Something goes wrong in a table of a service; the check of `invariant` must find it and say `said`."""

    invariant: str
    said: str
    where: str
    damage: str

    def __str__(self) -> str:
        return f"{self.invariant}-{self.said}"


LATEST = "revision = 2"
"""The delivery that was made after another one of the same order had been reversed."""

BREAKS = (
    Break(
        "I1", "has 0 times: invoice of warranty", "billing.invoice", f"DELETE FROM invoice WHERE payer = 'warranty' AND {LATEST}"
    ),
    Break(
        "I1",
        "has 2 times: invoice of warranty",
        "billing.invoice",
        f"INSERT INTO invoice SELECT * FROM invoice WHERE payer = 'warranty' AND {LATEST}",
    ),
    Break("I1", "has 0 times: deduction", "parts.deduction", f"DELETE FROM deduction WHERE {LATEST}"),
    Break("I1", "has 2 times: deduction", "parts.deduction", f"INSERT INTO deduction SELECT * FROM deduction WHERE {LATEST}"),
    Break("I1", "has 0 times: follow-up", "crm.follow_up", f"DELETE FROM follow_up WHERE {LATEST}"),
    Break("I1", "has 2 times: follow-up", "crm.follow_up", f"INSERT INTO follow_up SELECT * FROM follow_up WHERE {LATEST}"),
    Break(
        "I1",
        "an invoice of insurer, who pays nothing",
        "billing.invoice",
        f"UPDATE invoice SET payer = 'insurer' WHERE payer = 'warranty' AND {LATEST}",
    ),
    Break(
        "I1",
        "off stock, installed are",
        "parts.stock_move",
        f"DELETE FROM stock_move WHERE kind = 'deducted' AND document_id IN (SELECT id FROM deduction WHERE {LATEST})",
    ),
    Break(
        "I1",
        "off stock, installed are",
        "parts.stock_move",
        f"INSERT INTO stock_move SELECT * FROM stock_move WHERE document_id IN (SELECT id FROM deduction WHERE {LATEST})",
    ),
    Break("I1", "invoice for work order .* never delivered", "workshop.delivery", f"DELETE FROM delivery WHERE {LATEST}"),
    Break("I1", "deduction for work order .* never delivered", "workshop.delivery", f"DELETE FROM delivery WHERE {LATEST}"),
    Break("I1", "follow-up for work order .* never delivered", "workshop.delivery", f"DELETE FROM delivery WHERE {LATEST}"),
    Break(
        "I1",
        "is reversed, but invoice .* has 0 credit notes",
        "billing.invoice",
        "DELETE FROM invoice WHERE kind = 'credit_note'",
    ),
    Break(
        "I1",
        "is reversed, but invoices .* do not add up to nothing",
        "billing.invoice",
        "UPDATE invoice SET total_minor = total_minor + 1 WHERE kind = 'credit_note'",
    ),
    Break("I1", "is reversed, but its parts are still off stock", "parts.deduction", "UPDATE deduction SET undone_at = NULL"),
    Break(
        "I1", "is reversed, but its parts are still off stock", "parts.stock_move", "DELETE FROM stock_move WHERE kind = 'undone'"
    ),
    Break("I1", "is reversed, but its follow-up is not cancelled", "crm.follow_up", "UPDATE follow_up SET state = 'scheduled'"),
    Break(
        "I2",
        r"billing.invoice .* is there 2 times",
        "billing.invoice",
        f"INSERT INTO invoice SELECT * FROM invoice WHERE {LATEST}",
    ),
    Break("I3", "balance .*, moves", "parts.stock_balance", "UPDATE stock_balance SET quantity_units = quantity_units + 1"),
    Break("I3", "in wip is negative: -1000", "parts.stock_balance", "UPDATE stock_balance SET quantity_units = -1000"),
    *(
        Break("I3", said, "parts.stock_balance", "UPDATE stock_balance SET reserved_units = 1000000 WHERE location = 'bin'")
        for said in ("reserved 1000000, open reservations 0", "only .* in the bin of them")
    ),
    Break("I3", "worth .*, moves", "parts.stock_balance", "UPDATE stock_balance SET value_milli = value_milli + 1"),
    Break("I3", "moved .*, but no balance", "parts.stock_balance", "DELETE FROM stock_balance WHERE location = 'customer'"),
    Break(
        "I3",
        "NOWHERE: reserved .*, but no stock in the bin",
        "parts.reservation_line",
        "UPDATE reservation_line SET number = 'NOWHERE', reserved_units = 1000; UPDATE reservation SET state = 'open'",
    ),
    Break("I35", "received .*, inspected and accepted", "parts.purchase_line", "UPDATE purchase_line SET received_units = 1"),
    Break("I35", "received 10000, inspected and accepted 0", "parts.inspection", "DELETE FROM inspection"),
    Break("I35", "the ledger received 10000", "parts.inspection", "UPDATE inspection SET accepted_units = 1"),
    Break("I36", "differed by -2000, booked -1000", "parts.stocktake_line", "UPDATE stocktake_line SET adjusted_units = -1000"),
    Break("I36", "booked -2000, the ledger moved 0", "parts.stock_move", "DELETE FROM stock_move WHERE kind = 'corrected'"),
    Break("I36", "counted 2 times, 0 counts are kept", "parts.stock_count", "DELETE FROM stock_count"),
    Break("I36", "frozen .*: 0, on its open sheet 1", "parts.stock_balance", "UPDATE stock_balance SET frozen_for = NULL"),
    Break("I4", r"missing \[1\]", "billing.invoice", "DELETE FROM invoice WHERE sequence_number = 1"),
    Break("I4", r"double \[1\]", "billing.invoice", "UPDATE invoice SET sequence_number = 1 WHERE sequence_number = 2"),
    Break("I5", "net .*, lines", "billing.invoice", "UPDATE invoice SET net_minor = net_minor + 1"),
    Break("I5", "tax .*, lines", "billing.invoice", "UPDATE invoice SET tax_minor = tax_minor + 1"),
    Break("I5", "gross .*, lines", "billing.invoice", "UPDATE invoice SET total_minor = total_minor + 1"),
    Break("I5", "net and tax are not the total", "billing.invoice", "UPDATE invoice SET total_minor = total_minor + 1"),
    Break(
        "I5",
        "the lines do not add up",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.lines[0].amount.amount', '1.00')",
    ),
    Break(
        "I5",
        "the payers do not add up",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.payers[0].amount.amount', '1.00')",
    ),
    Break(
        "I5",
        "signed 100, was billed",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.payers[0].gross.amount', '1.00')",
    ),
    Break(
        "I5",
        "signed 100, was billed",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.payers[0].tax.amount', '1.00')",
    ),
    *(
        Break(
            "I6",
            f"{kind} for .*: 1 changes, 0 events",
            f"{kind.partition('.')[0]}.outbox",
            f"DELETE FROM outbox WHERE type = '{kind}'",
        )
        for kind in (
            "workshop.work_order.delivered",
            "workshop.work_order.delivery_reversed",
            "parts.deduction.deducted",
            "crm.follow_up.scheduled",
        )
    ),
    *(
        Break("I6", f"{kind} for .*: {times} changes, 0 events", "billing.outbox", f"DELETE FROM outbox WHERE type = '{kind}'")
        for kind, times in (("billing.invoice.issued", 2), ("billing.invoice.credited", 3))
    ),
    Break("I6", "crm.follow_up.scheduled for .*: 0 changes, 1 events", "crm.follow_up", "DELETE FROM follow_up"),
    Break(
        "I7",
        "booking has not sent booking.appointment.booked",
        "booking.outbox",
        "UPDATE outbox SET sent_at = NULL WHERE type = 'booking.appointment.booked'",
    ),
    Break(
        "I7",
        r"billing.issue_invoices holds m-1 \(dead\): it broke",
        "billing.parked_message",
        "INSERT INTO parked_message (subscriber, message_id, dealer_id, payload, kind, attempts, reason, parked_at) "
        "VALUES ('billing.issue_invoices', 'm-1', NULL, '{}', 'dead', 6, 'it broke', '2026-03-02')",
    ),
    *(
        Break(
            "I8",
            f"{where} of work order .* not an order of this dealer",
            where,
            f"UPDATE {where.partition('.')[2]} SET work_order_id = '00000000000070008000000000000001'",
        )
        for where in ("billing.invoice", "parts.deduction", "crm.follow_up", "billing.gate_pass")
    ),
    Break(
        "I10",
        "booking.known_customer .* 'name': 'Somebody'",
        "booking.known_customer",
        "UPDATE known_customer SET name = 'Somebody'",
    ),
    Break(
        "I10",
        "booking.known_invitation .* 'channel': 'sms'",
        "booking.known_invitation",
        "UPDATE known_invitation SET channel = 'sms'",
    ),
    Break("I10", "booking.known_vehicle .* holds None", "booking.known_vehicle", "DELETE FROM known_vehicle"),
    Break(
        "I10",
        "workshop.known_customer .* holds .'sequence': 7,",
        "workshop.known_customer",
        "UPDATE known_customer SET sequence = 7",
    ),
    Break(
        "I10",
        "workshop.known_vehicle .* 'plate': 'X'",
        "workshop.known_vehicle",
        "UPDATE known_vehicle SET facts = json_set(facts, '$.plate', 'X')",
    ),
    Break(
        "I10",
        "workshop.followed_appointment .* announced was None",
        "booking.outbox",
        "DELETE FROM outbox WHERE type LIKE 'booking.appointment.%'",
    ),
    Break("I12", "transaction WX.*, its parts add up to", "billing.tender", "UPDATE tender SET total_minor = 1"),
    Break(
        "I12",
        "payment .*: of .*, 9999999 went back",
        "billing.payment",
        "UPDATE payment SET kind = 'refund', amount_minor = -9999999, of_id = (SELECT min(id) FROM payment) "
        "WHERE id = (SELECT max(id) FROM payment)",
    ),
    Break("I12", "between accounts .* more came", "billing.payment", "UPDATE payment SET counterpart_id = of_id, of_id = NULL"),
    *(
        Break("I12", f"{column} is .*, its rows come to", f"billing.{table}", f"UPDATE {table} SET {column} = {column} + 1")
        for table, column in (
            ("share", "total_minor"),
            ("share", "owed_minor"),
            ("share", "granted_minor"),
            ("order_account", "deposit_minor"),
            ("order_account", "credit_minor"),
        )
    ),
    Break(
        "I11",
        "is reversed, but its car has left",
        "billing.gate_pass",
        "UPDATE gate_pass SET used_at = issued_at, revoked_at = NULL",
    ),
    Break("I11", "is reversed at workshop: .*True, at billing: .*False", "billing.share", "UPDATE share SET reversed_at = NULL"),
    Break(
        "I11",
        "was asked to be reversed and got no answer",
        "workshop.work_order",
        'UPDATE work_order SET reversal = \'{"state": "requested"}\'',
    ),
)
