"""Tables lose nothing: not on a narrow terminal, not in a pipe, not what looks like markup."""

import io

import pytest
from rich.console import Console

from servicelane import output

EVENT = "work_order.estimate_issued"


def printed(width: int, *cells: str) -> str:
    """A table with one row, without its frame and spaces."""
    file = io.StringIO()
    Console(file=file, width=width, markup=False).print(output.table([f"head{n}" for n in range(len(cells))], [cells], box=None))
    return file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_a_narrow_table_folds_and_cuts_nothing(width: int) -> None:
    """Every letter is there."""
    text = printed(width, EVENT, EVENT, EVENT)
    assert "…" not in text
    assert "".join(sorted("".join(text.split()))) == "".join(sorted(f"head0head1head2{EVENT * 3}"))


def test_in_a_pipe_a_row_is_a_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is."""
    monkeypatch.delenv("COLUMNS", raising=False)
    output.show_table(("one", "two", "three"), [(EVENT * 3, EVENT * 3, EVENT * 3)], empty="nothing")
    assert [line for line in capsys.readouterr().out.splitlines() if line.count(EVENT * 3) == 3]


def test_an_empty_table_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Not a bare frame."""
    output.show_table(("one", "two"), [], empty="parts has no dead letters")
    assert capsys.readouterr().out == "parts has no dead letters\n"


def test_what_looks_like_markup_or_an_escape_sequence_is_text() -> None:
    """A message's reason is somebody's data."""
    assert "[red]not[/blue]" in printed(80, "[red]not[/blue]")
    assert "\x1b" not in printed(80, "\x1b[2J")
