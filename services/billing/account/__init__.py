"""The account of an order: what each payer owes, what was paid, and who stands for the rest.

It knows no invoice but by its id.
"""
