"""What is remembered of dealers: asked for by every transaction, read by few, and never old for long."""

from typing import Any

import pytest
from sqlalchemy import event

from chassis.wire.call import Call
from chassis.work import profiles
from contracts.gateway.events import DealerRecorded
from services.billing.service import BillingService
from tests.services.desk import Desk
from tests.waiting import awaited

RENAMED = DealerRecorded(
    dealer="sh-pudong", name="浦东旗舰店", time_zone="Asia/Shanghai", currency="CNY", locale="zh", tax_mode="inclusive"
)


def _rename(desk: Desk) -> None:
    desk.hear(RENAMED, subject="sh-pudong", sequence=2)


def _name(desk: Desk, dealer: str = "sh-pudong") -> str:
    return desk.executor.read(lambda work: work.profile.name, Call(dealer=dealer))


def test_they_are_read_once_for_many_transactions(open_desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "SECONDS", 3600.0)
    desk = open_desk(BillingService)
    asked = []

    @event.listens_for(desk.executor.engine, "before_cursor_execute")
    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM dealer_profile" in statement:
            asked.append(statement)

    assert [_name(desk, dealer) for dealer in ("sh-pudong", "bj-chaoyang") * 5] == ["sh-pudong", "bj-chaoyang"] * 5
    assert len(asked) <= 1


def test_a_process_sees_at_once_what_it_commits(open_desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "SECONDS", 3600.0)
    desk = open_desk(BillingService)
    assert _name(desk) == "sh-pudong"
    _rename(desk)
    assert _name(desk) == "浦东旗舰店"


def test_a_dealer_registered_elsewhere_is_known_when_first_asked_for(migrated_database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "SECONDS", 3600.0)
    url = migrated_database(BillingService).url
    here, there = Desk(BillingService, url=url), Desk(BillingService, url=url)
    assert _name(there) == "sh-pudong"
    here.register("gz-tianhe")
    assert _name(there, "gz-tianhe") == "gz-tianhe"


def test_what_another_replica_commits_is_seen_within_moments(migrated_database) -> None:
    url = migrated_database(BillingService).url
    here, there = Desk(BillingService, url=url), Desk(BillingService, url=url)
    assert _name(there) == "sh-pudong"
    _rename(here)
    awaited(lambda: _name(there) == "浦东旗舰店", "the other replica to see the new name")
