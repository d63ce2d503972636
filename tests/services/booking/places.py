"""Looking at the places of a dealer's calendar."""

from collections import Counter

from sqlalchemy import select

from services.booking.appointment.appointment import Appointment


def taken(desk, **of):
    """How many places are taken of a type of service or an advisor, by the time they are taken from."""
    asked = select(Appointment.place_from).filter_by(has_place=True, **(of or {"service_type": "repair"}))
    return dict(Counter(desk.rows(lambda session: session.scalars(asked).all())))
