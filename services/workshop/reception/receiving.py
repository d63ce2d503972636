"""Recording the walk-around, and having it signed (Rules W2 and W24)."""

from chassis import Invalid, Refused, SignatureDocument, Work
from contracts.workshop.custody import Thing
from contracts.workshop.damage import refuse_twice
from contracts.workshop.walk_around import Findings, RecordWalkAround, SignWalkAround
from services.workshop.leg.driving import compare, taken_over
from services.workshop.order import custody
from services.workshop.order.mileage import refuse_doubtful_of
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.reception.walk_around import WalkAround
from services.workshop.reception.walk_around_document import DamageFound, PropertyFound, WalkAroundDocument


def record(work: Work, command: RecordWalkAround) -> WalkAround:
    """Write down how the car is; what is not signed yet is replaced, what is signed gets its correction as the next version."""
    _check(command)
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.WALK_AROUND)
    latest = _latest(work, order)
    drafted = latest is not None and latest.signature is None
    if latest is None or drafted or command.mileage != latest.document.mileage:
        refuse_doubtful_of(work, order.vehicle_facts, command.mileage, command.mileage_reason)
    if latest is not None and drafted:
        work.change(latest)
    elif latest is not None and command.corrected_because is None:
        raise Invalid.field("corrected_because", "correction_needs_reason")
    else:
        order.walk_around_version += 1
    order.damaged = sorted({one.panel for one in command.damages})
    document = _document(work, order, command, corrects=order.walk_around_version > 1)
    if latest is not None and drafted:
        latest.document = document
        return latest
    version = WalkAround(
        id=WalkAround.identity(order.id, order.walk_around_version),
        visit_id=order.visit_id,
        work_order_id=order.id,
        document=document,
    )
    work.add(version)
    return version


def sign_walk_around(work: Work, command: SignWalkAround) -> WalkAround:
    """The customer signs what they were shown; keys and papers that were received are the advisor's to look after.

    A correction adds what was received after all, and withdraws what was not - but not what a driver signed for at the door.
    What the version before took over was received then, whoever has it by now.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.WALK_AROUND)
    found = _latest(work, order)
    if found is None:
        raise Refused("no_walk_around")
    work.change(found)
    kept = found.document
    signature = SignatureDocument.sign(work, command.signature, kept, field="signature", shown=kept.fingerprint)
    found.sign(signature, order.vehicle_id)
    order.opening_mileage = kept.mileage
    before, at_the_door = _signed_before(work, order), taken_over(work, order)
    counted = 0 if at_the_door is None else at_the_door.keys
    order.keys_received = max(kept.keys, counted if before else order.keys_received or 0)
    custody.receive(work, order, [thing for thing in kept.things if thing not in before])
    signed_for = set() if at_the_door is None else set(at_the_door.things)
    gone = [thing for thing in before if thing not in kept.things and thing not in signed_for]
    custody.withdraw(work, order, gone, reason=kept.corrected_because)
    compare(work, order, kept.keys, kept.things, explained=kept.corrected_because is not None)
    return found


def _signed_before(work: Work, order: WorkOrder) -> list[Thing]:
    """What the version that this one corrects took over."""
    earlier = order.walk_around_version - 1
    row = work.find(WalkAround, WalkAround.identity(order.id, earlier)) if earlier else None
    return [] if row is None else row.document.things


def _latest(work: Work, order: WorkOrder) -> WalkAround | None:
    return work.lock(WalkAround, WalkAround.identity(order.id, order.walk_around_version)) if order.walk_around_version else None


def _check(told: Findings) -> None:
    if (told.fuel_eighths is None) == (told.fuel_percent is None):
        raise Invalid.field("fuel_eighths", "eighths_or_percent")
    refuse_twice("damages", told.damages)
    for index, equipment in enumerate(told.equipment):
        if equipment in told.equipment[:index]:
            raise Invalid.field(f"equipment.{index}", "named_twice")
    left = [one.description.casefold() for one in told.property_left]
    for index, description in enumerate(left):
        if description in left[:index]:
            raise Invalid.field(f"property_left.{index}.description", "named_twice")


def _document(work: Work, order: WorkOrder, told: RecordWalkAround, *, corrects: bool) -> WalkAroundDocument:
    return WalkAroundDocument(
        work_order_id=order.id,
        order_number=order.number,
        plate=order.vehicle["plate"],
        vin=order.vehicle["vin"],
        customer_name=order.customer["name"],
        walk_around_version=order.walk_around_version,
        corrected_because=told.corrected_because if corrects else None,
        recorded_by=work.actor,
        recorded_at=work.now,
        mileage=told.mileage,
        mileage_reason=told.mileage_reason,
        fuel_eighths=told.fuel_eighths,
        fuel_percent=told.fuel_percent,
        damages=[DamageFound(panel=one.panel, damage=one.damage, note=one.note) for one in told.damages],
        equipment=told.equipment,
        property_left=[PropertyFound(description=one.description, count=one.count) for one in told.property_left],
        valuables_reminder=told.valuables_reminder,
        protective_covers=told.protective_covers,
        keys=told.keys,
        registration=told.registration,
        service_book=told.service_book,
        remarks=told.remarks,
    )
