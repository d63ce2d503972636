"""No text of a request consists of nothing to read: a reason, a name, a signature of blanks says nothing to anybody."""

import pytest
from marshmallow import fields

from chassis import Invalid
from chassis.wire.codec import schema_of
from chassis.wire.fields import text
from chassis.wire.messages import Command, Query
from tests.contracts.published import REQUESTS, name

NOTHING_TO_READ = ["  ", "\n", "\u3000\u00a0", "\u200b", "\u2060\ufeff", "\u202e \u00ad", "\u3164"]
WRITTEN = [(one, field) for one in REQUESTS for field, kind in schema_of(one).fields.items() if isinstance(kind, type(text(1)))]


def test_there_are_requests_with_texts() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert len(WRITTEN) > 20
    assert {"reason", "name"} <= {field for _, field in WRITTEN}


@pytest.mark.parametrize(("request_class", "field"), WRITTEN, ids=lambda one: one if isinstance(one, str) else name(one))
def test_a_text_that_shows_nothing_is_refused_by_field(request_class: type[Command] | type[Query], field: str) -> None:
    """422 at the door, whatever else of the request is right or wrong; blanks and what nobody sees are one kind."""
    longest = next((check.max for check in schema_of(request_class).fields[field].validators if hasattr(check, "max")), None)
    for blank in NOTHING_TO_READ:
        with pytest.raises(Invalid) as refused:
            request_class.load({field: blank[:longest]})
        assert "must_not_be_blank" in refused.value.details["errors"].get(field, []), repr(blank)


def test_what_shows_anything_stays_as_it_was_written() -> None:
    """A text is no key: blanks and joiners inside and around it are the writer's."""
    field: fields.String = text(40)
    for written in ("王 芳", " ok ", "Zoë\u200d", "👩\u200d🔧", ".", "line\nline"):
        assert field.deserialize(written) == written
