"""Photos, videos and papers of an order, through the pages alone, without a script (Rules W2, W31)."""

import io
import json
from collections.abc import Callable
from typing import Any

from PIL import Image

from servicelane.dealership import NAMES
from servicelane.welcome import DEALER
from tests.deployment import Embedded
from tests.journeys.console.conftest import Asked, order_page
from tests.journeys.console.photos import a_photo, attached
from tests.pages import Browser


def test_a_photo_is_attached_shown_and_delivered(
    at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]], asked: Asked
) -> None:
    """From the order's page; the same form sent twice is one photo; whoever may not see the order sees no photo."""
    order = car("opened")
    browser = at_desk("technician")
    page = order_page(browser, order)
    assert 'capture="environment"' in page.source
    assert 'enctype="multipart/form-data"' in page.source
    shown = attached(browser, page, a_photo(), kind="finding", note="scratch")
    assert shown.status == 200, shown.text
    assert "Done: Attach a photo, video or paper" in shown.text
    attached(browser, page, a_photo(), kind="finding", note="scratch")
    shown = order_page(browser, order)
    links = [link for link in shown.links if link.endswith("/content")]
    assert len(links) == 1, "the form had one effect"
    assert f"scratch · 车门.jpg · {NAMES['technician']}" in shown.text

    content = browser.client.get(links[0])
    assert (content.status_code, content.content_type) == (200, "image/jpeg")
    assert b"CAMERA" not in content.data
    assert content.headers["Cache-Control"] == "private, no-cache"
    thumbnail = browser.client.get(links[0].replace("/content", "/thumbnail"))
    assert Image.open(io.BytesIO(thumbnail.data)).size == (64, 48)
    part = browser.client.get(links[0], headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, content.data[:10])
    unchanged = browser.client.get(links[0], headers={"If-None-Match": content.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    asked.must_be_published()

    other = at_desk("advisor", dealer="bj-chaoyang")
    assert other.client.get(links[0]).status_code == 404
    assert other.client.get(links[0].replace(DEALER, "bj-chaoyang")).status_code == 404
    listed = browser.get(f"/d/{DEALER}/orders/{order['id']}/attachments")
    assert links[0] in listed.links


def test_what_is_no_photo_is_refused_where_it_was_chosen(
    at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]]
) -> None:
    """A sentence at the field, in the reader's language; what was typed is still there."""
    order = car("opened")
    for language, sentence in (("en", "Must be a photo"), ("zh", "须为照片")):
        browser = at_desk("advisor", language=language)
        page = attached(browser, order_page(browser, order), b"no photo", "photo.jpg", note="left door", kind="old_part")
        assert page.status == 422, page.text
        assert 'id="attach-file-error"' in page.source
        assert sentence in page.text
        assert page.forms["attach"].fields["note"] == "left door"
        assert page.forms["attach"].fields["kind"] == "old_part"
        page = browser.send(order_page(browser, order), "attach", kind="finding")
        assert page.status == 422
        assert 'id="attach-file-error"' in page.source


def test_who_writes_a_note_is_told_that_the_customer_reads_it(
    at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]]
) -> None:
    """Rule W17: never internal notes; the field says what is none."""
    order = car("opened")
    for language, sentence in (("en", "The customer reads it where the photo is shown to them."), ("zh", "客户会看到此备注")):
        assert sentence in order_page(at_desk("advisor", language=language), order).text


def test_whoever_only_reads_is_offered_no_form(at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]]) -> None:
    page = order_page(at_desk("cashier"), car("opened"))
    assert "attach" not in page.forms
    assert "Photos, videos and papers" in page.text


def test_what_was_attached_is_proved_to_be_there(embedded: Embedded) -> None:
    """I16, by the operators' command on the suite's own folder."""
    done = embedded.command("reconcile", "--all", "--json")
    findings = json.loads(done.stdout)
    assert [one for one in findings if one["invariant"] == "I16"] == []
    [*files] = [one for one in (embedded.data / "attachments").rglob("*") if one.is_file() and one.suffix != ".thumbnail"]
    assert files
    files[0].unlink()
    findings = json.loads(embedded.command("reconcile", "--all", "--json").stdout)
    assert [one["invariant"] for one in findings if one["invariant"] == "I16"] == ["I16"]
