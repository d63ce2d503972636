"""Reads that many ask for at once, in green threads as the gateway has them."""

import gzip
import time
from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from eventlet.event import Event
from eventlet.greenthread import GreenThread

from gateway.http.sharing import GATHERING_SECONDS, Alike, SharedReads, written


class Source:
    """What is read: it counts, and each read lasts until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.going: list[Event] = []

    def __call__(self) -> int:
        self.begun += 1
        number, gone = self.begun, Event()
        self.going.append(gone)
        gone.wait()
        return number

    def let_go(self, number: int) -> None:
        """Read number so and so ends."""
        self.going[number - 1].send()


def _asked(reads: SharedReads, read: Callable[[], Any], times: int = 1, what: str = "board") -> list[GreenThread]:
    threads = [eventlet.spawn(reads.ask, what, read) for _ in range(times)]
    eventlet.sleep(0)
    return threads


def test_those_who_ask_during_a_read_share_one_that_begins_afterwards() -> None:
    """Nobody gets what was read before they asked, and twenty who wait cost one read."""
    reads, source = SharedReads(), Source()
    [first] = _asked(reads, source)
    waiting = _asked(reads, source, 20)
    assert source.begun == 1
    source.let_go(1)
    assert first.wait() == 1
    eventlet.sleep(2 * GATHERING_SECONDS)
    assert source.begun == 2
    later = _asked(reads, source, 3)
    source.let_go(2)
    assert [one.wait() for one in waiting] == [2] * 20
    eventlet.sleep(GATHERING_SECONDS)
    assert source.begun == 3
    source.let_go(3)
    assert [one.wait() for one in later] == [3] * 3
    assert source.begun == 3


def test_who_asks_a_moment_after_a_read_began_shares_the_next_one() -> None:
    """Ten boards that look within a moment cost two reads however quick one is; later ones do not wait."""
    reads, begun = SharedReads(), []

    def quick() -> int:
        begun.append(time.monotonic())
        return len(begun)

    assert reads.ask("board", quick) == 1
    assert {one.wait() for one in _asked(reads, quick, 9)} == {2}
    assert begun[1] - begun[0] >= GATHERING_SECONDS
    eventlet.sleep(GATHERING_SECONDS)
    assert reads.ask("board", quick) == 3
    assert len(begun) == 3


def test_different_questions_do_not_wait_for_each_other() -> None:
    """Another dealer's board is another question."""
    reads, source = SharedReads(), Source()
    [one] = _asked(reads, source, what="north")
    [other] = _asked(reads, source, what="south")
    source.let_go(2)
    assert other.wait() == 2
    source.let_go(1)
    assert one.wait() == 1


def test_a_read_that_fails_fails_for_one_alone() -> None:
    """The others read for themselves, and the next one begins anew."""
    reads, source = SharedReads(), Source()

    def failing() -> int:
        source()
        raise TimeoutError

    [first] = _asked(reads, source)
    [leader] = _asked(reads, failing)
    others = _asked(reads, lambda: 7, 2)
    source.let_go(1)
    first.wait()
    eventlet.sleep(2 * GATHERING_SECONDS)
    source.let_go(2)
    with pytest.raises(TimeoutError):
        leader.wait()
    assert [one.wait() for one in others] == [7, 7]
    assert reads.ask("board", lambda: 8) == 8


def test_who_is_ended_while_waiting_holds_up_nobody() -> None:
    """A caller whose connection is gone may have been the one to read next."""
    reads, source = SharedReads(), Source()
    [first] = _asked(reads, source)
    [leader] = _asked(reads, source)
    [other] = _asked(reads, lambda: 7)
    leader.kill()
    assert other.wait() == 7
    source.let_go(1)
    assert first.wait() == 1
    assert reads.ask("board", lambda: 8) == 8


def test_an_answer_that_many_are_given_is_written_once() -> None:
    """The same bytes as everybody's own, in plain and in gzip."""
    answer = Alike({"orders": [{"plate": "沪A12345"}] * 100})
    assert answer.written == written(dict(answer))
    assert answer.written is answer.written
    assert gzip.decompress(answer.compressed) == answer.written
    assert answer.compressed is answer.compressed
