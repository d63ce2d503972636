"""The pairs of `make bench`, by name, and the arms of each."""

YARDSTICK = "F1"
PAIRS = {
    "F1/F1": ("F1", "F1 again"),
    "S-svc/F1": ("S-svc", "F1"),
    "S-http/F1": ("S-http", "F1"),
    "S-svc/P1": ("S-svc", "P1"),
    "S-svc/P2": ("S-svc", "P2"),
    "read/nameko": ("read", "read over nameko"),
    "F2/F1": ("F2", "F1"),
}
"""In this order: the first is the placebo, which also says how fast the yardstick is here."""
PLACEBO = "F1/F1"
"""What differs between two that are equal is noise."""
QUICK = ("F1/F1", "S-svc/F1", "S-http/F1")
