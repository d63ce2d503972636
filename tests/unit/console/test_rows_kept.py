"""What was typed in a row of a form is sent, so that it is refused where it belongs instead of being forgotten."""

from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from console.form import Place, body_of
from console.screens import check, loaners, walk_around, work

PLACE = Place(currency="CNY", zone=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("screen", "rows"),
    [(walk_around.screen, "damages"), (check.screen, "new_damages"), (work.screen, "new_damages"), (loaners.screen, "damages")],
)
def test_a_damage_with_a_note_and_no_panel_is_not_forgotten(screen, rows) -> None:
    """Rules W2 and W24: the customer would sign that there is none."""
    typed = MultiDict({f"{rows}.0.panel": "", f"{rows}.0.damage": "scratch", f"{rows}.0.note": "on the door"})
    noted = f"{rows}.*.note"
    actions = [one for page in screen.pages for one in page.actions.values()]
    found = [one for one in actions if any(field.name == noted for field in one.fields)]
    assert found
    for action in found:
        assert body_of(action.fields, typed, PLACE)[rows] == [{"damage": "scratch", "note": "on the door"}]


def test_nothing_goes_back_to_the_customer_because_nobody_chose() -> None:
    """Rule W24."""
    to_whom = walk_around.ToWhom("given_to")
    assert [to_whom.value([one], PLACE) for one in ("", "customer", "wang")] == ["", None, "wang"]
