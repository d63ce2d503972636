"""What the command line says, in the language of its environment."""

import os
import re
from pathlib import Path
from typing import Any

import locales
from locales import SOURCE, Catalogues

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set decides, as for every command; LANGUAGE may hold several, the preferred one first."""
CATALOGUES = Catalogues(Path(locales.__file__).parent, "cli.po")
"""The texts of the services are not read: `--help` must be fast."""


def text(code: str, /, **values: Any) -> str:
    """The text of a code with the values in their places, just as they are: they are names, paths, and numbers to type again."""
    return CATALOGUES.template(code, language()).format(**values)


def language() -> str:
    """The language of the environment, `zh` for `zh_CN.UTF-8`; English for one that we do not speak."""
    wanted = next(filter(None, map(os.environ.get, VARIABLES)), "")
    names = (re.split("[_.@-]", one)[0] for one in wanted.split(":"))
    return next(filter(CATALOGUES.languages().__contains__, names), SOURCE)
