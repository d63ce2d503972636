"""One declaration, four interpreters: how a message's annotations are read, explained and written.

- `schema`: the marshmallow schema, which follows from the annotations once per class. It collects and explains every error of
  every field, and is what OpenAPI is made from. `codes` has it name broken rules by code.
- `reader`: reads what keeps every rule three times as fast, with the schema's own fields and validators, and gives up otherwise.
- `writer`: writes a message as its schema would, without walking it.
- `checker`: asks a message that is about to be announced what its readers will ask it.

Why four: every command, event and answer passes here, and most keep every rule. That they agree is a property test
(tests/contracts/test_messages.py). Nothing outside `wire` may know how a message is read or written.
"""

from chassis.wire.codec.checker import Check, checker
from chassis.wire.codec.codes import CodedSchema
from chassis.wire.codec.reader import GIVEN_UP, Read, reader
from chassis.wire.codec.schema import LenientSchema, StrictSchema, flatten, learning_of_defaults, schema_of
from chassis.wire.codec.writer import written

__all__ = [
    "GIVEN_UP",
    "Check",
    "CodedSchema",
    "LenientSchema",
    "Read",
    "StrictSchema",
    "checker",
    "flatten",
    "learning_of_defaults",
    "reader",
    "schema_of",
    "written",
]
