"""What must be true of a whole deployment, checked against the tables and never with the code that writes them.

`books` opens every service's database; `deliveries` (I1), `stock` (I3), `departures` (I11), `money` (I12), `clocks` (I13),
`signatures` (I14), `calls` (I15), `evidence` (I16), `loans` (I17), `special_orders` (I18), `warranties` (I19), `custody` (I20),
`declined` (I21), `promises` (I22), `isolations` (I30), `batteries` (I33), `histories` (I34), `purchases` (I35), `stocktakes`
(I36) and `checks` hold one function per invariant or part of one (I9 is about answers and needs the list of them: see the fault
tests). `servicelane reconcile` runs I1 and with --all all of them, as the fault tests and the benchmark do.
"""

from servicelane.invariants.books import Books, Finding
from servicelane.invariants.checks import ALL, check
from servicelane.invariants.deliveries import deliveries

__all__ = ["ALL", "Books", "Finding", "check", "deliveries"]
