"""Who is on the phone with a customer (Rule C2, docs/domain.md): two colleagues do not call the same one at a time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Refused, Work
from services.crm.customer.customer import Customer

A_CALL = timedelta(minutes=30)
"""Whoever takes a call has it so long: then it is forgotten, not made."""

TAKEN = text("caller IS NOT NULL")


class Called(Aggregate):
    """A customer to be called: whoever takes the call has it until they are done, hand it back, or half an hour is over."""

    if TYPE_CHECKING:
        customer_id: Mapped[Any]  # declared by what has a customer, or may have one
    caller: Mapped[str | None] = mapped_column(String(64))
    calling_until: Mapped[datetime | None]

    def require_open(self) -> None:
        """Raises Refused where nobody is to be called any more."""
        raise NotImplementedError

    def take(self, *, by: str, at: datetime) -> None:
        """They call the customer now. Raises Refused naming the colleague who does already, and where nobody is to be called."""
        self.require_open()
        self.require_not_called(by=by, at=at)
        self.caller, self.calling_until = by, at + A_CALL

    def leave(self, *, by: str, at: datetime) -> None:
        """They do not call after all, or are done."""
        self.require_not_called(by=by, at=at)
        self.caller = self.calling_until = None

    def require_not_called(self, *, by: str, at: datetime) -> None:
        """Raises Refused naming whoever else is on the phone with the customer."""
        if self.caller not in (None, by) and self.calling_until is not None and at < self.calling_until:
            raise Refused("being_called", name=self.caller)


def require_not_on_the_phone(work: Work, customer_id: str | None, *kinds: type[Called]) -> None:
    """Raises Refused if a colleague calls this customer for another reason; two who take them at once do so one by one."""
    if customer_id is None:
        return
    work.lock(Customer, customer_id)
    for kind in kinds:
        is_called = kind.customer_id == customer_id, kind.caller != work.actor, kind.calling_until > work.now
        colleague = work.first(select(kind.caller).where(*is_called))
        if colleague is not None:
            raise Refused("being_called", name=colleague)
