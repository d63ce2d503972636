"""What must be true of a whole deployment, checked against the tables and never with the code that writes them.

`books` opens every service's database, `effects` (I1) and `checks` (I2 to I8, I10) hold one function per invariant; I9 is about
answers and needs the list of them: see the fault tests. `servicelane reconcile` runs I1, the fault tests and the benchmark
run all.
"""

from servicelane.invariants.books import Books, Finding
from servicelane.invariants.checks import ALL, check
from servicelane.invariants.effects import deliveries

__all__ = ["ALL", "Books", "Finding", "check", "deliveries"]
