"""The mutants of the store."""

from tests.mutants.mutant import Mutant

APPROVAL = "tests/services/parts/test_stocktake_approval.py"

STORE = (
    Mutant(
        name="over-receipt",
        switched_off="more of a purchase order is received than is outstanding",
        file="services/parts/purchasing/line.py",
        code="if units > self.outstanding:",
        instead="if False:",
        tests=("tests/services/parts/test_ordered_deliveries.py::test_more_than_is_outstanding_is_not_received",),
        complaint="IntegrityError",
    ),
    Mutant(
        name="frozen bins",
        switched_off="parts move into and out of a bin that is being counted",
        file="services/parts/stock/stock.py",
        code='if units and kind != "deducted":',
        instead="if False:",
        tests=("tests/services/parts/test_stocktaking.py::test_nothing_moves_in_a_frozen_bin",),
        complaint="DID NOT RAISE",
    ),
    Mutant(
        name="a delivery is never refused for a stocktake",
        switched_off="what a delivery took waits for the bin to be counted",
        file="services/parts/stock/stock.py",
        code='if units and kind != "deducted":',
        instead="if units:",
        tests=(
            "tests/services/parts/test_stocktaking.py::"
            "test_what_a_delivery_takes_from_a_frozen_bin_is_a_fact_and_the_part_is_counted_again",
        ),
        complaint="assert",
    ),
    Mutant(
        name="a difference is booked once",
        switched_off="the key of parts' stock_move on document and part, which corrections have",
        file="services/parts/migrations/0008_stocktake_keys.py",
        code="columns, unique=unique,",
        instead="columns, unique=False,",
        tests=(f"{APPROVAL}::test_the_database_itself_books_a_difference_once",),
        complaint="DID NOT RAISE",
    ),
)
