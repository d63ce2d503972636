"""What a file is called where people see it: as its sender called it, without what could mislead a reader or a file system."""

import re
import unicodedata

MOST = 120
_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "application/pdf": ".pdf",
}
_BAD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]')
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
"""Among them what turns the direction of writing, so that `exe` is read as `jpg`."""


def shown_name(given: str | None, content_type: str) -> str:
    """The name without folders, controls and its own idea of what the file is: its suffix says what it is by its content."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in _BAD.sub("", last) if unicodedata.category(one) not in _UNSEEN)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}\Z", "", kept).strip(" .")
    suffix = _SUFFIXES[content_type]
    return (stem[: MOST - len(suffix)].strip() or "file") + suffix
