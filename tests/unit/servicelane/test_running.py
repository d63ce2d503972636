"""What a process does once everything is started."""

import gc

from servicelane import running


def test_what_was_loaded_at_the_start_is_not_looked_through_for_garbage_again() -> None:
    """A collection of everything stops every green thread: after the start it finds what came since, and nothing else."""
    thresholds = gc.get_threshold()
    try:
        running.settle()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < gc.get_freeze_count() / 10
        assert gc.get_threshold() == running.COLLECTED
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
