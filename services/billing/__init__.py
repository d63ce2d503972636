"""billing: who owes what for a delivered order, that it is billed once and for ever, and that no car leaves unsettled.

Owns: invoices and credit notes, their gapless numbers, order accounts (shares, payments, deposits, customer credit,
authorisations), gate passes, tax numbers, tax rates, billing tasks.
Publishes: InvoiceIssued, InvoiceCredited, PaymentReceived, PaymentRefunded, DepositTaken, DepositApplied, DepositApproved,
ShareAuthorised, GatePassIssued, GatePassRevoked, GatePassUsed, BillingTaskRaised.
Consumes: DealerRecorded (gateway); WorkOrderDelivered, DeliveryReversed (workshop).
"""
