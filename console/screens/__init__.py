"""The screens, a module each, found by being here: it reads what it shows, and its table of actions says what can be done there.

A screen knows no other. It offers what the person may do (as the gateway's document says) and what makes sense now; whether it is
right the gateway decides, and its refusal is shown where it belongs.
"""

from importlib import import_module
from pkgutil import iter_modules

from console.page import Screen

SCREENS: tuple[Screen, ...] = tuple(import_module(f"{__name__}.{one.name}").screen for one in iter_modules(__path__))
