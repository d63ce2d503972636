"""A share of the processor, as both generations of control groups are told it; in a folder that stands for the kernel's."""

import os
from pathlib import Path

import pytest

from deploy.dev.processes import InfrastructureError
from deploy.local.share import Share


def group_of(root: Path, name: str) -> Path:
    return root / f"servicelane-{os.getpid()}-{name}"


def test_of_the_first_generation_the_controller_is_told_quota_and_period(tmp_path: Path) -> None:
    """A tenth of a core is five milliseconds of fifty."""
    (tmp_path / "cpu").mkdir()
    Share("parts-a", 0.1, tmp_path).take([4711])
    group = group_of(tmp_path / "cpu", "parts-a")
    assert (group / "cpu.cfs_quota_us").read_text() == "5000"
    assert (group / "cpu.cfs_period_us").read_text() == "50000"
    assert (group / "cgroup.procs").read_text() == "4711"


def test_of_the_second_one_line_says_both(tmp_path: Path) -> None:
    """Two cores and a half are two and a half periods."""
    Share("database", 2.5, tmp_path).take([])
    assert (group_of(tmp_path, "database") / "cpu.max").read_text() == "125000 50000"


def test_the_least_share_is_what_the_kernel_hands_out(tmp_path: Path) -> None:
    """Less would be refused."""
    Share("parts-a", 0.001, tmp_path)
    assert (group_of(tmp_path, "parts-a") / "cpu.max").read_text() == "1000 50000"


def test_where_no_group_can_be_made_that_is_said_in_a_line(tmp_path: Path) -> None:
    """Nothing is measured without shares."""
    with pytest.raises(InfrastructureError, match="share of the processor"):
        Share("parts-a", 0.1, tmp_path / "nowhere")


def test_who_was_in_it_is_given_back(tmp_path: Path) -> None:
    """A database that outlives the measurement is as it was."""
    share = Share("database", 0.5, tmp_path)
    share.take([4711])
    share.close()
    assert (tmp_path / "cgroup.procs").read_text() == "4711"
