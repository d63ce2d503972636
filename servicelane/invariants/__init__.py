"""What must be true of a whole deployment, checked against the tables and never with the code that writes them.

`books` opens every service's database, `checks` holds one function per invariant (I1 to I8 and I10; I9 is about answers and needs
the list of them: see the fault tests). `servicelane reconcile` runs I1, the fault tests and the benchmark run all.
"""

from servicelane.invariants.books import Books
from servicelane.invariants.checks import ALL, Finding, check, deliveries

__all__ = ["ALL", "Books", "Finding", "check", "deliveries"]
