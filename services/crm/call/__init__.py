"""Calls to make: opened by what happened elsewhere, closed by an agent or by what happens next."""
