"""E-mail addresses at every door are addresses, and stay what they are when they are read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis.wire.codec import schema_of
from chassis.wire.emails import LONGEST, EmailField
from contracts.crm.customer import ChangeCustomer, RegisterCustomer
from contracts.shared import CustomerFacts

FIELD = EmailField()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Li.Lei@Example.ORG", "Li.Lei@example.org"),
        (" li@example.org\u200b", "li@example.org"),
        ("ｌｉ＠example.org", "li@example.org"),
        ("li+4s@mail.example.com.cn", "li+4s@mail.example.com.cn"),
        ("li@例子.中国", "li@例子.中国"),
    ],
)
def test_an_address_is_kept_as_typed_but_for_what_nobody_sees(typed: str, kept: str) -> None:
    """The name before the @ may have capitals that count; a domain has none."""
    assert FIELD.deserialize(typed) == kept


WRONG = [
    "x@",
    "@x.cn",
    "x",
    "",
    "a b@c.cn",
    "x@y",
    "x@localhost",
    "x@y..cn",
    "x@@y.cn",
    "x" * 65 + "@y.cn",
    "x@y.cn\n.",
    "\0@x.cn",
]


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_address_is_refused_by_that_rule(typed: str) -> None:
    """`x@` was taken."""
    with pytest.raises(ValidationError, match="not_an_email"):
        FIELD.deserialize(typed)


@given(st.one_of(st.emails(), st.text(max_size=200)))
def test_what_is_taken_is_bounded_and_reads_the_same_again(typed: str) -> None:
    """Anything else is refused, never another error."""
    try:
        kept = FIELD.deserialize(typed)
    except ValidationError:
        return
    assert len(kept) <= LONGEST
    assert FIELD.deserialize(kept) == kept


def test_every_e_mail_is_of_this_type() -> None:
    """Wherever somebody outside says one, and in the fact that tells it on."""
    for kind in (RegisterCustomer, ChangeCustomer, CustomerFacts):
        assert isinstance(schema_of(kind).fields["email"], EmailField)
