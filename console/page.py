"""Screens and their pages: how a page is shown, and how a form of it is sent, refused and shown again.

A page answers GET by reading and showing. It answers POST by one of its actions: done, the browser is sent to where it shows (and
a reload repeats nothing); refused, the page is read anew and shown with the form as it was typed and what is wrong with it.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, abort, current_app, g, render_template, request, url_for
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from console import entrance
from console.action import Action, Look
from console.desk import Desk
from console.filled import READER, Form
from console.form import typed_name
from console.gateway import STALE, Refusal
from console.sending import Upload
from console.speaking import t

LOGIN, PASSWORD = "console-login", "console-password"
"""The fields of a sign-in in the middle of a form; no field of a form is called so."""

FILE = "file"
DONE = "done"
BY_SCRIPT, GO = "X-Console", "X-Console-Go"
"""Our script sends forms with the first header; where the browser is to go it then reads in the second."""

UPLOAD_LIMIT = 301_000_000
"""Bytes of a form with a file: a little more than the gateway takes of any."""

WHO = ("technician", "inspector", "name", "by", "used_by")
"""The facts of a refusal that may be somebody's login."""

OVERTAKEN = "version_is_stale"
"""The refusal of a form whose thing somebody has changed since it was shown."""

COME_BACK = 409
"""The status of a form that was not sent, because its reader had to sign in first."""


