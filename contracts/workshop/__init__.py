"""Workshop: work orders from opening to delivery, and their reversal."""
