"""Driving a leg (Rules B14 and W24, docs/domain.md): its sheet is recorded, shown and signed; so the car changes hands."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from chassis import Invalid, Refused, SignatureDocument, Work, colleagues
from contracts.roles import BOOKING_AGENT, DRIVER, SERVICE_ADVISOR, SERVICE_MANAGER
from contracts.workshop import leg as contract
from contracts.workshop.custody import Thing
from contracts.workshop.leg import FailLeg, RecordLegSheet, SignLegSheet, StartLeg
from services.workshop.leg.giving_back import PAPERS, given, keys_received, papers_received, still_here
from services.workshop.leg.holding import hold
from services.workshop.leg.leg import LIVE, Leg
from services.workshop.leg.planning import keep_clock
from services.workshop.leg.sheet import LegSheet
from services.workshop.leg.sheet_document import LegSheetDocument
from services.workshop.leg.telling import describe
from services.workshop.leg.trip import LEAVES, OFF, TO_COME, brought_by, fetched, vehicle_of
from services.workshop.order import custody
from services.workshop.order.mileage import refuse_doubtful_of
from services.workshop.order.odometer_reading import OdometerReading
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.vehicle import KnownVehicle

DESK = (BOOKING_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER)
"""Who plans legs, and so may end one that another drives."""


def start(work: Work, command: StartLeg) -> contract.Leg:
    """Somebody sets out; the driver who does is the leg's, whoever was to drive it. What is the customer's goes with them.

    A car is brought back once its customer accepted the work.

    One that was fetched and is not worked on after all - its order is void, its appointment off or on another day - is brought
    back as it is.
    """
    leg = hold(work, command.leg_id)
    if leg.state == "planned" and _came(work, leg):
        raise Refused("car_is_here")
    if leg.driver != work.actor and work.actor in colleagues(work, role=DRIVER):
        leg.driver = work.actor
    leg.start(by=work.actor, at=work.now)
    if leg.direction == "return":
        order = None if leg.work_order_id is None else work.lock_root(WorkOrder, leg.work_order_id)
        if order.status not in LEAVES if order is not None else not _is_off(work, leg):
            raise Refused("car_not_delivered")
        assert leg.driver is not None
        if order is not None:
            custody.pass_on(work, order, leg.driver)
    keep_clock(work, leg)
    return describe(work, leg)


def record(work: Work, command: RecordLegSheet) -> contract.Leg:
    """Write down what goes with the car; what nobody has signed yet is replaced.

    Whoever drives the leg does (Rule W24: it is in their custody); a manager who does takes the leg over.
    """
    leg = hold(work, command.leg_id)
    leg.require_under_way()
    if leg.driver != work.actor and work.actor in colleagues(work, role=SERVICE_MANAGER):
        leg.replan(None, work.actor, None, None)
    _require_at_wheel(work, leg)
    _order_to_leave(work, leg)
    _check(work, leg, command)
    document = LegSheetDocument(
        leg_id=leg.id,
        direction=leg.direction,
        plate=leg.plate,
        customer_name=leg.customer["name"],
        driver=work.actor,
        keys=command.keys,
        registration=command.registration,
        service_book=command.service_book,
        mileage=command.mileage,
        mileage_reason=command.mileage_reason,
        fuel_eighths=command.fuel_eighths,
        remarks=command.remarks,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    known = work.lock(LegSheet, leg.id)
    if known is None:
        work.add(LegSheet(id=leg.id, document=document))
    else:
        known.document = document
    return describe(work, leg)


def sign(work: Work, command: SignLegSheet) -> contract.Leg:
    """The customer signs what they were shown: the leg is done. A pick-up's hand-overs are the first of the visit (Rule W24)."""
    leg = hold(work, command.leg_id)
    leg.require_under_way()
    sheet = work.lock(LegSheet, leg.id)
    if sheet is None:
        raise Refused("sheet_missing")
    kept = sheet.document
    _require_at_wheel(work, leg)
    if kept.driver != work.actor:
        raise Refused("sheet_of_another", name=kept.driver)
    order = _order_to_leave(work, leg)
    sheet.signature = SignatureDocument.sign(work, command.signature, kept, field="signature", shown=kept.fingerprint)
    vehicle_id = vehicle_of(work, leg)
    if kept.mileage is not None and vehicle_id is not None:
        work.add(OdometerReading(id=leg.id, vehicle_id=vehicle_id, mileage=kept.mileage, read_at=work.now))
    leg.finish(kept.things, sheet.signature.name, by=work.actor, at=work.now)
    if order is not None:
        if leg.direction == "return":
            custody.give_back(work, order, given(work, leg, kept))
        else:
            _begin_custody(work, order, leg, kept)
    if leg.direction == "return" and still_here(work, leg):
        leg.question = "not_given_back"  # what went back is in the fact already
    keep_clock(work, leg)
    return describe(work, leg)


