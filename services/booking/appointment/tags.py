"""The tags of an appointment, each with its reason (Rule B6, docs/domain.md): what the system found, and what the desk said."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.booking.appointment import TagReason
from contracts.booking.events import AppointmentTag, AppointmentTagged

if TYPE_CHECKING:
    from services.booking.appointment.appointment import Appointment

FOR_DIRECTOR: frozenset[AppointmentTag] = frozenset({"comeback", "diagnosis"})


def find(one: "Appointment", found: Sequence[TagReason]) -> None:
    """These follow from what is known now; what the desk said stays."""
    _keep(one, _reasons(found, _said(one)))


def say(one: "Appointment", found: Sequence[TagReason], said: Sequence[AppointmentTag]) -> None:
    """As `find`, and the desk says this; what the system found it need not say."""
    known = {reason.tag for reason in found}
    _keep(one, _reasons(found, [tag for tag in said if tag not in known]))


def is_tagged_otherwise(one: "Appointment", found: Sequence[TagReason]) -> bool:
    """Whether other things than these had been found."""
    return [reason.dump() for reason in _reasons(found, _said(one))] != one.tag_reasons


def tag(one: "Appointment", found: Sequence[TagReason]) -> None:
    """Something became known of the car or its customer."""
    find(one, found)
    one.announce(AppointmentTagged(appointment=one.facts()))


def for_director(one: "Appointment") -> bool:
    """Whether the technical director hears of it beforehand."""
    return not FOR_DIRECTOR.isdisjoint(one.tags)


def _said(one: "Appointment") -> list[AppointmentTag]:
    return [reason["tag"] for reason in one.tag_reasons if reason["because"] == "said_by_desk"]


def _reasons(found: Sequence[TagReason], said: Sequence[AppointmentTag]) -> list[TagReason]:
    return [*found, *(TagReason(tag=tag, because="said_by_desk") for tag in dict.fromkeys(said))]


def _keep(one: "Appointment", reasons: Sequence[TagReason]) -> None:
    one.tag_reasons = [reason.dump() for reason in reasons]
    one.tags = list(dict.fromkeys(reason.tag for reason in reasons))
