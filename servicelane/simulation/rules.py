"""The rules that simulated days live, and how often each was seen to happen.

A rule counts where an answer of the API shows that it happened, not where somebody meant it to. Every rule that docs/domain.md
calls built or partly built stands here, in its order: one that no day lived shows as 0.
"""

from collections import Counter
from collections.abc import Iterable

SERVICES = {
    "booking": ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13", "B14", "B15"),
    "workshop": (
        *("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W11", "W12", "W13", "W14", "W15", "W16"),
        *("W17", "W18", "W19", "W20", "W21", "W22", "W23", "W24", "W25", "W26", "W27", "W28", "W29", "W30", "W31", "W32", "W33"),
    ),
    "parts": ("P1", "P2", "P3", "P4", "P5", "P6", "P8", "P12", "P14"),
    "billing": ("L1", "L2", "L3", "L4", "L5"),
    "crm": ("C1", "C2", "C5"),
    "group": ("G0", "G1", "G3", "G5"),
}
"""The rules by whose they are."""

RULES = tuple(rule for rules in SERVICES.values() for rule in rules)


class Sightings:
    """How often each rule was seen to happen. Raises KeyError for what is no rule here."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self.orders = 0
        """Work orders that were opened."""

    def saw(self, rule: str, happened: object = True) -> None:
        """An answer shows that a rule happened, if it does."""
        if rule not in RULES:
            raise KeyError(rule)
        self._seen[rule] += bool(happened)

    def counts(self) -> dict[str, int]:
        """Every rule with its number, in the order of the rules."""
        return {rule: self._seen[rule] for rule in RULES}

    def unseen(self) -> Iterable[str]:
        """The rules that no answer has shown."""
        return [rule for rule, times in self.counts().items() if not times]
