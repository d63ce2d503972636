"""What the forms of a page do: an action sends one command to the gateway, a look none. A table has all of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from console.filled import Form
from console.form import Field, File, Place, body_of
from console.gateway import Call

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def signing(of: str) -> tuple[Field, ...]:
    """The fields of `ui.signing`."""
    return tuple(Field(f"{of}.{name}") for name in ("means", "name", "strokes", "document_hash"))


@dataclass(frozen=True)
class Look:
    """A form that asks and changes nothing: its page is read anew with what was typed, which no address may hold.

    With `within` it is a button in the form of an action, whose typing stays.
    """

    name: str
    within: str = ""


@dataclass(frozen=True)
class Action:
    """`path` is below the dealer; its placeholders are those of the page's address, and `{of}` what the form is about.

    `guarded`: the version that was shown goes with it, and it is refused if somebody has changed the thing meanwhile. Adding to
    something others add to as well (clocking, payments) is not guarded. `then` says where to go afterwards (by what was
    answered), else the page is shown again. `tells`: what was typed is told on the page that is answered, and on no other.
    """

    name: str
    method: str
    path: str
    fields: tuple[Field, ...] = ()
    guarded: bool = True
    then: Callable[[Any, Mapping[str, str]], str] | None = None
    tells: bool = False

    @property
    def uploads(self) -> bool:
        """Whether its form has a file."""
        return any(isinstance(one, File) for one in self.fields)

    def call(self, form: Form, place: Place, ids: Mapping[str, str], below: str) -> Call:
        """The request that the form stands for."""
        values = {**ids, "of": form.of}
        path = below + _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), self.path)
        body = body_of(self.fields, form.typed, place)
        told = {**body, "file": form.upload.checksum} if form.upload else body
        return Call(
            self.method,
            path,
            body=None if self.method == "DELETE" else body,
            upload=form.upload,
            key=form.key(self.method, path, told),
            if_match=f'"{form.version}"' if self.guarded and form.version else None,
        )