def fail(work: Work, command: FailLeg) -> contract.Leg:
    """It came to nothing; what the driver has of the customer's stays with them until it is handed on.

    Another driver does not end it, but the desk does, and the manager.
    """
    leg = work.edit(Leg, command.leg_id)
    if work.actor not in colleagues(work, role=DESK) and work.actor in colleagues(work, role=DRIVER):
        _require_at_wheel(work, leg)
    leg.fail(command.reason, by=work.actor, at=work.now)
    keep_clock(work, leg)
    return describe(work, leg)


def escalate(work: Work, leg_id: str) -> None:
    """It was not done by the end of its window: the service manager is told, once for each window."""
    leg = work.lock_root(Leg, leg_id)
    if not leg.keeps_time or leg.escalated_at is not None:
        return
    if leg.ends_at <= work.now:
        work.change(leg)
        leg.escalate(at=work.now)
    keep_clock(work, leg)


def hand_to_order(work: Work, order: WorkOrder) -> None:
    """An order was opened: the legs by which its car came are its own, and what the driver was given is in its custody.

    They are those of its appointment, or of one that is off while the car it fetched is here: something comes of that after all.
    """
    appointments = brought_by(work, order)
    if not appointments:
        return
    legs = select(Leg).where(Leg.appointment_id.in_(appointments), Leg.state.in_((*LIVE, "done"))).order_by(Leg.id)
    found = list(_one_of_each(order, work.all(legs.with_for_update())))
    returns = [leg for leg in found if (leg.direction, leg.state) == ("return", "done")]
    gone = {leg.trip for leg in returns}
    rest = [(leg, still_here(work, leg)) for leg in returns if leg.question is not None]
    for leg in found:
        work.change(leg)
        leg.work_order_id = order.id
        is_here = (leg.direction, leg.state, leg.collected_at) == ("pick_up", "done", None) and leg.trip not in gone
        sheet = work.find(LegSheet, leg.id) if is_here else None
        if sheet is not None:
            _begin_custody(work, order, leg, sheet.document)
    for leg, things in rest:
        custody.receive(work, order, things, by=leg.driver, at=leg.ended_at)


def _one_of_each(order: WorkOrder, legs: Sequence[Leg]) -> Iterator[Leg]:
    """An order has one leg of each direction a trip: those of its own appointment come first."""
    seen: set[tuple[int, str]] = set()
    for leg in sorted(legs, key=lambda one: one.appointment_id != order.appointment_id):
        if (leg.trip, leg.direction) not in seen:
            seen.add((leg.trip, leg.direction))
            yield leg


def taken_over(work: Work, order: WorkOrder) -> LegSheetDocument | None:
    """What a driver signed for where the car was fetched; None if nobody fetched it."""
    its = Leg.work_order_id == order.id, Leg.direction == "pick_up", Leg.state == "done"
    pick_up = work.first(select(Leg.id).where(*its).order_by(Leg.trip.desc()))
    sheet = None if pick_up is None else work.find(LegSheet, pick_up)
    return None if sheet is None else sheet.document


