"""The rooms of parts: one module per aggregate with its rules and the use cases on it. No bus, no HTTP, no clock of its own.

Use cases that touch stock begin with `ledger.open_stock`: it serialises the dealer's stock for the rest of the transaction, so
that batches over the same parts wait for each other instead of deadlocking. No table here is shared by the group.
"""
