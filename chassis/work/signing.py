"""Signing: the one way in which anybody signs anything.

Promise: what is signed is what the signer saw - a document that was changed since it was shown is refused -, and what was signed
is kept with who signed, when, by what means, and the hash of the whole of it, so that a later change shows.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import event, inspect

from chassis.store.documents import Document
from chassis.wire.errors import Invalid, PreconditionFailed
from chassis.work.unit_of_work import Work

K = TypeVar("K", bound=type)


class Signing(Protocol):
    """How somebody signs, as a command says it."""

    @property
    def means(self) -> Literal["drawn", "typed", "phone"]: ...
    @property
    def name(self) -> str: ...
    @property
    def strokes(self) -> str | None: ...
    @property
    def document_hash(self) -> str | None: ...
    @property
    def given_at(self) -> datetime | None: ...


class SignatureDocument(Document):
    """A signature as it is kept beside the document that was signed."""

    name: str
    means: Literal["drawn", "typed", "phone", "account", "link"]
    signed_at: datetime
    strokes: str | None = None
    document_hash: str
    taken_by: str

    def shown_with(self, document: Document) -> dict[str, Any]:
        """What is shown of it, with `verified`: whether `document`, as it is kept, still is what was signed."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**kept, "verified": self.document_hash == document.fingerprint}

    @classmethod
    def sign(
        cls,
        work: Work,
        signing: Signing,
        document: Document,
        *,
        field: str,
        shown: str | None = None,
        here: bool = True,
        by_link: bool = False,
        seen: bool = True,
        at: datetime | None = None,
    ) -> "SignatureDocument":
        """Sign the document. `field` is where the command says how, `shown` the hash of what was shown before, if any.

        `here`: only a signature will do, no call. `seen`: what is signed is what was shown, so that its hash is needed; else it
        is beside that, and a typed name will do without. `by_link`: it came by a one-time link, drawn or typed, from somebody
        who was shown the document by it. `at` is when it was given, if not now. Raises PreconditionFailed
        document_changed for another document than was shown; Invalid naming what is missing or out of place.
        """
        if signing.means == "phone":
            if here:
                raise Invalid.field(f"{field}.means", "must_be_signed")
            if signing.given_at is None:
                raise Invalid.field(f"{field}.given_at", "call_needs_its_time")
        if (signing.strokes is None) == (signing.means == "drawn"):
            raise Invalid.field(f"{field}.strokes", "needs_strokes" if signing.strokes is None else "only_when_drawn")
        _compare(
            signing,
            shown,
            f"{field}.document_hash",
            needed=signing.means == "drawn" or by_link or (seen and signing.means == "typed"),
        )
        return cls(
            name=signing.name,
            means="link" if by_link else signing.means,
            signed_at=at or work.now,
            strokes=signing.strokes,
            document_hash=document.fingerprint,
            taken_by=work.actor,
        )

    @classmethod
    def of_account(cls, document: Document, *, by: str, at: datetime) -> "SignatureDocument":
        """Sign the document as whoever is signed in: what they do is theirs."""
        return cls(name=by, means="account", signed_at=at, document_hash=document.fingerprint, taken_by=by)

    @staticmethod
    def seals(kind: K) -> K:
        """Decorates a mapped class with a `signature`: once a row has one, changing the row is an error."""
        event.listen(kind, "before_update", _refuse_what_is_signed)
        return kind


def _refuse_what_is_signed(mapper: Any, connection: Any, row: Any) -> None:
    before = inspect(row).attrs.signature.history
    if any(before.deleted or before.unchanged):
        raise PermissionError(f"{type(row).__name__} {row.id} is signed: it is never changed")


def _compare(signing: Signing, shown: str | None, field: str, *, needed: bool) -> None:
    if signing.document_hash is None:
        if shown is not None and needed:
            raise Invalid.field(field, "needs_document_hash")
        return
    if shown is None:
        raise Invalid.field(field, "nothing_was_shown")
    if signing.document_hash != shown:
        raise PreconditionFailed("document_changed")
