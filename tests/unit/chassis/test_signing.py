"""Signing: what a drawn signature must be, and that nothing is signed but what was shown."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chassis import Document, SignatureDocument, Work
from chassis.wire.errors import Invalid, PreconditionFailed
from chassis.wire.signatures import MOST_TEXT, polylines
from contracts.signing import Signing

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STROKES = "10,20 140,25 200,31;40,180 44,30"
AT_THE_DESK = cast(Work, SimpleNamespace(now=NOON, actor="wang"))


class Paper(Document):
    """Something to sign."""

    total: str


PAPER = Paper(total="684.20")


def signing(means: str = "drawn", **more: Any) -> Signing:
    if means != "phone":
        more = {"document_hash": PAPER.fingerprint, **more}
    if means == "drawn":
        more = {"strokes": STROKES, **more}
    return Signing.load({"means": means, "name": "Li Na", **{name: value for name, value in more.items() if value is not None}})


def signed(given: Signing, **more: Any) -> Any:
    return SignatureDocument.sign(AT_THE_DESK, given, PAPER, **{"field": "signature", "shown": PAPER.fingerprint, **more})


def errors(refused: Any) -> Any:
    return refused.value.details["errors"]


@pytest.mark.parametrize(
    ("strokes", "broken"),
    [
        ("", "length_between"),
        ("M10 20L14 25", "not_strokes"),
        ("10,20 14", "not_strokes"),
        ("10,20  140,25", "not_strokes"),
        ("-1,20 140,25", "not_strokes"),
        ("10,20 601,25", "outside_the_box"),
        ("10,20 140,201", "outside_the_box"),
        ("10,20", "nothing_drawn"),
        ("10,20 10,20 69,20", "nothing_drawn"),
        (";".join(["1,1 2,2"] * 201), "too_many_strokes"),
        (" ".join(["100,100"] * (MOST_TEXT // 8 + 1)), "length_between"),
    ],
)
def test_a_drawn_signature_is_strokes_within_its_box_and_not_empty(strokes: str, broken: str) -> None:
    """Anything else names the field and the rule."""
    with pytest.raises(Invalid) as refused:
        signing(strokes=strokes)
    assert [rule.partition(" ")[0] for rule in errors(refused)["strokes"]] == [broken]


def test_a_tenth_of_the_box_is_a_signature() -> None:
    """Short ones are many people's own."""
    assert polylines(signing(strokes="10,20 70,20").strokes or "") == [[(10, 20), (70, 20)]]


def test_a_signature_keeps_who_when_how_and_the_hash_of_what_was_signed() -> None:
    """And says later whether the document is still the one that was signed."""
    kept = signed(signing())
    assert (kept.name, kept.means, kept.signed_at, kept.strokes, kept.taken_by) == ("Li Na", "drawn", NOON, STROKES, "wang")
    assert kept.shown_with(PAPER)["verified"]
    assert not kept.shown_with(Paper(total="684.21"))["verified"]


@pytest.mark.parametrize("means", ["drawn", "typed"])
def test_what_was_changed_since_it_was_shown_is_not_signed(means: str) -> None:
    """By whatever means: the hash that comes back is that of what the signer saw."""
    with pytest.raises(PreconditionFailed, match="document_changed"):
        signed(signing(means, document_hash=Paper(total="1.00").fingerprint))


def test_the_hash_is_of_what_was_shown_and_the_signature_of_what_came_of_it() -> None:
    """What is agreed with the signature - a mileage - is in no preview, but signed all the same."""
    preview = Paper(total="preview")
    kept = signed(signing(document_hash=preview.fingerprint), shown=preview.fingerprint)
    assert kept.document_hash == PAPER.fingerprint


@pytest.mark.parametrize(
    ("given", "more", "field", "broken"),
    [
        (signing(document_hash=None), {}, "signature.document_hash", "needs_document_hash"),
        (signing("typed", document_hash=None), {}, "signature.document_hash", "needs_document_hash"),
        (signing("typed"), {"shown": None}, "signature.document_hash", "nothing_was_shown"),
        (signing(), {"shown": None}, "signature.document_hash", "nothing_was_shown"),
        (signing(strokes=None), {}, "signature.strokes", "needs_strokes"),
        (signing("typed", strokes=STROKES), {}, "signature.strokes", "only_when_drawn"),
        (signing("phone", given_at=NOON.isoformat()), {}, "signature.means", "must_be_signed"),
        (signing("phone"), {"here": False}, "signature.given_at", "call_needs_its_time"),
    ],
)
def test_what_is_missing_or_out_of_place_is_named(given: Signing, more: dict[str, Any], field: str, broken: str) -> None:
    """The field and its rule."""
    with pytest.raises(Invalid) as refused:
        signed(given, **more)
    assert errors(refused) == {field: [broken]}


def test_who_is_signed_in_signs_with_what_they_do() -> None:
    """An account is a means of its own: nobody typed a name."""
    kept = SignatureDocument.of_account(PAPER, by="sh-pudong.cashier", at=NOON)
    assert (kept.means, kept.name, kept.shown_with(PAPER)["verified"]) == ("account", "sh-pudong.cashier", True)
