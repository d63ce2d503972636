"""What parts can be asked."""

from typing import Annotated

from chassis.wire import Id, Query, text, whole
from contracts.parts import answers
from contracts.parts.answers import ReservationState, TaskKind, TaskState
from contracts.shared import PartNumber, at_most

Limit = Annotated[int, whole(1, 200)]
Cursor = Annotated[str | None, text(500)]


class GetPart(Query, service="parts", answer=answers.PartStock):
    """A part with its stock. A superseded number finds its final successor, unless `resolve` is false."""

    part_number: PartNumber
    resolve: bool = True


class ListParts(Query, service="parts", answer=answers.CatalogueParts):
    """Parts whose number begins with, or one of whose names contains, what is searched for."""

    search: Annotated[str | None, text(60)] = None
    cursor: Cursor = None
    limit: Limit = 50


class ListMoves(Query, service="parts", answer=answers.Moves):
    """The ledger of a part, of a work order, or of both."""

    part_number: Annotated[str | None, text(40)] = None
    work_order_id: Id | None = None
    cursor: Cursor = None
    limit: Limit = 50


class GetReservation(Query, service="parts", answer=answers.Reservation):
    """What is reserved for an appointment or for a work order; one of them must be named."""

    appointment_id: Id | None = None
    work_order_id: Id | None = None


class ListReservations(Query, service="parts", answer=answers.Reservations):
    """Reservations in a state; the open ones are the pick list."""

    state: ReservationState | None = None
    cursor: Cursor = None
    limit: Limit = 50


class GetSlip(Query, service="parts", answer=answers.Slip):
    """One issue or return slip."""

    slip_id: Id


class ListDeductions(Query, service="parts", answer=answers.Deductions):
    """What the deliveries of a work order took off stock."""

    work_order_id: Id
    cursor: Cursor = None
    limit: Limit = 50


class FindDeliveryDeductions(Query, service="parts", answer=answers.DeliveryDeductions):
    """Which deliveries of some work orders were deducted; for the gateway's reconciliation."""

    work_order_ids: list[Id] = at_most(200)


class ListTasks(Query, service="parts", answer=answers.Tasks):
    """Tasks of the parts desk, by state and kind."""

    state: TaskState | None = None
    kind: TaskKind | None = None
    cursor: Cursor = None
    limit: Limit = 50
