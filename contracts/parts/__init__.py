"""Parts: catalogue, stock ledger, reservations and issues."""
