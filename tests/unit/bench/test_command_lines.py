"""The benchmark's command lines explain themselves."""

import runpy
import sys

import pytest


@pytest.mark.parametrize("module", ["bench", "bench.console", "bench.scale_out", "bench.scaling", "bench.soak"])
def test_help_names_the_options(module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is measured."""
    monkeypatch.setattr(sys, "argv", [module, "--help"])
    with pytest.raises(SystemExit) as left:
        runpy.run_module(module, run_name="__main__")
    assert left.value.code == 0
    assert "--" in capsys.readouterr().out
