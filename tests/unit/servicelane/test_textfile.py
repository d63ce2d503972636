"""What `reconcile --textfile` leaves for whoever collects metrics from files."""

import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from servicelane.failures import CannotDo
from servicelane.reconcile import tell


def test_the_outcome_is_a_number_and_a_time(tmp_path: Path) -> None:
    """Written whole: nothing else is left in the folder."""
    tell(tmp_path / "servicelane.prom", 3)
    tell(tmp_path / "servicelane.prom", 2)
    text = (tmp_path / "servicelane.prom").read_text(encoding="ascii")
    said = {family.name: family.samples[0].value for family in text_string_to_metric_families(text)}
    assert said["servicelane_reconcile_findings"] == 2
    assert abs(said["servicelane_reconcile_finished_seconds"] - time.time()) < 60
    assert [one.name for one in tmp_path.iterdir()] == ["servicelane.prom"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """In one line that names the file."""
    with pytest.raises(CannotDo, match=r"nowhere.servicelane\.prom"):
        tell(tmp_path / "nowhere" / "servicelane.prom", 0)
