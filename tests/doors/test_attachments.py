"""Files of attachments at the door (Rules W2, W31): how they are taken, refused and delivered."""

import base64
import io
import json
from itertools import cycle
from typing import Any

import eventlet
import pytest
from PIL import Image

from chassis.wire.errors import NotFound, Refused
from chassis.wire.ids import new_id
from gateway.evidence.store import content_key, thumbnail_key
from gateway.http import uploads
from tests.doors.examples import PICTURE, SOME_ID
from tests.doors.house import ATTACHED, OTHER, OWN, ROWS, STORED, House, plain_answer, problem, token, token_for

ATTACH = next(row for row in ROWS if row.path.endswith("/attachments") and row.route.method == "POST")
CONTENT = next(row for row in ROWS if row.path.endswith("/content"))
THUMBNAIL = next(row for row in ROWS if row.path.endswith("/thumbnail"))
PHOTO = base64.b64decode(PICTURE)


def send(house: House, data: bytes = PHOTO, name: str = "IMG_1.JPG", *, language: str = "en", key: str | None = None, **form):
    headers = {"Authorization": f"Bearer {token_for(ATTACH)}", "Idempotency-Key": key or new_id(), "Accept-Language": language}
    path = ATTACH.path.replace("{dealer}", OWN).replace("{work_order_id}", SOME_ID)
    sent = {"kind": "finding", "file": (io.BytesIO(data), name), **form}
    sent = {field: value for field, value in sent.items() if value is not None}
    return house.app.test_client().post(path, data=sent, headers=headers, content_type="multipart/form-data")


