"""Signatures: who signed, when and by what means. One type for what is sent, one for what is shown, for all documents."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Part, text
from chassis.wire.signatures import DocumentHash, Strokes
from contracts.shared import Name

SigningMeans = Literal["drawn", "typed", "phone"]
"""How somebody signs, or agrees without being here."""

SignatureMeans = Literal["drawn", "typed", "phone", "account", "link"]
"""How something was signed; `account`: by whoever was signed in, with what they did; `link`: by a one-time link, drawn or typed.
"""


class Signing(Part):
    """How somebody signs: by drawing, by their typed name, or on the phone; a call needs its time, a signature is given now.

    `document_hash` is that of the document as it was shown: what was changed since is not signed. A signature needs it wherever
    a document is shown beforehand; who says so on the phone has seen none.
    """

    means: SigningMeans
    name: Name
    strokes: Strokes | None = None
    document_hash: DocumentHash | None = None
    given_at: datetime | None = None


class Signature(Part):
    """A signature as it was given, with the hash of the document that was signed.

    `verified`: the document as it is kept has this hash; false says that somebody changed it afterwards.
    """

    name: Name
    means: SignatureMeans
    signed_at: datetime
    strokes: Strokes | None = None
    document_hash: DocumentHash
    taken_by: Annotated[str, text(64)]
    verified: bool
