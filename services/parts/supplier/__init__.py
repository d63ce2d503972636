"""Suppliers: whether they are approved, and at what terms they sell which part (Rules P1, P12). Orders are not known here."""
