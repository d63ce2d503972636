"""The dealer's settings of crm: one row, and what follows from its numbers alone."""
