"""What a file is by its content, what is kept of it, and what is refused (Rules W2, W31): photos, videos and papers."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from media.child import examined
from media.fitness import Found, Limits, Unfit
from tests.unit.media.films import MOST, WHERE, box, film, webm

SAMPLES = Path(__file__).parent / "samples"
LIMITS = Limits(**MOST)


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 32), **options) -> bytes:
    """A photo that is red above and blue below, and says where it was taken and that it lies on its side."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "CAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (31.0, 13.0, 49.0)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **options)
    return out.getvalue()


@pytest.fixture
def look(tmp_path: Path):
    """`look(data)`: what is found, and what is kept of it."""

    def looked(data: bytes, limits: Limits = LIMITS) -> tuple[Found, bytes]:
        (tmp_path / "sent").write_bytes(data)
        with (tmp_path / "sent").open("rb") as file:
            found = examined(file, tmp_path, limits)
        return found, (tmp_path / "content").read_bytes()

    return looked


def refused(look, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unfit) as unfit:
        look(data, limits)
    return unfit.value.code


@pytest.mark.parametrize(("kind", "content_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_photo_is_kept_upright_without_where_it_was_taken(look, tmp_path: Path, kind: str, content_type: str) -> None:
    """Rule W31: its pixels are turned as its EXIF said, and no EXIF is left; the small picture has none, either."""
    found, kept = look(photo(kind))
    assert (found.content_type, found.width, found.height, found.thumbnail) == (content_type, 32, 64, True)
    for data in (kept, (tmp_path / "thumbnail").read_bytes()):
        image = Image.open(io.BytesIO(data))
        assert image.size == (32, 64)
        assert not image.getexif()
        assert b"CAMERA" not in data
        assert b"Exif" not in data
        red, _, blue = image.convert("RGB").getpixel((4, 32))
        assert blue > red + 100, "what was below is on the left now"


def test_a_photo_says_nothing_in_comments_and_texts(look) -> None:
    """JPEG comments, PNG texts and XMP are written on by Pillow unless they are left behind."""
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Where", "Shanghai")
    for data in (photo(comment=b"Shanghai", xmp=b"<x>Shanghai</x>"), photo("PNG", pnginfo=texts), photo("WEBP", xmp=b"Shanghai")):
        assert b"Shanghai" in data
        assert b"Shanghai" not in look(data)[1]


def test_a_transparent_or_grey_picture_stays_so(look) -> None:
    """A screenshot is a photo, too."""
    for mode in ("RGBA", "L"):
        out = io.BytesIO()
        Image.new(mode, (8, 8)).save(out, "PNG")
        assert Image.open(io.BytesIO(look(out.getvalue())[1])).mode == mode


def test_a_photo_of_an_iphone_is_kept_as_jpeg(look) -> None:
    """HEIC is shown by hardly any browser."""
    found, kept = look((SAMPLES / "photo.heic").read_bytes())
    assert (found.content_type, found.width, found.height) == ("image/jpeg", 48, 64)
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in kept


def test_a_bomb_is_refused_before_it_unfolds(look) -> None:
    """A few kilobytes that say they are 30,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    assert refused(look, bomb) == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_is_cut_off_is_refused(look, kind: str) -> None:
    data = photo(kind, (640, 480))
    assert refused(look, data[: len(data) // 2]) == "file_is_damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + bytes(100),
        b"<html><script>alert(1)</script>",
        b"",
        b"PK\x03\x04" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        box(b"ftyp", b"avif", bytes(8)),
    ],
)
def test_what_is_none_of_them_is_refused(look, data: bytes) -> None:
    """Whatever it is called and whatever its sender says it is."""
    assert refused(look, data) == "file_type_not_taken"


def test_a_file_has_its_limit(look) -> None:
    """Photos and papers one, videos another."""
    small = Limits(photo_bytes=100, video_bytes=100, video_seconds=60)
    for data in (photo(), film(), b"%PDF-1.7" + bytes(200) + b"%%EOF"):
        assert refused(look, data, small) == "file_too_large"


@pytest.mark.parametrize(("brand", "content_type"), [(b"isom", "video/mp4"), (b"qt  ", "video/quicktime")])
def test_a_video_says_no_longer_where_it_was_taken(look, brand: bytes, content_type: str) -> None:
    """Rule W31: neither in user data, nor in a track of its own, nor between the pictures; those stand where they stood."""
    data = film(brand=brand)
    assert data.count(WHERE) == 6
    found, kept = look(data)
    assert (found.content_type, found.seconds, found.width, found.height) == (content_type, 2, 640, 480)
    assert WHERE not in kept
    assert b"freeGPS" not in kept
    assert len(kept) == len(data)
    places = [at for at in range(len(data)) if data.startswith(b"PICTURE1", at)]
    assert places == [at for at in range(len(kept)) if kept.startswith(b"PICTURE1", at)]
    assert len(places) == 2


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov", "clip.webm"])
def test_a_real_video_keeps_every_picture_and_sound(look, name: str) -> None:
    """Made by a real encoder, with a place in its tags; a real decoder found every frame as it was (docs/decisions/0045)."""
    data = (SAMPLES / name).read_bytes()
    assert b"31.2304" in data
    found, kept = look(data)
    assert b"31.2304" not in kept
    assert len(kept) == len(data)
    assert (found.width, found.height) == (64, 48)
    assert found.seconds in (1, 2), "a little more than one second, rounded up"


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov", "clip.webm"])
def test_a_video_that_is_cut_off_is_refused(look, name: str) -> None:
    """Wherever: its tables, or its pictures."""
    data = (SAMPLES / name).read_bytes()
    for left in (len(data) - 1, len(data) // 2, 40):
        assert refused(look, data[:left]) in ("file_is_damaged", "file_type_not_taken")


def test_a_video_whose_tables_lead_astray_is_refused(look) -> None:
    """To where no media data is: what is kept of a file is then anybody's guess."""
    assert refused(look, film(astray=100)) == "file_is_damaged"
    assert refused(look, film(astray=100_000)) == "file_is_damaged"


def test_a_video_that_is_too_long_is_refused(look) -> None:
    """By its samples, whatever its header says. A camera that stops at 60 s may stop a little later."""
    look(film(seconds=61))
    assert refused(look, film(seconds=62)) == "video_too_long"
    assert refused(look, webm(seconds=62)) == "video_too_long"


def test_a_video_that_cannot_be_cleared_is_refused(look) -> None:
    """In fragments, with sound that no codec packed, or with other tracks than picture and sound."""
    assert refused(look, film(end=box(b"moof", bytes(8)))) == "video_form_not_taken"
    assert refused(look, film(codec=b"sowt")) == "video_form_not_taken"
    assert refused(look, webm(track_type=17)) == "video_form_not_taken"
    assert refused(look, webm(doc_type=b"matroska")) == "file_type_not_taken"


def test_a_webm_says_no_longer_where_it_was_taken(look) -> None:
    data = webm()
    found, kept = look(data)
    assert WHERE in data
    assert WHERE not in kept
    assert kept.count(b"PICTURE1") == 1
    assert (found.seconds, found.width, found.height) == (2, 640, 480)


def test_what_is_bent_is_refused_and_nothing_else_happens(look) -> None:
    """Every third byte of a film once turned round: it is refused by name, or still a video; never a crash."""
    data = film()
    for at in range(0, len(data), 3):
        bent = bytearray(data)
        bent[at] ^= 0xFF
        with suppress(Unfit):
            look(bytes(bent))


def test_a_paper_is_kept_as_it_is(look) -> None:
    """And refused if its end is missing."""
    paper = b"%PDF-1.7\n" + bytes(3000) + b"\n%%EOF\n"
    found, kept = look(paper)
    assert (found.content_type, found.thumbnail, kept) == ("application/pdf", False, paper)
    assert refused(look, paper[:-8]) == "file_is_damaged"
