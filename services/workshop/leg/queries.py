"""Legs as they are asked for: the desk's plan, a driver's day, one leg (Rule B14); what is attached to orders and legs."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, union_all

from chassis import Work, colleagues, matching, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.roles import DRIVER
from contracts.shared import Colleague
from contracts.workshop import evidence as attached
from contracts.workshop import leg as contract
from contracts.workshop.evidence import GetAttachment, ListAttachments, UploadTerms
from contracts.workshop.leg import (
    GetLeg,
    GetLegPlan,
    GetMyLegs,
    LegPlan,
    Legs,
    LegWindow,
    ListLegs,
    MyLegs,
)
from contracts.workshop.leg_evidence import GetLegAttachment, GetLegUploadTerms
from contracts.workshop.leg_settings import GetLegSettings
from contracts.workshop.leg_settings import LegSettings as LegSettingsAnswer
from services.workshop.evidence import queries as evidence
from services.workshop.evidence.attachment import Attachment
from services.workshop.leg.asking import asked_about, by_leg, listed, questions
from services.workshop.leg.leg import LIVE, Leg
from services.workshop.leg.pictures import legs_of, of_order
from services.workshop.leg.picturing import PICTURED
from services.workshop.leg.planning import open_windows
from services.workshop.leg.settings import LegSettings
from services.workshop.leg.stranding import shown
from services.workshop.leg.telling import describe
from services.workshop.order.work_order import WorkOrder

SHOWN = 500
LATE = Leg.state.in_(LIVE), Leg.question.is_(None), Leg.escalated_at.is_not(None)


def get_leg(work: Work, query: GetLeg) -> contract.Leg:
    """Raises NotFound, also when it is another dealer's."""
    return describe(work, work.get(Leg, query.leg_id))


def list_legs(work: Work, query: ListLegs) -> Legs:
    """The newest first."""
    asked = matching((Leg.appointment_id, query.appointment_id), (Leg.work_order_id, query.work_order_id))
    rows, cursor = page(work, select(Leg).where(*asked), query, keys=[Leg.id])
    return Legs(items=listed(rows, asked_about(work, rows)), next_cursor=cursor)


def get_leg_plan(work: Work, query: GetLegPlan) -> LegPlan:
    """By one read of the days' legs, whatever came before."""
    first = query.from_day or work.profile.local(work.now).date()
    days = [first + timedelta(days=number) for number in range(query.days)]
    windows = open_windows(work, *days)
    of_days = select(Leg).where(*work.profile.within(Leg.begins_at, days[0], days[-1]))
    legs = work.all(of_days.order_by(Leg.begins_at, Leg.id).limit(SHOWN))
    asked = questions(work)
    return LegPlan(
        windows=[
            LegWindow(
                begins_at=one.begins_at,
                ends_at=one.ends_at,
                legs=one.legs,
                free=max(
                    0,
                    one.legs
                    - sum(leg.keeps_time and leg.begins_at < one.ends_at and leg.ends_at > one.begins_at for leg in legs),
                ),
            )
            for one in windows
        ],
        legs=listed([one for one in legs if one.state != "cancelled"], by_leg(asked)),
        questions=[one.in_plan() for one in asked],
        drivers=[Colleague(login=login, name=name) for login, name in sorted(colleagues(work, role=DRIVER).items())],
    )


def get_my_legs(work: Work, query: GetMyLegs) -> MyLegs:
    """Today's, or those of another day, and what is still open of earlier ones; what is over comes last."""
    today = work.profile.local(work.now).date()
    day = query.day or today
    mine = select(Leg).where(Leg.driver == work.actor, Leg.state != "cancelled")
    on_the_day = work.profile.within(Leg.begins_at, day, day)
    found = list(work.all(mine.where(*on_the_day).order_by(Leg.begins_at, Leg.id).limit(SHOWN)))
    if day == today:
        before = work.profile.within(Leg.begins_at, None, day - timedelta(days=1))
        still = mine.where(Leg.state.in_(LIVE), *before).order_by(Leg.begins_at, Leg.id).limit(SHOWN)
        found = [*work.all(still), *found]
    found.sort(key=lambda one: one.state not in LIVE)
    nobodys = select(Leg).where(Leg.driver.is_(None), Leg.state == "planned", *on_the_day)
    unassigned = work.all(nobodys.order_by(Leg.begins_at, Leg.id).limit(SHOWN))
    asked = asked_about(work, [*found, *unassigned])
    return MyLegs(day=day, legs=listed(found, asked), unassigned=listed(unassigned, asked))


def get_leg_settings(work: Work, query: GetLegSettings) -> LegSettingsAnswer:
    """Raises NotYetKnown until the dealer is known."""
    return shown(work, work.settings(LegSettings))


def get_leg_attachment(work: Work, query: GetLegAttachment) -> attached.Attachment:
    """Raises NotFound, also when it is another leg's or another dealer's."""
    return evidence.of_leg(work, query.leg_id, query.attachment_id).describe()


def get_leg_upload_terms(work: Work, query: GetLegUploadTerms) -> UploadTerms:
    """Raises NotFound for no leg."""
    return evidence.terms(work, is_open=work.get(Leg, query.leg_id).state in PICTURED)


def leg_concerns(work: Work) -> list[ConcernGroup]:
    """Legs that are late, and those that somebody must decide about, for the service manager's attention list."""
    late, count = oldest(work, Leg, *LATE, since=Leg.ends_at, most=MOST)
    asked = questions(work)
    return [
        ConcernGroup(
            kind="late_leg",
            count=count,
            items=[Concern(severity="severe", since=one.escalated_at or one.begins_at, **_about(one)) for one in late],
        ),
        ConcernGroup(
            kind="leg_question",
            count=len(asked),
            items=[
                Concern(severity="warning", since=one.since, detail=one.question, **{**_about(one.leg), "plate": one.plate})
                for one in asked[:MOST]
            ],
        ),
    ]


def _about(leg: Leg) -> dict[str, Any]:
    return {
        "appointment_id": leg.appointment_id,
        "work_order_id": leg.work_order_id,
        "plate": leg.plate,
        "customer_name": leg.customer["name"],
        "staff": leg.driver,
    }


def get_attachment(work: Work, query: GetAttachment) -> attached.Attachment:
    """What the gateway delivers content and thumbnail by, too."""
    return of_order(work, query.work_order_id, query.attachment_id).describe()


def list_attachments(work: Work, query: ListAttachments) -> attached.Attachments:
    """Those of one order."""
    work.get(WorkOrder, query.work_order_id)
    its: ColumnElement[bool] = Attachment.work_order_id == query.work_order_id
    legs = legs_of(work, query.work_order_id)
    if legs:  # each by its own index: with `or` a long history would be read
        both = select(Attachment.id).where(its), select(Attachment.id).where(Attachment.leg_id.in_(legs))
        its = Attachment.id.in_(union_all(*both))
    found = select(Attachment).where(its, *matching((Attachment.kind, query.kind)))
    rows, cursor = page(work, found, query, keys=[Attachment.id])
    return attached.Attachments(items=[row.describe() for row in rows], next_cursor=cursor)