def compare(work: Work, order: WorkOrder, keys: int, things: Sequence[Thing], *, explained: bool) -> None:
    """The walk-around is signed: what it lacks of what a driver signed for at the door is asked about, until that is said."""
    at_the_door = taken_over(work, order)
    if at_the_door is None:
        return
    leg = work.lock_root(Leg, at_the_door.leg_id)
    lacks = keys < at_the_door.keys or not set(at_the_door.things) <= set(things)
    if lacks and not explained:
        work.change(leg)
        leg.ask("less_than_at_door")
    elif leg.question == "less_than_at_door":
        work.change(leg)
        leg.question = None


def is_brought_back(work: Work, order: WorkOrder) -> bool:
    """Whether a driver gives the customer what is theirs, and not the advisor at the desk."""
    its = Leg.work_order_id == order.id, Leg.direction == "return", Leg.state.in_(LIVE)
    return work.first(select(Leg.id).where(*its)) is not None


def _check(work: Work, leg: Leg, told: RecordLegSheet) -> None:
    """The odometer is read where the car is taken over (Rule W2), and nothing goes back that was not received (Rule W24)."""
    if leg.direction == "pick_up":
        missing = [name for name in ("mileage", "fuel_eighths") if getattr(told, name) is None]
        if missing:
            raise Invalid.fields({name: ["required"] for name in missing})
    elif (received := keys_received(work, leg)) is not None:
        if told.keys > received:
            raise Invalid.field("keys", "more_than_received", most=received)
        theirs = papers_received(work, leg)
        if untrue := [name for name in PAPERS if getattr(told, name) and name not in theirs]:
            raise Invalid.fields({name: ["was_not_received"] for name in untrue})
    vehicle_id = vehicle_of(work, leg)
    known = None if vehicle_id is None else work.find(KnownVehicle, vehicle_id)
    if told.mileage is not None and known is not None:
        refuse_doubtful_of(work, known.vehicle, told.mileage, told.mileage_reason)


def _require_at_wheel(work: Work, leg: Leg) -> None:
    if leg.driver != work.actor:
        raise Refused("leg_of_another", name=leg.driver)


def _order_to_leave(work: Work, leg: Leg) -> WorkOrder | None:
    """Its order. Raises Refused for a return whose work nobody has accepted, or whose delivery was reversed on the way."""
    order = None if leg.work_order_id is None else work.lock_root(WorkOrder, leg.work_order_id)
    if order is not None and leg.direction == "return" and order.status not in LEAVES:
        raise Refused("car_not_delivered")
    return order


def _came(work: Work, leg: Leg) -> bool:
    """Whether there is nothing to fetch: the car has arrived, or an order is open for it."""
    if leg.direction == "return" or leg.fetches_for_order:
        return False
    if leg.work_order_id is not None and work.get(WorkOrder, leg.work_order_id).status is not Status.VOID:
        return True
    known = None if leg.appointment_id is None else work.find(FollowedAppointment, leg.appointment_id)
    return known is not None and known.status not in (*TO_COME, *OFF)


def _is_off(work: Work, leg: Leg) -> bool:
    if leg.appointment_id is None or fetched(work, leg.appointment_id) is None:
        return False
    status = work.get(FollowedAppointment, leg.appointment_id).status
    return status in OFF or (status in TO_COME and leg.appointment_at is None)


def _begin_custody(work: Work, order: WorkOrder, leg: Leg, kept: LegSheetDocument) -> None:
    assert leg.ended_at is not None, "it is done"
    if kept.keys > (order.keys_received or 0):
        work.change(order)
        order.keys_received = kept.keys
    custody.receive(work, order, kept.things, by=kept.driver, at=leg.ended_at)
