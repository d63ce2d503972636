"""Invoices and credit notes, their numbers and their tax; billing a delivery and crediting it when it is reversed.

A document that was issued is never changed here: what becomes known later stands beside it.
"""
