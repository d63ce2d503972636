"""billing: who owes what for a delivered order, that it is billed once and for ever, and that no car leaves unsettled.

Owns: invoices and credit notes, their gapless numbers, order accounts (shares, payments, deposits, customer credit,
authorisations), gate passes, tax numbers, tax rates, billing tasks.
Publishes: InvoiceIssued, InvoiceCredited, PaymentReceived, PaymentRefunded, DepositTaken, DepositApplied, DepositApproved,
ShareAuthorised, GatePassIssued, GatePassRevoked, GatePassUsed, BillingTaskRaised.
Consumes: DealerRecorded (gateway); WorkOrderDelivered, DeliveryReversed (workshop).

Capabilities, lowest first: account; gate_pass and task, which stand on an account; invoice, which bills and credits a delivery
and so changes all of them.

Locks are taken in one order everywhere - dealer, number series, order account, gate pass -, and batches come sorted by dealer: so
two replicas wait for one another and never deadlock.
"""
