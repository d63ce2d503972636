"""The console's tests in a browser: where there is none, that is said, and it is no failure of the others."""

import pytest

from deploy.dev import browser


def test_a_short_run_without_a_browser_says_that_it_was_not_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Plainly, with what would help; nothing is installed by the way."""
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.setattr(browser, "ensure", lambda machine: pytest.fail("it installed something"))
    assert browser.main(["--short"]) == 0
    said = "".join(capfd.readouterr())
    assert "NOT RUN" in said
    assert "chromium" in said
    assert "make browser" in said