@dataclass(frozen=True)
class Shown:
    """What a page shows. `version` is that of the thing its guarded forms change; `facts` what a reader saw of it, in words."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


Show = Callable[..., Shown]
_PLACEHOLDER = re.compile(r"<(\w+)>")


class Page:
    """One address of a screen."""

    def __init__(self, screen: "Screen", path: str, show: Show, forms: tuple[Action | Look, ...]) -> None:
        self.screen = screen
        self.finds = ""
        self.known: tuple[str, tuple[str, str]] | None = None
        self.settles: tuple[str, ...] = ()
        self.path = path
        self.actions = {one.name: one for one in forms if isinstance(one, Action)}
        self.looks = {one.name: one for one in forms if isinstance(one, Look)}
        self.endpoint = f"{screen.name}.{show.__name__}"
        self._show = show

    @property
    def placeholder(self) -> str:
        """The one placeholder of its path."""
        return self.path.rpartition("<")[2].rstrip(">")

    def address(self, dealer: str, ids: Mapping[str, Any]) -> str | None:
        """Where it is for these ids; None if one that it needs is not among them."""
        needed = {name: ids.get(name) for name in _PLACEHOLDER.findall(self.path)}
        return url_for(self.endpoint, dealer=dealer, **needed) if all(needed.values()) else None

    def view(self, dealer: str, **ids: str) -> Response:
        """Answer a request."""
        if any(action.uploads for action in self.actions.values()):
            request.max_content_length = UPLOAD_LIMIT
        if request.method == "POST" and LOGIN in request.form:
            return signed_in_again(lambda typed: self._with_form(dealer, ids, typed))
        desk = entrance.desk(dealer)
        return self._send(desk, ids) if request.method == "POST" else self._shown(desk, ids)

    def _send(self, desk: Desk, ids: Mapping[str, str]) -> Response:
        form, looked = self._read(request.form)
        if looked:
            g.returned = form
            return self._shown(desk, ids)
        action = self.actions.get(form.do) or abort(400)
        if (me := desk.person).login != request.form.get(READER, me.login):  # a colleague signed in, in another tab
            return self._with_form(desk.dealer.id, ids, request.form, t("another_reader", name=me.name))
        if action.uploads and (file := request.files.get(FILE)) is not None and file.filename:
            form.upload = Upload.of(file.filename, file.stream)
        try:
            answer = desk.ask(action.call(form, desk.place, ids, desk.below))
        except Refusal as refusal:
            come_back(form, action, refusal, _said(refusal, desk))
            return self._shown(desk, ids, status=refusal.status, conflict=refusal.status == STALE)
        if action.tells:
            g.told = form
            return self._shown(desk, ids)
        here: dict[str, Any] = {"dealer": desk.dealer.id, **ids}
        here_again = {**here, **{name: text for name, text in request.args.items() if name != DONE}}
        where = action.then(answer, here) if action.then else url_for(self.endpoint, **here_again)
        return gone_to(f"{where}{'&' if '?' in where else '?'}{DONE}={self.screen.name}.{action.name}")

    def _read(self, typed: MultiDict[str, str]) -> tuple[Form, bool]:
        """The form that was sent, and whether it only looks."""
        form = Form.read(typed)
        look = self.looks.get(form.do)
        if look is not None:
            form.do = look.within or look.name
        return form, look is not None

    def _shown(self, desk: Desk, ids: Mapping[str, str], *, status: int = 200, conflict: bool = False) -> Response:
        shown = self._show(desk, **ids)
        desk.prove()
        g.shown, g.page = shown, self
        form: Form | None = g.get("returned")
        if form is not None:
            if conflict:
                form.compare(shown.facts)
            form.version, form.seen = shown.version, shown.facts
        return Response(render_template(shown.template, title=shown.title, **shown.values), status)

    def _with_form(self, dealer: str, ids: Mapping[str, str], typed: MultiDict[str, str], message: str = "") -> Response:
        """The form again as it was typed; nothing is sent before its reader, who has just signed in, has looked at it."""
        form, _ = self._read(typed)
        form.message, g.returned = message or t("signed_in_again"), form
        return self._shown(entrance.desk(dealer), ids, status=COME_BACK)


class Screen:
    """One screen: its pages, and who finds it in the navigation - whoever may do `whose`, an operation below the dealer.

    A screen that is reached from another one alone stands `under` it. Who finds many has those of an `area` in one menu.
    """

    def __init__(
        self, name: str, *, place: int = 0, area: str = "", whose: tuple[str, str] | None = None, under: str = ""
    ) -> None:
        self.name = name
        self.under = under or name
        self.area = area or name
        self.place = place
        self.whose = whose
        self.pages: list[Page] = []

    def page(
        self,
        path: str,
        *forms: Action | Look,
        finds: str = "",
        settles: tuple[str, ...] = (),
        known: tuple[str, tuple[str, str]] | None = None,
    ) -> Callable[[Show], Show]:
        """A page at this path below the dealer, shown by the function; the first one is where the navigation leads.

        It shows what a search `finds`: one thing of that kind, whose id is the only placeholder of the path. Matters of the
        attention list whose kind it `settles` lead to it; its placeholders are names of their ids. What no navigation has is
        `known` to a search by its title, to whoever may do the operation beside it.
        """

        def add(show: Show) -> Show:
            new = Page(self, path, show, forms)
            new.finds, new.settles, new.known = finds, settles, known
            self.pages.append(new)
            return show

        return add

    def register(self, app: Flask) -> None:
        """Have the application answer at the pages' addresses."""
        for page in self.pages:
            app.add_url_rule(f"/d/<dealer>{page.path}", page.endpoint, page.view, methods=["GET", "POST"])

    def is_for(self, desk: Desk) -> bool:
        """Whether it stands in this person's navigation."""
        return self.whose is not None and desk.may(*self.whose)


def form(do: str, of: str = "", version: object = "") -> Form:
    """A form of the page: the one that came back, else a fresh one; of something whose `version` is not that of the page."""
    returned: Form | None = g.get("returned")
    if returned is not None and (returned.do, returned.of) == (do, of):
        g.placed = True
        return returned
    if "nonce" not in g:
        g.nonce = str(uuid.uuid4())  # one for all forms of a page: what a form asks for is part of its key
    return Form(do, of, g.nonce, version=str(version) or g.shown.version, seen=g.shown.facts)


def unplaced() -> Form | None:
    """The form that came back and that the page no longer offers: its typing must be shown all the same."""
    return None if g.get("placed") else g.get("returned")


