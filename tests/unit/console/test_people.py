"""Names of a dealer's staff, of who left, too, and of the group's dealers: read once, remembered for a while, page by page."""

import re
from pathlib import Path
from typing import Any

import pytest

from console import people
from console.gateway import Refusal
from console.people import Names, dealers, staff

CONSOLE = Path(people.__file__).parent

STAFF: dict[str, list[list[dict[str, str]]]] = {
    "true": [[{"login": "wang", "name": "王伟"}], [{"login": "li", "name": "李强"}]],
    "false": [[{"login": "gone", "name": "周敏"}]],
}


class Directory:
    """The gateway's list of one dealer's staff, in pages."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    def __call__(self, path: str, /, **query: Any) -> Any:
        self.asked += 1
        if self.away:
            raise Refusal(502, "gateway_unreachable")
        assert (path, query["limit"]) == ("/staff", 200)
        at = int(query["cursor"] or 0)
        pages = STAFF[query["active"]]
        return {"items": pages[at], "next_cursor": str(at + 1) if at + 1 < len(pages) else None}


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def monotonic(self) -> float:
        """So late it is."""
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The process's."""
    hand = Hand()
    monkeypatch.setattr(people, "time", hand)
    return hand


def test_everybody_has_a_name_who_works_or_worked_here(clock: Hand) -> None:
    """Asked for once; a program, or who never worked here, is called by the login."""
    found, read = Names(staff), Directory()
    assert [found.name("sh", login, read) for login in ("wang", "li", "gone", "client:erp")] == [
        "王伟",
        "李强",
        "周敏",
        "client:erp",
    ]
    assert read.asked == 3
    assert found.name("bj", "wang", Directory()) == "王伟"


def test_two_of_one_name_are_told_apart_and_nobody_else(clock: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule W30: by the staff number, or by the login of who has none, or shares it with an account of their own."""
    everybody = [
        {"login": "strong-1", "name": "王强", "staff_number": "W1"},
        {"login": "strong-2", "name": " 王 强", "staff_number": "W2"},
        {"login": "strong-3", "name": "王强", "staff_number": ""},
        {"login": "twice-1", "name": "Li Na", "staff_number": "W7"},
        {"login": "twice-2", "name": "li na", "staff_number": "W7"},
        {"login": "wang", "name": "王伟", "staff_number": "W3"},
    ]
    monkeypatch.setitem(STAFF, "true", [everybody])
    found, read = Names(staff), Directory()
    assert [found.name("sh", one["login"], read) for one in everybody] == [
        "王强 (W1)",
        " 王 强 (W2)",
        "王强 (strong-3)",
        "Li Na (twice-1)",
        "li na (twice-2)",
        "王伟",
    ]


def test_no_page_shows_the_name_that_an_answer_gives_a_colleague() -> None:
    """Which does not tell two of one name apart: `person` and `choices` do."""
    for file in sorted(CONSOLE.rglob("*.html")):
        shown = re.findall(r"(?<!person\(one\.)(?<!person\(line\.)(?:technician|colleague|driver)_name", file.read_text("utf-8"))
        assert not shown, file.name
    for file in sorted(CONSOLE.rglob("*.py")):
        assert not re.search(r'\["(login|technician)"\], \w+\["\w*name"\]\) for', file.read_text("utf-8")), file.name


def test_a_new_colleague_is_named_soon_and_a_new_name_after_a_minute(clock: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another one is not asked again and again."""
    found, read = Names(staff), Directory()
    assert found.name("sh", "new", read) == "new"
    monkeypatch.setitem(STAFF, "true", [[{"login": "new", "name": "吴婷"}, {"login": "wang", "name": "王小伟"}]])
    clock.at += 5
    assert found.name("sh", "new", read) == "new"
    assert found.name("sh", "wang", read) == "王伟"
    clock.at += 6
    assert found.name("sh", "new", read) == "吴婷"
    assert found.name("sh", "wang", read) == "王小伟"


def test_a_page_is_not_refused_for_want_of_a_name(clock: Hand) -> None:
    """What was known stays known while nobody answers."""
    found, read = Names(staff), Directory()
    read.away = True
    assert found.name("sh", "wang", read) == "wang"
    read.away = False
    clock.at += 11
    assert found.name("sh", "wang", read) == "王伟"
    read.away = True
    clock.at += 100
    assert found.name("sh", "wang", read) == "王伟"


def test_a_dealer_of_the_group_has_its_name_too(clock: Hand) -> None:
    """From the gateway's list of them, page by page; a code that nobody has stays one."""
    pages = [[{"dealer": "bj", "name": "朝阳店"}], [{"dealer": "sh", "name": "浦东店"}]]

    def read(path: str, /, **query: Any) -> Any:
        assert (path, query["limit"]) == ("/dealer-names", 200)
        at = int(query["cursor"] or 0)
        return {"items": pages[at], "next_cursor": "1" if at == 0 else None}

    found = Names(dealers)
    assert [found.name("gz", code, read) for code in ("sh", "bj", "gone")] == ["浦东店", "朝阳店", "gone"]
