"""A service's outbox as a saboteur sees it: what is not sent yet, and how to keep it from being sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.fleet import Fleet

DELIVERED = "NEW.type = 'workshop.work_order.delivered'"


def hurry(fleet: Fleet, service: str) -> None:
    """Have everything sent at once that was to go out later."""
    fleet.change(service, "UPDATE outbox SET next_at = now() WHERE sent_at IS NULL")


def unsent(fleet: Fleet, service: str) -> int:
    """How many events the service has not sent, or not been told that they arrived."""
    return int(fleet.rows(service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")[0][0])


@contextmanager
def published_late(fleet: Fleet, which: str, seconds: float) -> Iterator[None]:
    """Events of workshop that `which` says go out so much later; those behind them do not wait for them."""
    fleet.change(
        "workshop",
        f"CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {which} THEN "
        f"NEW.next_at = now() + interval '{seconds} s'; END IF; RETURN NEW; END $$",
    )
    fleet.change("workshop", "CREATE TRIGGER late BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION late()")
    try:
        yield
    finally:
        fleet.change("workshop", "DROP TRIGGER late ON outbox")
        fleet.change("workshop", "DROP FUNCTION late()")
