"""Live pages: one stream of the gateway for all tabs at a dealer, and no tab is told what its own session may not know."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from chassis.process.ring import MOST
from console.gateway import Caller
from console.live import tabs
from console.live.line import Ear
from tests.unit.console.feeder import DEALER, ORDER, OTHER, Feeder, address, feeder, keys, mark, opened, replica  # noqa: F401  # fixtures
from tests.waiting import awaited


def test_one_stream_of_a_dealer_serves_every_tab(feeder: Feeder, replica: Any) -> None:
    """Of several people; each is told what changed, never what it says. Another dealer has a line of its own."""
    console = replica()
    with (
        console.tab("li") as first,
        console.tab("li") as second,
        console.tab("wang") as third,
        console.tab("wang", OTHER) as there,
    ):
        assert sorted(one.dealer for one in feeder.open) == [OTHER, DEALER]
        feeder.tells("an-invoice", type="billing.invoice.issued", work_order_id=ORDER)
        for one in (first, second, third):
            awaited(lambda tab=one: keys(tab), "the change")
            assert keys(one) == [["billing", "billing.invoice", "an-invoice", ORDER]]
        feeder.tells("theirs", dealer=OTHER)
        awaited(lambda: keys(there), "the other dealer's change")
        assert keys(there) == [["workshop", "workshop.work_order", "theirs"]]
        assert [len(keys(one)) for one in (first, second, third)] == [1, 1, 1]


def test_the_line_goes_on_with_another_session_when_its_own_leaves(feeder: Feeder, replica: Any) -> None:
    """From where it was; what is told again then is told to no tab twice."""
    console = replica()
    with ExitStack() as leaves, ExitStack() as here:
        leaves.enter_context(console.tab("li"))
        stays = here.enter_context(console.tab("wang"))
        assert [one.handle for one in feeder.open] == ["li"]
        again = feeder.tells("before")
        awaited(lambda: keys(stays), "the first change")
        leaves.close()
        awaited(lambda: [one.handle for one in feeder.open] == ["wang"], "Wang's session to be heard with")
        assert int(feeder.open[0].last) > int(feeder.streams[0].last)
        feeder.tells("before", event_id=again)
        feeder.tells("after")
        awaited(lambda: len(keys(stays)) > 1, "what came next")
        assert [one[-1] for one in keys(stays)] == ["before", "after"]
        assert "away" not in stays.events


def test_a_sign_out_here_ends_its_tabs_at_once(feeder: Feeder, replica: Any) -> None:
    """Each is told so and ends; the line that was heard with this session is not, any more."""
    console = replica()
    with console.tab("li") as mine, console.tab("wang") as other:
        requests.post(
            address(console, "/sign-out"), headers={"Sec-Fetch-Site": "same-origin"}, cookies={"lane": "li"}, timeout=20
        )
        awaited(lambda: mine.ended, "the tab to end", 5)
        assert mine.events[-1] == "out"
        awaited(lambda: [one.handle for one in feeder.open] == ["wang"], "only Wang's session to be heard with")
        feeder.tells()
        awaited(lambda: keys(other), "the other to be told")
        assert keys(mine) == []


def test_the_last_sign_out_at_a_dealer_ends_its_line(feeder: Feeder, replica: Any) -> None:
    """Nobody is left whose session it could be heard with."""
    console = replica()
    with console.tab("li"):
        requests.post(
            address(console, "/sign-out"), headers={"Sec-Fetch-Site": "same-origin"}, cookies={"lane": "li"}, timeout=20
        )
        awaited(lambda: not feeder.open, "the line to end", 5)


TAKEN: dict[str, Callable[[Feeder], object]] = {
    "the session": lambda feeder: feeder.people.pop("li"),
    "the dealer": lambda feeder: feeder.people.update(li={OTHER: ["technician"]}),
    "the role": lambda feeder: feeder.people.update(li={DEALER: []}),
    "every role that may": lambda feeder: feeder.people.update(li={DEALER: ["janitor"]}),
}


@pytest.mark.parametrize("what", TAKEN)
def test_who_may_not_know_any_more_is_told_nothing(feeder: Feeder, replica: Any, what: str) -> None:
    """Wherever it was taken from them: the stream ends within two seconds, and no change is told after it."""
    console = replica()
    with console.tab("li") as tab, console.tab("wang") as other:
        TAKEN[what](feeder)
        began = time.monotonic()
        awaited(lambda: tab.ended, "the tab to end", 10)
        assert time.monotonic() - began < tabs.ASKED_AGAIN_SECONDS + tabs.KNOWN_SECONDS + 1, "a second for a busy machine"
        assert tab.events[-1] == "out"
        awaited(lambda: [one.handle for one in feeder.open] == ["wang"], "the other's session to be heard with")
        feeder.tells()
        awaited(lambda: keys(other), "the other to be told")
        assert keys(tab) == []
        assert opened(console) == {"the session": 401, "the dealer": 404}.get(what, 403)


def test_nothing_is_told_on_what_was_known_of_a_session_before(
    feeder: Feeder, replica: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With many tabs those who only wait are asked for less often; before a change is told, each is."""
    monkeypatch.setattr(tabs, "ASKED_EACH_SECOND", 0.001)
    monkeypatch.setattr(tabs, "KNOWN_SECONDS", 0)
    console = replica()
    with console.tab("li") as tab, console.tab("wang") as other:
        del feeder.people["li"]
        feeder.tells()
        awaited(lambda: keys(other) and tab.ended, "one to be told, the other to end")
        assert keys(tab) == []


