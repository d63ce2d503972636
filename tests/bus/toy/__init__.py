"""A service for bus tests."""