def read(house: House, row=CONTENT, method: str = "GET", dealer: str = OWN, **headers: str):
    path = row.path.replace("{dealer}", dealer).replace("{work_order_id}", SOME_ID).replace("{attachment_id}", SOME_ID)
    sent = {"Authorization": f"Bearer {token_for(row)}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return house.app.test_client().open(path, method=method, headers=sent)


def recorded(house: House) -> dict:
    [call] = [call for call in house.services.calls if call.method == "record_attachment"]
    return call.payload


def test_a_file_is_kept_before_it_is_recorded(house: House) -> None:
    """By what it is, not by what it is called: the store has it under its checksum when workshop is told."""
    stored = []

    def answer(noted):
        if noted.method == "record_attachment":
            sha256 = noted.payload["file"]["sha256"]
            stored.extend(house.store.get(key(OWN, sha256)) for key in (content_key, thumbnail_key))
        return plain_answer(noted)

    house.services.answer = answer
    response = send(house, job="2", note="", line_id=new_id())
    assert response.status_code == 201, response.get_data(as_text=True)
    assert response.headers["Location"].endswith(f"/attachments/{SOME_ID}")
    told = recorded(house)
    assert (told["kind"], told["job"], told["note"], told["name"]) == ("finding", 2, None, "IMG_1.png")
    assert (told["file"]["content_type"], told["file"]["width"], told["most_bytes"]) == ("image/png", 1, 1_000_000_000)
    content, thumbnail = stored
    assert Image.open(io.BytesIO(b"".join(content.blocks))).size == (1, 1)
    assert content.size == told["file"]["size"]
    assert b"".join(thumbnail.blocks).startswith(b"\xff\xd8\xff")
    content.close()
    thumbnail.close()


def test_json_says_the_same_as_a_form(house: House) -> None:
    """One file is one request, however it was sent: under one key it is one attachment."""
    assert send(house, kind="finding", name="IMG_1.JPG").status_code == 201
    body = {"kind": "finding", "file_name": "IMG_1.JPG", "file": PICTURE}
    asked = house.ask(
        ATTACH, token=token_for(ATTACH), body=json.dumps(body), path=ATTACH.path.replace("{work_order_id}", SOME_ID)
    )
    assert asked.status_code == 201
    form, as_json = [call for call in house.services.calls if call.method == "record_attachment"]
    assert form.payload == as_json.payload
    assert form.call.request_hash == as_json.call.request_hash


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<script>alert(1)</script>", {"en": "Must be a photo (JPEG", "zh": "须为照片（JPEG"}),
        (PHOTO[:40], {"en": "The file is damaged or incomplete.", "zh": "文件已损坏或不完整。"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_photo_is_refused_by_field_and_nothing_is_kept(house: House, data: bytes, said: dict, language: str) -> None:
    """A problem document that names field and rule; workshop is told of nothing, and nothing lies in the store."""
    before = sorted(house.store._folder.rglob("*"))
    body = problem(send(house, data, language=language), 422, "invalid")
    assert body["errors"]["file"][0].startswith(said[language])
    assert [call.method for call in house.services.calls] == ["get_upload_terms"]
    assert sorted(house.store._folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"file": None}, {"file"}),
        ({"kind": None}, {"kind"}),
        ({"kind": "holiday"}, {"kind"}),
        ({"file": [(io.BytesIO(b"a"), "a"), (io.BytesIO(b"b"), "b")]}, {"file"}),
        ({"second": (io.BytesIO(b"a"), "a")}, {"second"}),
        ({"job": "first"}, {"job"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_a_form_that_says_something_else_is_refused_by_field(house: House, form: dict, errors: set) -> None:
    assert set(problem(send(house, **form), 422, "invalid")["errors"]) == errors
    assert house.services.calls == []


@pytest.mark.parametrize("file", ["hello", (io.BytesIO(PHOTO), "a\r\nb.jpg")])
def test_a_file_that_is_sent_as_text_is_refused_by_its_field(house: House, file: Any) -> None:
    """As a form does that was told no file name, or one that breaks its line."""
    body = problem(send(house, file=file), 422, "invalid")
    assert list(body["errors"]) == ["file"]
    assert house.services.calls == []


def test_a_file_that_does_not_arrive_in_time_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly it goes on arriving."""

    class Dripping(io.RawIOBase):
        """One byte at a time."""

        def readable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            self._at = 5000 if whence else offset
            return self._at

        def tell(self) -> int:
            return getattr(self, "_at", 0)

        def readinto(self, buffer: Any) -> int:
            eventlet.sleep(0.02)
            buffer[:1] = next(sent)
            return 1

    monkeypatch.setattr(uploads, "UPLOAD_SECONDS", 0.1)
    sent = (bytes([one]) for one in cycle(b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'))
    response = house.app.test_client().post(
        ATTACH.path.replace("{dealer}", OWN).replace("{work_order_id}", SOME_ID),
        input_stream=Dripping(),
        content_type="multipart/form-data; boundary=b",
        content_length=5000,
        headers={"Authorization": f"Bearer {token_for(ATTACH)}", "Idempotency-Key": new_id()},
    )
    problem(response, 408, "request_too_slow")


def test_what_workshop_refuses_it_refuses_in_its_words(house: House) -> None:
    """And what it does not know is not there."""

    def refuse(noted):
        if noted.method == "record_attachment":
            raise Refused("not_in_this_status", status="closed", step="attach")
        return plain_answer(noted)

    house.services.answer = refuse
    assert problem(send(house), 409, "not_in_this_status")["title"]
    house.services.answer = _nothing
    problem(send(house), 404, "not_found")


def test_where_there_is_no_room_nothing_is_put(house: House) -> None:
    """Workshop is asked all the same: it refuses, or answers a repeat."""
    for terms in ({"open": False}, {"stored_bytes": 1_000_000_000}):
        house.services.answer = lambda noted, terms=terms: (
            plain_answer(noted) | (terms if noted.method == "get_upload_terms" else {})
        )
        before = sorted(house.store._folder.rglob("*"))
        picture = io.BytesIO()
        Image.new("RGB", (3, 7), "green").save(picture, "PNG")
        assert send(house, picture.getvalue()).status_code == 201
        assert sorted(house.store._folder.rglob("*")) == before


def test_a_store_that_is_away_is_said_to_be(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, to be repeated under the same key; nothing is recorded."""

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    picture = io.BytesIO()
    Image.new("RGB", (5, 5), "blue").save(picture, "PNG")
    response = send(house, picture.getvalue())
    problem(response, 503, "attachment_store_unavailable")
    assert response.headers["Retry-After"]
    assert "record_attachment" not in [call.method for call in house.services.calls]


def test_a_file_is_delivered_as_what_it_is(house: House) -> None:
    """Nobody guesses, nobody keeps it for others, and it is shown under the name it came with."""
    response = read(house)
    assert (response.status_code, response.get_data()) == (200, STORED)
    told = response.headers
    assert (told["Content-Type"], told["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert told["Cache-Control"] == "private, no-cache"
    assert told["Content-Disposition"] == "inline; filename*=UTF-8''%E9%97%A8%20front.jpg"
    assert told["ETag"] == f'"{ATTACHED["sha256"]}"'
    assert (told["Content-Length"], told["Accept-Ranges"]) == (str(len(STORED)), "bytes")
    assert "default-src 'none'" in told["Content-Security-Policy"]
    head = read(house, method="HEAD")
    assert (head.status_code, head.headers["Content-Length"], head.get_data()) == (200, str(len(STORED)), b"")


def test_who_asks_for_bytes_of_any_type_gets_them_as_that(house: House) -> None:
    """Clients that are generated from the document do: of all types that files have they may know this one only."""
    response = read(house, Accept="application/octet-stream")
    assert (response.headers["Content-Type"], response.get_data()) == ("application/octet-stream", STORED)
    assert "Accept" in response.vary
    assert read(house, Accept="*/*").headers["Content-Type"] == "image/jpeg"


def test_who_has_it_already_is_told_so(house: House) -> None:
    for row, tag in ((CONTENT, ATTACHED["sha256"]), (THUMBNAIL, f"{ATTACHED['sha256']}-thumbnail")):
        unchanged = read(house, row, If_None_Match=f'"{tag}"')
        assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
        assert unchanged.headers["Cache-Control"] == "private, no-cache"
        assert read(house, row, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=3-100000", 3, None)],
)
def test_a_part_is_delivered_to_who_asks_for_one(house: House, asked: str, start: int, end: int | None) -> None:
    """Players jump; a range beyond the end ends where the file does."""
    response = read(house, Range=asked)
    part = STORED[start:end]
    begins = STORED.index(part)
    assert (response.status_code, response.get_data()) == (206, part)
    assert response.headers["Content-Range"] == f"bytes {begins}-{begins + len(part) - 1}/{len(STORED)}"
    assert response.headers["Content-Length"] == str(len(part))


def test_a_part_that_is_not_there_is_refused(house: House) -> None:
    response = read(house, Range="bytes=100000-")
    problem(response, 416, "range_not_satisfiable")
    assert response.headers["Content-Range"] == f"bytes */{len(STORED)}"


def test_a_part_of_something_else_is_not_delivered(house: House) -> None:
    """If-Range names what was begun; several parts at once, and what is no range, get the whole."""
    assert read(house, Range="bytes=0-9", If_Range=f'"{ATTACHED["sha256"]}"').status_code == 206
    for whole in ({"If_Range": '"other"', "Range": "bytes=0-9"}, {"Range": "bytes=0-1,4-5"}, {"Range": "lines=1-2"}):
        assert read(house, **whole).get_data() == STORED


def test_a_paper_is_not_shown_in_our_name(house: House) -> None:
    """A PDF may run scripts: browsers save it."""
    paper = {"content_type": "application/pdf", "name": "p.pdf"}
    house.services.answer = lambda noted: plain_answer(noted) | paper
    assert read(house).headers["Content-Disposition"].startswith("attachment;")


def test_the_rights_of_a_file_are_its_orders(house: House) -> None:
    """Workshop is asked with the caller's dealer each time; whom it tells nothing gets nothing, whatever lies in the store."""
    assert read(house, THUMBNAIL).status_code == 200
    assert [(call.method, call.call.dealer) for call in house.services.calls] == [("get_attachment", OWN)]
    house.services.answer = _nothing
    for row in (CONTENT, THUMBNAIL):
        problem(read(house, row), 404, "not_found")
    other = house.app.test_client().get(
        CONTENT.path.replace("{dealer}", OTHER).replace("{work_order_id}", SOME_ID).replace("{attachment_id}", SOME_ID),
        headers={"Authorization": f"Bearer {token(dealers={OTHER: ['service_advisor']})}"},
    )
    problem(other, 404, "not_found")


def test_what_the_store_has_lost_is_not_found(house: House) -> None:
    """And a video has no thumbnail."""
    house.services.answer = lambda noted: plain_answer(noted) | {"sha256": "0" * 64, "thumbnail": False}
    problem(read(house), 404, "not_found")
    problem(read(house, THUMBNAIL), 404, "not_found")


def _nothing(noted):
    raise NotFound("not_found", kind="attachment", id="whatever")
