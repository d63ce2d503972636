"""`/docs`: the interface's documentation to read and to try. Its assets are installed with us; nothing comes from elsewhere."""

from importlib.resources import files

from flask import Blueprint, Response, send_from_directory

from gateway.http.problems import Problem

_PAGE = files("gateway") / "docs"
_SWAGGER_UI = files("flask_swagger_ui") / "dist"
_ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_OURS = frozenset({"start.js"})

# Swagger UI draws with inline SVG images and style attributes set by script; it needs no inline code.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

blueprint = Blueprint("docs", __name__, url_prefix="/docs")


@blueprint.get("", provide_automatic_options=False)
def page() -> Response:
    """The page itself."""
    return _served(str(_PAGE), "index.html")


@blueprint.get("/<name>", provide_automatic_options=False)
def asset(name: str) -> Response:
    """A script, style or picture of the page."""
    if name in _ASSETS:
        return _served(str(_SWAGGER_UI), name)
    if name in _OURS:
        return _served(str(_PAGE), name)
    raise Problem.nothing_here()


def _served(folder: str, name: str) -> Response:
    response = send_from_directory(folder, name, max_age=3600)
    response.headers["Content-Security-Policy"] = POLICY
    return response
