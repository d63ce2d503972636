"""Completion certificates (竣工出厂合格证, Rule W32)."""
