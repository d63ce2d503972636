"""A reader of pages: what stands on a page of the console, and its forms, filled in and sent as a browser without script does."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

HOST = "http://localhost"
PLAIN = {"Origin": HOST}
_CODE = re.compile(r"\bconsole(?:\.[a-z_]+){2,}")
"""The code of a text: what people read instead of a text that is missing."""


@dataclass
class Sheet:
    """One form of a page."""

    id: str
    action: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    names: set[str] = field(default_factory=set)
    typed: dict[str, str] = field(default_factory=dict)
    """The fields that a person types into, each with its id, if it has one."""

    def filled(self, typed: dict[str, Any]) -> MultiDict[str, str]:
        """What is sent with these values typed; a list for boxes. Only what the form has can be filled in."""
        assert set(typed) <= self.names, f"{self.id} has no field {set(typed) - self.names}"
        sent = MultiDict(self.fields.items(multi=True))
        for name, value in typed.items():
            sent.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
        return sent


class Page(HTMLParser):
    """A page as it was answered."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.status = response.status_code
        self.path = response.request.path
        self.headers = response.headers
        self.source = response.get_data(as_text=True)
        self.forms: dict[str, Sheet] = {}
        self.text = ""
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labels: dict[str, str] = {}
        self._form: Sheet | None = None
        self._select: tuple[str, str | None] | None = None
        self._area: str | None = None
        self._label: str | None = None
        self.feed(self.source)
        unsaid = _CODE.findall(self.text)
        assert not unsaid, f"{self.path} has no text for {unsaid}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """One more element."""
        has = dict(attributes)
        if has.get("id"):
            self.ids.append(str(has["id"]))
        if tag == "label":
            self._label = has.get("for")
            self.labels[self._label or ""] = ""
        elif has.get("aria-label") and has.get("id"):
            self.labels[str(has["id"])] = str(has["aria-label"])
        if tag == "a" and has.get("href"):
            self.links.append(str(has["href"]))
        if tag == "form":
            self._form = Sheet(has.get("id") or has["action"] or "", has["action"] or "")
            self.forms[self._form.id] = self._form
        name = has.get("name")
        if self._form is None or not name:
            if tag == "option" and self._select is not None and self._form is not None:
                self._option(has)
            return
        self._form.names.add(name)
        if tag == "textarea" or (tag == "input" and has.get("type") not in ("checkbox", "radio", "hidden")):
            self._form.typed[name] = has.get("id") or ""
        if tag == "input" and (has.get("type") not in ("checkbox", "radio") or "checked" in has):
            self._form.fields.add(name, has.get("value") or "")
        elif tag == "select":
            self._select = (name, None)
        elif tag == "textarea":
            self._area = name
            self._form.fields[name] = ""

    def _option(self, has: dict[str, str | None]) -> None:
        assert self._form is not None
        assert self._select is not None
        name, _ = self._select
        if "selected" in has or name not in self._form.fields:  # a browser sends the first one, if none is selected
            self._form.fields[name] = has.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "label":
            self._label = None

    def handle_data(self, data: str) -> None:
        """What people read."""
        self.text += " " + " ".join(data.split())
        if self._label is not None:
            self.labels[self._label] += data
        if self._area is not None and self._form is not None:
            self._form.fields[self._area] += data


class Browser:
    """A browser without script: follows redirects, keeps cookies, sends forms with everything that is in them."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self._client = client
        self._headers = {"Accept-Language": language}
        self.dealer = ""
        """Where the person works who has signed in."""

    def get(self, path: str) -> Page:
        """Open an address."""
        return Page(self._client.get(path, headers=self._headers, follow_redirects=True))

    def send(self, page: Page, form: str, /, **typed: Any) -> Page:
        """Fill in a form of the page and send it; `decision__name` is the field decision.name."""
        sheet = page.forms[form]
        return self.post(sheet.action, sheet.filled({name.replace("__", "."): value for name, value in typed.items()}))

    def post(self, path: str, data: Any, **headers: str) -> Page:
        """Send anything to an address."""
        sent = {**self._headers, **PLAIN, **headers}
        return Page(self._client.post(path, data=data, headers=sent, follow_redirects=True))

    def sign_in(self, login: str, password: str) -> Page:
        """Sign in, and come to where work begins; in the browser's language, whatever the account's is."""
        self.dealer = login.rpartition(".")[0]
        self.post("/preferences", {"language": self._headers["Accept-Language"]})
        return self.post("/sign-in", {"console-login": login, "console-password": password})

    @property
    def client(self) -> FlaskClient:
        """The client, for what no browser would do."""
        return self._client
