"""Photos: decoded whole, turned upright, and written anew without anything but their pixels and colours."""

import warnings
from pathlib import Path
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageOps

from media.fitness import MOST_PIXELS, Found, Unfit

THUMBNAIL = (320, 320)
_QUALITY = 90
_THUMBNAIL_QUALITY = 75
_READ_AS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
}
_KEPT_AS = {
    "image/jpeg": ("image/jpeg", "JPEG"),
    "image/png": ("image/png", "PNG"),
    "image/webp": ("image/webp", "WEBP"),
    "image/heic": ("image/jpeg", "JPEG"),  # no browser but Safari shows it
}


def clean(file: BinaryIO, kind: str, target: Path, thumbnail: Path) -> Found:
    """Write the photo without its metadata, and a small one of it. Raises Unfit for one that is cut off or unfolds too far."""
    pi_heif.register_heif_opener()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(file, formats=_READ_AS[kind]) as opened:
            opened.load()
            colours = opened.info.get("icc_profile")
            upright = ImageOps.exif_transpose(opened)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Unfit("too_many_pixels", most=MOST_PIXELS // 1_000_000) from None
    except (OSError, SyntaxError, ValueError, EOFError):  # as Pillow says that data end too early, or are none
        raise Unfit("file_is_damaged") from None
    content_type, written_as = _KEPT_AS[kind]
    bare = _bare(upright, transparent=written_as != "JPEG")
    options = {} if written_as == "PNG" else {"quality": _QUALITY}
    bare.save(target, written_as, icc_profile=colours, **options)
    width, height = bare.size
    bare.thumbnail(THUMBNAIL)
    _bare(bare, transparent=False).save(thumbnail, "JPEG", quality=_THUMBNAIL_QUALITY)
    return Found(content_type, width=width, height=height, thumbnail=True)


def _bare(image: Image.Image, *, transparent: bool) -> Image.Image:
    """The pixels alone: Pillow writes comments, texts and EXIF of `info` into the new file for some formats."""
    wanted = "RGBA" if transparent and image.has_transparency_data else "L" if image.mode == "L" else "RGB"
    bare = image if image.mode == wanted else image.convert(wanted)
    bare.info = {}
    return bare
