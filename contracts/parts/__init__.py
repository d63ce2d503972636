"""parts' contract: catalogue, stock ledger, reservations and issues."""
