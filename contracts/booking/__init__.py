"""Booking: calendar, capacity and appointments."""
