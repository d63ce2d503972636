"""Photos as a phone takes them, and how they are attached through a page."""

import io
from typing import Any

from PIL import ExifTags, Image

from tests.pages import Browser, Page


def a_photo(colour: str = "red") -> bytes:
    """As a phone takes one."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (31.0, 13.0, 49.0)
    exif[ExifTags.Base.Make] = "CAMERA"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def attached(browser: Browser, page: Page, data: bytes, name: str = "车门.JPG", **typed: str) -> Page:
    """The form filled in and sent."""
    sheet = page.forms["attach"]
    sent: Any = sheet.filled(typed)
    sent["file"] = (io.BytesIO(data), name)
    return browser.post(sheet.action, sent)
