"""What our own PostgreSQL is told to load."""

from pathlib import Path

import pytest

from deploy.dev.postgres import has_counter


@pytest.mark.parametrize("folder", ["lib", "lib/postgresql"])
def test_statements_are_counted_where_the_installation_can(tmp_path: Path, folder: str) -> None:
    """Each packager has its own folder for what a server loads."""
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "pg_stat_statements.so").touch()
    assert has_counter(tmp_path / "bin")


def test_a_server_is_not_told_to_load_what_is_not_there(tmp_path: Path) -> None:
    """It would not start."""
    assert not has_counter(tmp_path / "bin")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pg_trgm.so").touch()
    assert not has_counter(tmp_path / "bin")
