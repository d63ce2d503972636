"""Many count, approve and deliver at once: a part is counted in one order, what differs is booked once (Rule P6)."""

import pytest

from contracts.parts.stock import ListMoves
from services.parts.service import PartsService
from tests.services.desk import Desk
from tests.services.parts.scene import installed
from tests.services.parts.stocktakes import Count, lies_at
from tests.services.parts.test_concurrency import at_once


@pytest.fixture
def database(migrated_database):
    return migrated_database(PartsService)


@pytest.fixture
def desk(database):
    return Desk(PartsService, url=database.url)


def test_of_many_who_count_a_part_at_once_two_are_enough(desk, scene):
    """What the first counted differs, the second agrees with it; of the others each agrees, too, and all counts are kept."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    at_once(*(lambda who=who: count.counted(("PAD", "4"), by=f"counter {who}") for who in range(20)))
    assert count.stands() == ("counting", 1, 0, 0)
    assert count.differences() == [("PAD", 5, 4, -1, "-10.00")]


def test_one_person_with_many_phones_counts_once(desk, scene):
    """Who counted it last does not count it next, however much at once."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    outcomes = at_once(*(lambda: count.counted(("PAD", "4")).left for _ in range(20)))
    assert sorted(map(str, outcomes)) == ["1"] + ["counted_by_you"] * 19


def test_a_batch_that_comes_many_times_at_once_is_taken_down_once(desk, scene):
    """All are answered the same."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    answers = at_once(*(lambda: count.counted(("PAD", "5"), batch="phone-1") for _ in range(20)))
    assert all(one == answers[0] for one in answers)
    assert count.stands() == ("counting", 1, 0, 0)


def test_of_many_who_approve_at_once_one_books_what_differs(desk, scene):
    """The others are told that it is at its end."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    for who in ("sun", "li"):
        count.counted(("PAD", "4"), by=who)
    outcomes = at_once(*(lambda who=who: count.approved(by=f"manager {who}").state for who in range(20)))
    assert sorted(outcomes) == ["approved"] + ["stocktake_not_open"] * 19
    assert len(desk.ask(ListMoves(document_id=count.id)).items) == 1
    scene.assert_the_books_agree()


def test_of_many_who_open_a_zone_at_once_one_does(desk, scene):
    """A bin is frozen once."""
    lies_at(scene, "PAD", "A-1", "5")
    outcomes = at_once(*(lambda: Count(desk, zone="A").stands()[0] for _ in range(20)))
    assert sorted(outcomes) == ["bins_frozen_already"] * 19 + ["counting"]


def test_a_store_is_counted_while_parts_move(desk, scene):
    """One piece of each is missing: what moved since it was counted is counted again, and one is booked of each part."""
    parts = [f"P{number}" for number in range(5)]
    for number in parts:
        lies_at(scene, number, "A-1", "100")
    count = Count(desk, zone="A")

    def deliver():
        for order in range(20):
            number = parts[order % len(parts)]
            desk.pass_time(seconds=1)
            scene.delivered(f"order {order}", installed("line", number, "1"))
        desk.pass_time(seconds=1)

    def go_round(who):
        while count.stands()[0] == "counting":
            for number, _ in count.sheet(who):
                seen_at = desk.clock.now()
                there = float(scene.part(number, resolve=False).in_bin.decimal)
                told = (number, f"{there - 1}")
                at_once(lambda told=told, at=seen_at: count.counted(told, by=who, counted_at=at))
            if sum(count.stands()[2:]) == 0:
                at_once(count.approved)

    at_once(deliver, lambda: go_round("sun"), lambda: go_round("li"))
    assert {one[3] for one in count.differences()} == {-1}
    for number in parts:
        assert scene.balance(number) == {"supplier": -100, "bin": 95, "customer": 4, "discrepancy": 1}
    scene.assert_the_books_agree()
