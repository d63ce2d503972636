"""Calls to make: opened by what happened elsewhere or by a promise, closed by an agent or by what happens next."""
