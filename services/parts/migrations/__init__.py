"""Migrations of the parts database."""
