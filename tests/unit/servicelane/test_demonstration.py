"""What there is to try the suite with: `make run` and `make demo` publish what shows the rules."""

from typing import Any
from unittest.mock import Mock

import pytest
from rich.console import Console

from servicelane import demo, welcome


@pytest.mark.parametrize("where", [demo, welcome])
def test_work_that_comes_back_is_known_there(monkeypatch: pytest.MonkeyPatch, where: Any) -> None:
    """Rule W2: a comeback is work of one operation group again; without groups nobody who tries the suite ever sees one."""
    admin = Mock()
    monkeypatch.setattr(where, "Client", Mock(sign_in=Mock(return_value=admin)))
    monkeypatch.setattr(where, "open_dealership", Mock())
    if where is demo:
        monkeypatch.setattr(demo, "_visit", Mock())
        demo._visits("http://127.0.0.1:9", Console(quiet=True))
    else:
        welcome._open_demo("http://127.0.0.1:9")
    [published] = [call.args[1]["operations"] for call in admin.post.call_args_list if call.args[0] == "/operations"]
    assert {one["operation_code"]: one["operation_group"] for one in published} == {
        "MNT-OIL": "MNT",
        "BRK-PAD-F": "BRK",
        "BRK-DISC-F": "BRK",
    }
