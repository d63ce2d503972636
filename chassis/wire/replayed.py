"""An answer that was given before: a repeat of a command brings back the first one's, and its caller may learn that it did."""

from typing import Any


class Replayed(dict[str, Any]):
    """The recorded answer of an earlier request under the same key."""
