"""Which rows are an order's history: too few and the tables stay short, too many and dealers and customers are copied."""

from bench.data.history import belonging, named_by

BOOKS = {
    "workshop": {
        "work_order": [
            {"id": "order-1", "visit_id": "visit-1", "customer_id": "wang", "number": "RO-2026-000001"},
            {"id": "order-2", "visit_id": "visit-2", "customer_id": "wang", "number": "RO-2026-000002"},
        ],
        "order_line": [{"id": "line-1", "work_order_id": "order-1"}, {"id": "line-2", "work_order_id": "order-2"}],
        "known_customer": [{"id": "wang", "name": "Wang Fang"}],
        "outbox": [{"id": "event-1", "subject": "order-1", "correlation_id": "visit-1"}],
    },
    "parts": {
        "inbox": [{"subscriber": "parts.deduct_stock", "message_id": "event-1"}, {"subscriber": "x", "message_id": "event-9"}],
        "reservation": [{"id": "reservation-1", "work_order_id": "order-1"}],
        "reservation_line": [{"id": "r-line-1", "reservation_id": "reservation-1"}, {"id": "r-line-9", "reservation_id": "r-9"}],
    },
}


def test_a_row_belongs_to_the_order_it_names_directly_or_through_its_rows():
    """Lines by the order, what is reserved by the reservation, what an inbox remembers by the event, over all services."""
    taken = belonging(BOOKS, {"order-1"})
    assert {row["id"] for row in taken["workshop"]["order_line"]} == {"line-1"}
    assert [row["id"] for row in taken["parts"]["reservation_line"]] == ["r-line-1"]
    assert [row["message_id"] for row in taken["parts"]["inbox"]] == ["event-1"]


def test_customers_and_other_orders_of_theirs_are_not_the_orders():
    """A customer comes again: the copies are further visits of the same one."""
    taken = belonging(BOOKS, {"order-1"})
    assert "known_customer" not in taken["workshop"]
    assert [row["id"] for row in taken["workshop"]["work_order"]] == ["order-1"]


def test_every_id_that_a_copy_must_have_of_its_own_is_found():
    """Rows and visits; what is shared keeps its id."""
    assert named_by(belonging(BOOKS, {"order-1"})) == {"order-1", "visit-1", "line-1", "event-1", "reservation-1", "r-line-1"}
