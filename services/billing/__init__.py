"""billing: who owes what for a delivered order, that it is billed once and for ever, and that no car leaves unsettled.

Owns: invoices and credit notes, their gapless numbers, order accounts (shares, payments, deposits, customer credit,
authorisations), gate passes, tax numbers, tax rates, billing tasks.
Publishes: InvoiceIssued, InvoiceCredited, PaymentReceived, PaymentRefunded, DepositTaken, DepositApplied, DepositApproved,
ShareAuthorised, GatePassIssued, GatePassRevoked, GatePassUsed, ReversalConfirmed, ReversalRefused, BillingTaskRaised.
Consumes: DealerRecorded (gateway); WorkOrderDelivered, ReversalRequested, WorkOrderVoided (workshop).

Capabilities, lowest first: account; gate_pass and task, which stand on an account; invoice, which bills a delivery and decides
on its reversal, and so changes account and pass.

Locks are taken in one order everywhere - dealer, number series, order account, gate pass -, and batches come sorted by dealer: so
two replicas wait for one another and never deadlock.
"""