def test_while_the_gateway_does_not_say_who_may_know_nobody_is_told(feeder: Feeder, replica: Any) -> None:
    """The tab is told that it is not live; when it may know again, to read everything again."""
    console = replica()
    with console.tab("li") as tab:
        feeder.silent = True
        awaited(lambda: tab.events[-1] == "away", "it to be told so")
        feeder.tells()
        [mine] = console.live._open
        awaited(lambda: mine._owed, "the change to be heard")
        feeder.silent = False
        awaited(lambda: tab.events[-1] == "resync", "it to be told what it missed")
        assert keys(tab) == []


def test_a_gateway_that_is_away_is_told_and_its_return(feeder: Feeder, replica: Any) -> None:
    """The line tries again from where it was."""
    console = replica()
    with console.tab("li") as tab:
        feeder.says(f": alive\n{mark(1)}\n")
        last = feeder.open[0].last
        feeder.stop()
        awaited(lambda: tab.events[-1] == "away", "it to be told so")
        feeder.start()
        awaited(lambda: tab.events[-1] == "live", "it to be told of the return")
        assert int(feeder.open[0].last) > int(last)


def test_a_stream_that_ends_with_its_token_goes_on_unnoticed(
    feeder: Feeder, replica: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and no tab hears of it."""
    monkeypatch.setattr("console.live.line._STEADY_SECONDS", 0.0)
    console = replica()
    with console.tab("li") as tab:
        feeder.ends()
        awaited(lambda: len(feeder.streams) == 2 and feeder.open, "the next stream")
        feeder.tells()
        awaited(lambda: keys(tab), "the change")
        assert "away" not in tab.events


def test_a_sign_of_life_says_how_old_the_page_is(feeder: Feeder, replica: Any) -> None:
    """On the dealer's clock, to the second; whoever hears none for long knows that the line is dead."""
    console = replica()
    with console.tab("li") as tab:
        before = tab.events.count("live")
        feeder.says(f": alive\n{mark()}\n")
        awaited(lambda: tab.events.count("live") > before, "the sign of life")
        hours, minutes, seconds = map(int, [one for one in tab.blocks if one.get("event") == "live"][-1]["data"].split(":"))
        clock = (time.time() + 8 * 3600) % 86400
        assert abs(hours * 3600 + minutes * 60 + seconds - clock) % 86400 < 60


def test_what_changed_while_a_page_was_made_is_told(feeder: Feeder, replica: Any) -> None:
    """Since the page was read; a page that is older than what is known here is told to read everything again."""
    console = replica()
    with console.tab("li") as first:
        feeder.tells("meanwhile")
        awaited(lambda: keys(first), "the change")
        with console.tab("wang", since=time.time() - 1) as later:
            awaited(lambda: keys(later), "what was missed")
            assert "resync" not in later.events
        with console.tab("wang", since=0) as old:
            awaited(lambda: "resync" in old.events, "to be told so")
            assert keys(old) == []


def test_a_browser_that_comes_back_goes_on_where_it_was(feeder: Feeder, replica: Any) -> None:
    """By the id of the last event that it saw, which is worth more than the page's."""
    console = replica()
    with console.tab("li") as first:
        feeder.tells("before")
        awaited(lambda: keys(first), "the change")
        with console.tab("wang", since=0, Last_Event_ID=first.seen or "") as back:
            awaited(lambda: keys(back), "what was told around then")
            assert "resync" not in back.events


def test_what_the_gateway_missed_is_told_to_every_tab(feeder: Feeder, replica: Any) -> None:
    """They read everything again."""
    console = replica()
    with console.tab("li") as first, console.tab("wang") as second:
        feeder.says(f"event: resync\n{mark()}data: {{}}\n\n")
        for tab in (first, second):
            awaited(lambda tab=tab: "resync" in tab.events, "to be told so")


def test_who_reads_too_slowly_costs_no_memory(feeder: Feeder, replica: Any) -> None:
    """Nothing is kept for a tab: what it cannot have any more it is told to read again."""
    console = replica()
    with console.tab("wang"):
        caller = Caller("en", "slow", "127.0.0.1")
        [other] = console.live._open
        slow = console.live.open(Ear("of li", "li", "li", caller), DEALER, other._zone, time.time())
        says = iter(slow)
        assert b": open" in next(says)
        assert b"event: live" in next(says)
        [line] = console.live._lines.values()
        for number in range(MOST + 1):
            feeder.tells(str(number))
        awaited(lambda: line.ring.last > MOST, "all of it to be heard")
        assert b"event: resync" in next(says)
        slow.close()
