"""The frame around every screen: sign-in and sign-out, the way to a dealer, language and theme, navigation and palette."""

import re
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template, request, url_for

from console import entrance, page, speaking
from console.gateway import Refusal
from console.session import SignedOut
from locales import languages

AGAIN = "X-Console-Look"
THEME = "lane-theme"
THEMES = ("system", "light", "dark")
TABS = 10
"""So many screens stand side by side on a desk."""
A_YEAR = 365 * 24 * 3600
LANGUAGES = {"en": "English", "zh": "中文"}
_OURS = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
"""A path below our root, and no beginning of another host's address (`//host`, which browsers also read in `/\\host`)."""

blueprint = Blueprint("shell", __name__)


@dataclass(frozen=True)
class Place:
    """A place one can go to."""

    title: str
    address: str
    area: str
    here: bool


@blueprint.get("/")
def home() -> Response:
    """Where a person's work begins: the first screen of their dealer."""
    person = entrance.person()
    if not person.dealers:
        return _empty(speaking.t("error.no_dealer"), leave=True)
    return page.gone_to(url_for("shell.dealer_home", dealer=person.dealers[0].id))


@blueprint.get("/d/<dealer>")
def dealer_home(dealer: str) -> Response:
    """The first screen that is for this person at a dealer."""
    desk = entrance.desk(dealer)
    desk.prove()
    if found := navigation():
        return page.gone_to(found[0].address)
    name = desk.dealer.name
    return _empty(
        speaking.t("error.no_screen", dealer=name) if desk.dealer.roles else speaking.t("error.no_role", dealer=name), leave=True
    )


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """The sign-in."""
    return page.sign_in_page(None, status=200)


@blueprint.post("/sign-in")
def signed_in() -> Response:
    """Begin a session and go to where one wanted to go."""
    try:
        new = entrance.sign_in(request.form.get(page.LOGIN, ""), request.form.get(page.PASSWORD, ""))
    except Refusal as refusal:
        return page.sign_in_page(refusal)
    response = page.gone_to(_ours(request.args.get("next", "")))
    entrance.remember(response, new)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session, or with `everywhere` all of the person's."""
    response = page.gone_to(url_for("shell.sign_in"))
    with suppress(SignedOut):  # it has ended already
        entrance.sign_out(everywhere="everywhere" in request.form)
    entrance.forget(response)
    return response


@blueprint.post("/preferences")
def prefer() -> Response:
    """Keep the choice of a language or theme in this browser."""
    response = page.gone_to(_ours(request.form.get("next", "")))
    for cookie, chosen, allowed in (
        (speaking.COOKIE, request.form.get("language"), languages()),
        (THEME, request.form.get("theme"), THEMES),
    ):
        if chosen in allowed:
            entrance.keep(response, cookie, str(chosen), max_age=A_YEAR)
    return response


def theme() -> str:
    """The theme that was chosen."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else THEMES[0]


def navigation() -> list[Place]:
    """The screens of this person at this dealer."""
    if "desk" not in g:
        return []
    at = (request.endpoint or "").partition(".")[0]
    under = {screen.name: screen.under for screen in page.screens()}
    return [
        Place(
            speaking.t(f"{screen.name}.title"),
            url_for(screen.pages[0].endpoint, dealer=g.desk.dealer.id),
            screen.area,
            under.get(at) == screen.name,
        )
        for screen in page.screens()
        if screen.is_for(g.desk)
    ]


def areas(places: list[Place]) -> list[list[Place]]:
    """What stands in the navigation side by side: places, and more than `TABS` of them gathered by area."""
    if len(places) <= TABS:
        return [[one] for one in places]
    gathered: dict[str, list[Place]] = {}
    for one in places:
        gathered.setdefault(one.area, []).append(one)
    return list(gathered.values())


def here() -> str:
    """The address of this page, to come back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def demo_logins() -> dict[str, str]:
    """The logins a demonstration offers."""
    demo = entrance.settings().demo
    return {} if demo is None else dict(demo.logins)


def demo_password() -> str:
    """The password that all of them have."""
    demo = entrance.settings().demo
    return "" if demo is None else demo.password


def kind_of(status: int) -> str:
    """What kind of error page a status has."""
    known = {403: "forbidden", 404: "absent", 429: "busy", 502: "unreachable", 503: "unreachable", 504: "unreachable"}
    return known.get(status, "defect" if status >= 500 else "refused")


def _ours(where: str) -> str:
    """An address of this console, or its beginning: nobody is sent elsewhere from here."""
    return where if _OURS.fullmatch(where) else "/"


def _empty(said: str, *, leave: bool = False) -> Response:
    """A page with nothing but a sentence; `leave` offers the way out, where no menu does."""
    return Response(render_template("error.html", title=speaking.t("error.nothing_to_do"), said=said, status=200, leave=leave))


def looks_again() -> bool:
    """Whether our script reads a page again that it shows already: it takes what is in `main` and nothing around it."""
    return AGAIN in request.headers


GLOBALS = {
    "looks_again": looks_again,
    "navigation": navigation,
    "areas": areas,
    "theme": theme,
    "here": here,
    "languages": LANGUAGES,
    "language": speaking.language,
    "role": speaking.role,
    "demo_logins": demo_logins,
    "demo_password": demo_password,
    "request_id": entrance.request_id,
    "THEMES": THEMES,
}
