"""Photos, videos and papers that users send: what they are by their content, and copies of them without where they were taken.

`examine` is the door: it has a process of its own (`child`) look at each file, because what decodes strangers' files may run
out of memory or crash. In there, `kinds` says what a file is; `photo`, `boxes` (MP4, MOV), `matroska` (WebM) and `paper` check
it to its end and write what is kept of it. Nothing here knows of anything else of ours.
"""

from media.examining import Examined, Slow, checksum, examine
from media.fitness import Limits, Unfit

__all__ = ["Examined", "Limits", "Slow", "Unfit", "checksum", "examine"]
