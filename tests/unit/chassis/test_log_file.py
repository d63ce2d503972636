"""A process that is given a log file writes its lines there, and only trouble to stderr as well."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
import structlog

from chassis.process.logs import FILE_BYTES, OLDER_FILES, configure_logging
from chassis.wire.errors import SettingsError

log = structlog.get_logger()


@pytest.fixture
def stderr() -> Iterator[io.StringIO]:
    """What the process writes to stderr; the logging configuration of the test run is put back afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("servicelane")
    before = root.handlers, root.level, ours.level, logging.raiseExceptions
    yield io.StringIO()
    for handler in root.handlers:
        if isinstance(handler, RotatingFileHandler):
            handler.close()
    logging.captureWarnings(False)
    root.handlers, level, our_level, logging.raiseExceptions = before
    root.setLevel(level)
    ours.setLevel(our_level)
    structlog.reset_defaults()


def test_with_a_file_lines_go_there_and_only_trouble_to_stderr(stderr: io.StringIO, tmp_path: Path) -> None:
    """A file that is full is set aside."""
    file = tmp_path / "suite.log"
    with redirect_stderr(stderr):
        configure_logging("parts", "INFO", str(file))
    log.info("stock_counted")
    log.warning("stock_is_low")
    assert [json.loads(line)["event"] for line in file.read_text().splitlines()] == ["stock_counted", "stock_is_low"]
    assert [json.loads(line)["event"] for line in stderr.getvalue().splitlines()] == ["stock_is_low"]
    (handler,) = (one for one in logging.getLogger().handlers if isinstance(one, RotatingFileHandler))
    assert (handler.maxBytes, handler.backupCount) == (FILE_BYTES, OLDER_FILES)


def test_a_log_file_that_cannot_be_written_is_a_wrong_setting(stderr: io.StringIO, tmp_path: Path) -> None:
    """Named by its variable."""
    with pytest.raises(SettingsError, match="LOG_FILE") as refused:
        configure_logging("parts", "INFO", str(tmp_path / "missing" / "suite.log"))
    assert "cannot be written" in str(refused.value)
