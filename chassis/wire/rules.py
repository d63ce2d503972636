"""The rules of a field, by codes: what is wrong travels as a code with its values, and is put into words where somebody reads it.

As text, so that it fits wherever marshmallow wants a message: `required`, `length_between {"least": 1, "most": 80}`.
"""

import json
import re
from typing import Any

_WRITTEN = re.compile(r"([a-z][a-z0-9_]*)(?: (\{.*\}))?", re.DOTALL)


def rule(code: str, **values: Any) -> str:
    """A broken rule as it travels. The values are JSON: numbers stay numbers, so that each language writes them its own way."""
    return f"{code} {json.dumps(values, ensure_ascii=False)}" if values else code


def read_rule(written: str) -> tuple[str, dict[str, Any]]:
    """The code and the values of a broken rule. What is no such text is taken for a code without values."""
    found = _WRITTEN.fullmatch(written)
    if found is None or found[2] is None:
        return written, {}
    try:
        values = json.loads(found[2])
    except ValueError:
        return written, {}
    return found[1], values
