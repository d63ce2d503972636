"""The change feed over a real socket: who hears what, and for how long."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import json
from datetime import timedelta

import pytest

from chassis.process.server import Server
from contracts.gateway.feed import Change
from contracts.roles import DRIVER, STAFF
from gateway.feed.feed import Feed
from gateway.http import standing, streaming
from tests.doors.changes import PATH, ROW, happens, house, mine, opened, server, subjects  # noqa: F401  # fixtures
from tests.doors.examples import SOME_ID
from tests.doors.house import OTHER, OWN, STRANGERS, House, token
from tests.doors.listening import listening
from tests.waiting import awaited


def test_a_change_is_told_as_it_is_described(house: House, server: Server) -> None:
    """At once, although it is a few bytes; every property is there, and it says where the thing belongs and nothing of it."""
    with listening(server.address, PATH, mine()) as listener:
        opened(listener)
        assert "Content-Type: text/event-stream" in listener.head
        assert "ETag" not in listener.head
        happens(house, SOME_ID, ids={"appointment_id": SOME_ID, "customer_id": SOME_ID})
        awaited(lambda: listener.told, "the change")
        told = json.loads(listener.told[0])
        assert told == Change.load(told).dump() | {"time": told["time"]}
        assert (told["type"], told["subject"], told["work_order_id"]) == ("workshop.work_order.opened", SOME_ID, SOME_ID)
        assert (told["visit_id"], told["appointment_id"]) == (SOME_ID, SOME_ID)
        assert listener.seen


@pytest.mark.parametrize(
    ("kind", "named", "belongs"),
    [
        ("workshop.work_order.opened", {}, (SOME_ID, None)),
        ("booking.appointment.booked", {"work_order_id": OTHER}, (OTHER, SOME_ID)),
        ("billing.invoice.issued", {}, (None, None)),
    ],
)
def test_what_an_event_is_about_belongs_to_itself(house: House, kind: str, named: dict, belongs: tuple) -> None:
    """The subject of a work order's events is the work order, whatever else they name."""
    reader = house.interior.feed.reader(OWN, None)
    happens(house, SOME_ID, type=kind, ids=named)
    [change] = reader.read(10)
    told = json.loads(change.told)
    assert (told["work_order_id"], told["appointment_id"]) == belongs


def test_nobody_hears_of_another_dealer(house: House, server: Server) -> None:
    """Each stream is one dealer's, also of somebody who works at both."""
    both = token(dealers={OWN: ["cashier"], OTHER: ["cashier"]})
    with listening(server.address, PATH, both) as here, listening(server.address, PATH.replace(OWN, OTHER), both) as there:
        opened(here), opened(there)
        happens(house, "theirs", dealer=OTHER)
        happens(house, "ours")
        awaited(lambda: here.told and there.told, "both to hear")
        assert (subjects(here), subjects(there)) == (["ours"], ["theirs"])


def test_every_role_of_the_dealer_may_listen(house: House) -> None:
    """It says nothing that only some may know."""
    assert set(ROW.route.roles) == {*STAFF, DRIVER}


def test_who_comes_back_gets_what_was_missed(house: House, server: Server) -> None:
    """By the id of the last event that was seen; before that id it may be told again."""
    with listening(server.address, PATH, mine()) as listener:
        opened(listener)
        happens(house, "before")
        awaited(lambda: listener.told, "the first change")
        last = listener.seen
    happens(house, "meanwhile")
    with listening(server.address, PATH, mine(), Last_Event_ID=last) as listener:
        awaited(lambda: "meanwhile" in subjects(listener), "what was missed")
        happens(house, "after")
        awaited(lambda: "after" in subjects(listener), "what is new")
        assert "resync" not in listener.events


def test_who_saw_nothing_yet_comes_back_to_the_beginning(house: House, server: Server) -> None:
    """The first line has an id, so that nothing between two streams is lost at a quiet dealer."""
    with listening(server.address, PATH, mine()) as listener:
        last = opened(listener).seen
    happens(house, "meanwhile")
    with listening(server.address, PATH, mine(), Last_Event_ID=last) as listener:
        awaited(lambda: listener.events, "something")
        assert subjects(listener) == ["meanwhile"]


@pytest.mark.parametrize("mark", ["1", "999999999999999", "not one of ours", "-1", "９９９", "1" * 5000, "1764404660123.5"])
def test_an_id_that_reaches_too_far_is_answered_by_resync(house: House, server: Server, mark: str) -> None:
    """Whatever it is: who sent it does not know what was missed, and reads everything again; then the stream goes on."""
    with listening(server.address, PATH, mine(), Last_Event_ID=mark.encode().decode("latin-1")) as listener:
        awaited(lambda: listener.events == ["resync"], "to be told so")
        happens(house, "new")
        awaited(lambda: subjects(listener) == ["new"], "what is new")


def test_what_the_gateway_did_not_hear_is_answered_by_resync(house: House, server: Server) -> None:
    """Those who listen are told; who comes back from before it, too."""
    with listening(server.address, PATH, mine()) as listener:
        last = opened(listener).seen
        happens(house, "before")
        awaited(lambda: listener.told, "the change")
        house.interior.feed.missed()
        awaited(lambda: listener.events == ["change", "resync"], "to be told so")
        happens(house, "after")
        awaited(lambda: subjects(listener) == ["before", "after"], "it to go on")
    with listening(server.address, PATH, mine(), Last_Event_ID=last) as listener:
        awaited(lambda: listener.events, "something")
        assert listener.events[0] == "resync"


def test_a_quiet_stream_shows_that_it_is_alive(house: House, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a comment, with an id from which it can go on; but not while the gateway itself hears nothing."""
    monkeypatch.setattr(streaming, "ALIVE_SECONDS", 0.1)
    hears = [False]
    monkeypatch.setattr(Feed, "hears", property(lambda feed: hears[0]))
    with listening(server.address, PATH, mine()) as deaf:
        first = opened(deaf).seen
        happens(house, "something")
        awaited(lambda: deaf.told, "a change")
        assert [one for one in deaf.blocks[1:] if "event" not in one] == [], "it said nothing while the gateway heard nothing"
        hears[0] = True
        awaited(lambda: deaf.blocks[-1].get("") == "alive", "a sign of life")
        assert int(deaf.seen or 0) > int(first or 0)


def test_a_stream_ends_with_its_token(house: House, server: Server) -> None:
    """The caller comes back with a new one."""
    with listening(server.address, PATH, mine(age=timedelta(minutes=59, seconds=58))) as listener:
        opened(listener)
        awaited(lambda: listener.ended, "the end")
        assert not house.interior.streams._open


LOST = {"the dealer": {"dealers": {}}, "the roles there": {"dealers": {OWN: []}}, "everything": {"active": False}}


@pytest.mark.parametrize("what", LOST)
def test_a_stream_ends_when_its_caller_may_not_listen_any_more(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Within seconds, although the token is good for long."""
    monkeypatch.setattr(streaming, "STANDING_SECONDS", 0.1)
    monkeypatch.setattr(standing, "SECONDS", 0)
    with listening(server.address, PATH, mine()) as listener:
        opened(listener)
        mine_then = STRANGERS["account:0"]
        STRANGERS["account:0"] = type(mine_then)(**{**vars(mine_then), **LOST[what]})
        awaited(lambda: listener.ended, "the end")
        happens(house, "too late")
        assert subjects(listener) == []
