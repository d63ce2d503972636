"""A cursor that was bent by hand is refused, never passed on to the database."""

import base64
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Date, String

from chassis import Invalid
from chassis.store.columns import IdType, UtcDateTime
from chassis.work.paging import _open

SEAL = "0123456789abcdef"
KINDS = {
    "id": Column("id", IdType),
    "number": Column("number", BigInteger),
    "text": Column("text", String(40)),
    "day": Column("day", Date),
    "time": Column("time", UtcDateTime()),
}
LIKE = {
    "id": "01932b1c-9d3e-7c4a-8f00-0123456789ab",
    "number": 7,
    "text": "PAD-1",
    "day": "2026-03-02",
    "time": "2026-03-02T04:00:00+00:00",
}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text()
    | st.dates().map(str)
    | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


def packed(*values: object) -> str:
    """A cursor with the right seal and these values."""
    return base64.urlsafe_b64encode(json.dumps([SEAL, *values]).encode()).decode()


@pytest.mark.parametrize("kind", KINDS)
@given(value=ANYTHING)
@example(10**30)
@example(-(2**63) - 1)
@example("\ud800")
@example("a\0b")
@example("0001-01-01")
@example("9999-12-31")
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-23:59")
@example("2026-03-02T04:00:00")
@example(True)
def test_a_value_is_one_that_the_column_can_hold_or_refused(kind: str, value: object) -> None:
    """Whatever stands in it: what comes out can be compared with the column by any database."""
    try:
        (opened,) = _open(packed(value), SEAL, [KINDS[kind]])
    except Invalid:
        return
    if isinstance(opened, str):
        assert "\0" not in opened
        opened.encode()
    elif isinstance(opened, int):
        assert -(2**63) < opened < 2**63
        assert not isinstance(opened, bool)
    elif isinstance(opened, datetime):
        assert 1899 <= opened.astimezone(UTC).year <= 3000
    else:
        assert isinstance(opened, date)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cursor_of_ours_is_opened(kind: str) -> None:
    """Else nothing would be refused, and nothing paged."""
    (opened,) = _open(packed(LIKE[kind]), SEAL, [KINDS[kind]])
    assert str(opened).replace(" ", "T") == str(LIKE[kind])


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        "¡",
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
        packed(),
        packed(1, 2),
        base64.urlsafe_b64encode(b"7").decode(),
    ],
)
def test_what_is_no_cursor_at_all_is_refused(cursor: str) -> None:
    """Also brackets nested by the thousand."""
    with pytest.raises(Invalid):
        _open(cursor, SEAL, [KINDS["number"]])
