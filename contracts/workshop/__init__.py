"""workshop's contract: work orders from opening to delivery, and their reversal."""
