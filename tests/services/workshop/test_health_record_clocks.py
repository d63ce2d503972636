"""Rule W32: whatever clock was wrong, no attempt to send a health record is later than an hour, and none is early."""

from datetime import timedelta
from threading import Event

from chassis.wire.ids import new_id
from chassis.work.timers import set_timer
from servicelane.health_record_sandbox import HealthRecordSandbox
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_health_record import closed, errands, sandbox, sends, timers

__all__ = ["sandbox"]


def test_a_clock_that_was_ahead_puts_nothing_off(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Whoever leads when it is set back, or next, tries within the hour that no attempt is later than."""
    closed(shop)
    sandbox.down, right, leading = True, shop.desk.clock.now(), errands(shop)
    shop.desk.pass_time(hours=30)
    assert leading.look(Event())
    shop.desk.clock.set(right)
    assert (leading.look(Event()), leading.look(Event())) == (True, False)
    shop.desk.pass_time(hours=30)
    assert leading.look(Event())
    shop.desk.clock.set(right)
    sandbox.down = False
    assert (sends(shop), len(sandbox.records), len(sandbox.received)) == (1, 1, 4)


def test_a_clock_that_is_right_brings_no_attempt_forward(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Others' timers stay, too, however far away."""
    sandbox.down = True
    closed(shop)
    later = shop.desk.clock.now() + timedelta(days=9)
    shop.desk.executor.run_for("sh-pudong", lambda work: set_timer(work, "watch_promise", new_id(), later))
    for _ in range(9):
        assert sends(shop) == 1
        [due] = timers(shop, "send_health_record")
        assert sends(shop) == 0
        assert timers(shop, "send_health_record") == [due]
        shop.desk.clock.set(due)
    assert timers(shop, "watch_promise") == [later]