def typed(do: str, of: str = "") -> MultiDict[str, str]:
    """What was typed into the form that came back, or that looks: what its page has to read for it."""
    returned: Form | None = g.get("returned")
    return returned.typed if returned is not None and (returned.do, returned.of) == (do, of) else MultiDict()


def may(name: str) -> bool:
    """Whether this person may do an action of the page."""
    action: Action = g.page.actions[name]
    allowed: bool = g.desk.may(action.method, action.path)
    return allowed


def done() -> str:
    """What has just been done, to be said once on the page that shows it."""
    screen, _, name = request.args.get(DONE, "").partition(".")
    found = [one for one in screens() if one.name == screen for page in one.pages if name in page.actions]
    return t(f"{screen}.do.{name}") if found else ""


def screens() -> tuple[Screen, ...]:
    """Every screen, in the order of the navigation."""
    known: tuple[Screen, ...] = current_app.extensions["screens"]
    return known


def gone_to(where: str) -> Response:
    """Send the browser to an address of ours."""
    if BY_SCRIPT in request.headers:
        return Response(status=204, headers={GO: where})
    return Response(status=303, headers={"Location": where})


def sign_in_page(refusal: Refusal | None, kept: MultiDict[str, str] | None = None, *, status: int = 401) -> Response:
    """The sign-in, with what a form held when its session had ended."""
    kept = kept or MultiDict()
    wrong = "" if refusal is None else refusal.sentence or t(f"problem.{refusal.code}")
    status = status if refusal is None else refusal.status
    page = render_template("sign_in.html", title=t("sign_in.title"), kept=list(kept.items(multi=True)), wrong=wrong)
    return Response(page, status)


def signed_in_again(show: Callable[[MultiDict[str, str]], Response]) -> Response:
    """Signs in with what the page of a sign-in in the middle of a form sent, and shows what was typed before it."""
    typed = MultiDict((name, text) for name, text in request.form.items(multi=True) if name not in (LOGIN, PASSWORD))
    try:
        new = entrance.sign_in(request.form[LOGIN], request.form.get(PASSWORD, ""))
    except Refusal as refusal:
        return sign_in_page(refusal, typed)
    response = show(typed)
    entrance.remember(response, new)
    return response


def come_back(form: Form, action: Action, refusal: Refusal, said: str) -> None:
    """Have the form shown again, with why it was refused: the sentence, or what is wrong with which field."""
    form.message = t("shell.look") if refusal.errors else said or t(f"problem.{refusal.code}")
    form.code, form.details = refusal.code, refusal.details
    form.errors = _by_field(refusal, action, form)
    g.returned = form


def told(do: str) -> MultiDict[str, str]:
    """What was typed into a form that has just been done, if it tells that; a reload does it again, under the same key."""
    form: Form | None = g.get("told")
    return form.typed if form is not None and form.do == do else MultiDict()


def _said(refusal: Refusal, desk: Desk) -> str:
    """The refusal's sentence, in which people have names: among its facts they have logins. Nobody knows a thing's version."""
    sentence = t("conflict.not_done") if refusal.code == OVERTAKEN else refusal.sentence
    for login in (str(refusal.details[fact]) for fact in WHO if refusal.details.get(fact)):
        sentence = sentence.replace(login, desk.called(login))
    return sentence


def _by_field(refusal: Refusal, action: Action, form: Form) -> dict[str, list[str]]:
    """What is wrong, by the field's name on the form; a list of which nothing was typed has its own if the form called it."""
    errors: dict[str, list[str]] = {}
    for path, sentences in refusal.errors.items():
        name = typed_name(path, action.fields, form.typed) or (path if path in form.labels else "")
        errors.setdefault(name, []).extend(sentences)
    return errors


def remembered(texts: Mapping[str, str]) -> Markup:
    """What a form carries along of what its reader saw: facts, or the labels of its fields. For an attribute in single quotes."""
    return htmlsafe_json_dumps(texts, ensure_ascii=False, separators=(",", ":"))


GLOBALS = {"form": form, "may": may, "done": done, "unplaced": unplaced, "remembered": remembered}
