"""The rooms of workshop: the work order with its rules, and the use cases on it.

Shared by the group, without dealer_id and without personal data: `operation`, `model_coefficient` (catalogue.py). Every other
table belongs to a dealer.
"""
