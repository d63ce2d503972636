"""The kinds of documents that services store, found by looking, and their golden files."""

import json
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import services
from chassis import Document

GOLDEN = Path(__file__).parent / "golden"


def documents() -> list[type[Document]]:
    """Every kind of document that is stored, of every service and of the chassis, by name."""
    for module in walk_packages(services.__path__, "services."):
        if ".migrations" not in module.name:
            import_module(module.name)
    found, todo = [], list(Document.__subclasses__())
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        found.append(kind)
    return sorted(
        (kind for kind in found if kind.__module__.startswith(("services.", "chassis."))), key=lambda kind: kind.__name__
    )


def golden(kind: type[Document], version: int) -> Any:
    """What a document of that version looks like in the database."""
    return json.loads((GOLDEN / f"{kind.__name__}.v{version}.json").read_text(encoding="utf-8"))
