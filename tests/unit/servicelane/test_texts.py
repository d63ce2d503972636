"""Commands speak the language of their environment, and their help keeps its columns in each."""

import re

import pytest
from rich.cells import cell_len

from servicelane.texts import VARIABLES, language, text
from tests.unit.servicelane.command import Done, each_of, the_line

CHINESE = {"LANG": "zh_CN.UTF-8"}
COMMANDS = [
    *(
        [name]
        for name in (
            "run",
            "demo",
            "simulate",
            "provision",
            "migrate",
            "topology",
            "reconcile",
            "republish",
            "recall",
            "health",
            "accounts",
        )
    ),
    *(["dead-letters", name] for name in ("list", "show", "replay")),
    ["accounts", "create-admin"],
    *(["dealer", name] for name in ("export", "erase")),
    [],
]


@pytest.mark.parametrize(
    ("environ", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "xx_XX.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LC_ALL": "zh_CN@pinyin"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "xx:zh_CN:en"}, "zh"),
        ({"LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_environment_chooses_the_language(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], spoken: str) -> None:
    """By the usual variables, the most particular first."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken


def test_values_are_said_as_they_are() -> None:
    """They may be names that look like a day, and numbers to type again."""
    assert text("cli.folder.no_folder", folder="2026-03-02") == "2026-03-02 is no folder"
    assert text("cli.dead_letters.replayed", number=12000) == "12000 to be tried again"


@pytest.fixture(scope="module")
def chinese() -> dict[str, Done]:
    """What commands say to a Chinese."""
    return each_of([*([*words, "--help"] for words in COMMANDS), ["run", "partz"]], **CHINESE)


@pytest.mark.parametrize("words", [" ".join([*words, "--help"]) for words in COMMANDS])
def test_help_is_chinese_and_as_wide_as_the_terminal(chinese: dict[str, Done], words: str) -> None:
    """Each Chinese letter is as wide as two; none has a space behind it that the catalogue has not."""
    page = chinese[words].stdout
    assert re.search("[\u4e00-\u9fff]", page)
    assert max(cell_len(line) for line in page.splitlines()) <= 80
    assert not re.search("[\u4e00-\u9fff] [\u4e00-\u9fff]", page)
    assert not re.search(r"^\s*[，。；：、）]", page, re.MULTILINE)


def test_a_failure_is_said_in_chinese(chinese: dict[str, Done]) -> None:
    """In one line, as in English."""
    said = the_line(chinese["run partz"])
    assert "没有名为 'partz' 的服务" in said
    assert said.endswith("（详见 servicelane run --help）")
