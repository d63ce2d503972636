"""E-mail addresses, as marshmallow's rule has them: bounded, and one however they are typed."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from chassis.wire.keys import clean

LONGEST, LONGEST_NAME = 120, 64
"""As our columns keep them; before the @ as RFC 5321 has it."""


class _Address(validate.Email):
    DOMAIN_WHITELIST = ()  # type: ignore[assignment]  # declared as of one; nobody has post at localhost


_ADDRESS = _Address()


class EmailField(fields.Email):
    """An address: as it was typed but for what nobody sees; its domain, which has no case, in small letters."""

    def __init__(self) -> None:
        fields.String.__init__(self, validate=[validate.Length(max=LONGEST)])

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        spelling = clean(super()._deserialize(value, *args, **kwargs)[: 10 * LONGEST])
        name, at, domain = spelling.rpartition("@")
        try:
            _ADDRESS(spelling)
        except ValidationError:
            raise ValidationError("not_an_email") from None
        if len(name) > LONGEST_NAME:
            raise ValidationError("not_an_email")
        return f"{name}{at}{domain.lower()}"
