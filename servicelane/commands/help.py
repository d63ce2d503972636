"""Help that keeps its columns in every script: typer counts letters, but a Chinese one is as wide as two.

So each of them has a space behind it while typer breaks the lines, and loses it again in what is printed.
"""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from servicelane.texts import text

_WIDE = r"[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff60]"
_CLOSING = r"[，。；：、？！）]"  # never begins a line


def help_text(code: str, /, **values: Any) -> str:
    """The text of a code as help of a Command or Group, or of what it takes."""
    return re.sub(rf"{_WIDE}{_CLOSING}*", lambda found: found[0] + " " * len(found[0]), text(code, **values))


class Command(TyperCommand):
    """A command whose help comes from `help_text`."""

    def get_help(self, ctx: Any) -> str:
        """The page as it is printed."""
        return _narrowed(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help comes from `help_text`."""

    def get_help(self, ctx: Any) -> str:
        """The page as it is printed."""
        return _narrowed(super().get_help(ctx))


def _narrowed(page: str) -> str:
    return re.sub(rf"({_WIDE}+)( +)", lambda found: found[1] + found[2][len(found[1]) :], page)
