"""Customers who were asked to come."""
