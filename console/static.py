"""Our script and our stylesheet, under addresses that change with them, so that browsers may keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

FOLDER = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

blueprint = Blueprint("static", __name__)


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def _fingerprint(name: str) -> str:
    return hashlib.blake2b(_content(name), digest_size=4).hexdigest()


def address(name: str) -> str:
    """Where a file is now."""
    return url_for("static.file", fingerprint=_fingerprint(name), name=name)


@blueprint.get("/static/<fingerprint>/<name>")
def file(fingerprint: str, name: str) -> Response:
    """A file; an address of an earlier version of it is none."""
    if name not in {one.name for one in FOLDER.iterdir()} or fingerprint != _fingerprint(name):
        abort(404)
    response = Response(_content(name), content_type=f"{TYPES[Path(name).suffix]}; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


GLOBALS = {"static": address}
