"""The order: customer, car, jobs, lines and who pays them, what was agreed, and how the car goes back to its owner."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from flask import request, url_for

from console.action import Action, signing
from console.asking import UNDECIDED, asked_of, undecided
from console.checks import CHECKS, checking
from console.declined import AGAIN, DISMISS, before_options, declined_before, not_on
from console.desk import Desk
from console.form import Amount, Chosen, Counted, Field, File, Moment, Needed, Several, Whole, Yes
from console.page import Screen, Shown
from console.showing import called, moment, money, person
from console.speaking import t, word
from console.ways import ON_THE_FLOOR, ways_of
from console.whereabouts import all_here, by_line, where_parts_are

SHOWN = 12
"""So many attachments are shown with the order; a page of their own has all."""
ATTACHMENT_KINDS = ("walk_around", "finding", "old_part", "additional_work", "other")
TAKEN = "image/jpeg,image/png,image/webp,image/heic,video/mp4,video/quicktime,video/webm,application/pdf"
"""What a browser offers to choose; what a file is, the gateway finds out."""

MOST = 200
"""As many as a list of the gateway has at once."""

PAYERS = ("customer_pay", "warranty", "three_guarantees", "internal", "insurer", "goodwill")

ORDER = "/work-orders/{work_order_id}"


def attaching() -> Action:
    """A photo, video or paper of one kind, of an item of what is looked at."""
    fields = (Field("kind"), Field("item"), File("file"), Field("note"))
    return Action("attach", "POST", ORDER + "/attachments", fields, guarded=False)


DECISION = (*signing("decision"), Moment("decision.given_at"))
TERMS = (
    Moment("promised_at"),
    Field("promise_reason"),
    Field("payment_method"),
    Field("old_parts"),
    Yes("free_wash"),
    Yes("consents_to_other_damage"),
)
LINES = (
    Needed("labour.*.operation_code"),
    Counted("labour.*.hours"),
    Field("labour.*.description"),
    Field("labour.*.payer"),
    Whole("labour.*.job"),
    Yes("labour.*.safety"),
    Needed("parts.*.part_number"),
    Counted("parts.*.quantity"),
    Field("parts.*.payer"),
    Whole("parts.*.job"),
    Yes("parts.*.safety"),
    Needed("sublet.*.description"),
    Amount("sublet.*.price"),
    Field("sublet.*.payer"),
    Whole("sublet.*.job"),
)
PARTY = (Field("party.name"), Field("party.address"), Field("party.tax_number"), Field("claim_number"))

JOB = (
    Whole("job"),
    Field("complaint"),
    Field("cause"),
    Field("correction"),
    Chosen("reproduced"),
    Field("coverage"),
    Yes("customer_told"),
)

ACTIONS = (
    Action("job", "POST", ORDER + "/jobs", JOB),
    Action("lines", "POST", ORDER + "/lines", LINES),
    Action("booked", "POST", ORDER + "/propose-booked-work", (Field("payer"), *TERMS)),
    Action("estimate", "POST", ORDER + "/estimates", TERMS),
    Action("approve", "POST", ORDER + "/approve-estimate", (Whole("estimate_version"), *DECISION)),
    Action("decline", "POST", ORDER + "/decline-lines", (Several("line_ids"), Field("reason"), *DECISION)),
    Action("see", "POST", ORDER + "/see-answer", guarded=False),
    Action("withdraw", "POST", ORDER + "/withdraw-approval", (Several("line_ids"), Field("reason"), *signing("signature"))),
    Action("more", "POST", ORDER + "/propose-additional-work", (*LINES, Whole("extra_minutes"))),
    AGAIN,
    DISMISS,
    Action("approve-more", "POST", ORDER + "/approve-additional-work", (Whole("estimate_version"), *DECISION)),
    Action("under-consent", "POST", ORDER + "/approve-additional-work", (Whole("estimate_version"),)),
    Action(
        "attach",
        "POST",
        ORDER + "/attachments",
        (Field("kind"), File("file"), Field("line_id"), Field("note")),
        guarded=False,
    ),
    Action("name", "PUT", ORDER + "/payers/{of}", PARTY),
    Action("unname", "DELETE", ORDER + "/payers/{of}"),
    Action("hold", "POST", ORDER + "/hold", (Field("reason"),)),
    Action("resume", "POST", ORDER + "/resume"),
    Action("send-to-check", "POST", ORDER + "/request-quality-check"),
    Action("back", "POST", ORDER + "/return-to-work", (Field("reason"), Several("rework_line_ids"))),
    Action("ready", "POST", ORDER + "/ready"),
    checking(),
    Action("time", "POST", ORDER + "/wash/time", (Field("wash_timing"),), guarded=False),
    Action("reverse", "POST", ORDER + "/reverse-delivery", (Field("reason"),)),
    Action("void", "POST", ORDER + "/void", (Field("reason"),)),
    Action("overrule", "POST", ORDER + "/overrule-comeback", (Field("reason"),)),
)

NEXT: Mapping[str, tuple[str, ...]] = {
    "open": ("lines", "booked", "estimate", "approve", "more", "withdraw", "void"),
    "dispatched": ("more", "approve-more", "hold", "send-to-check", "withdraw", "void"),
    "in_progress": ("more", "approve-more", "hold", "send-to-check", "withdraw", "void"),
    "on_hold": ("resume", "more", "approve-more", "withdraw", "void"),
    "quality_check": ("back", "ready"),
    "ready": ("back",),
    "delivered": ("reverse",),
}
"""What makes sense to offer in a state; whether it is right, the gateway says."""

EFFECTS: Mapping[str, str] = {
    "invoices": "billing.invoice.issued",
    "deduction": "parts.deduction.deducted",
    "follow_up": "crm.follow_up.scheduled",
}
"""What other services make of a delivery (Rule W13), and the fact by which one knows that they have."""

screen = Screen("order", under="orders")


def to_order(answer: Any, ids: Mapping[str, str]) -> str:
    """Where an order is shown."""
    return url_for("order.order", dealer=ids["dealer"], work_order_id=ids["work_order_id"])


@screen.page("/orders/<work_order_id>", *ACTIONS, finds="work_order")
def order(desk: Desk, work_order_id: str) -> Shown:
    """One order, whole."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        ledger=lambda: desk.get(f"{path}/authorisation-ledger"),
        timeline=lambda: desk.get(f"{path}/timeline"),
        estimate=lambda: desk.find(f"{path}/estimate"),
        wash=lambda: desk.find(f"{path}/wash"),
        evidence=lambda: desk.get(f"{path}/attachments", limit=SHOWN),
        slips=lambda: desk.get(f"{path}/slips", limit=MOST)["items"] if desk.may("GET", ORDER + "/slips") else [],
    )
    one = read["order"]
    asked = asked_of(desk, one, read["estimate"])
    steps = steps_of(one, asked["kind"] if asked else "")
    more = desk.together(
        account=lambda: desk.find(f"{path}/account") if one["revision"] and desk.may("GET", ORDER + "/account") else None,
        operations=lambda: desk.get("/operations", limit=MOST)["items"] if {"lines", "more"} & {*steps} else [],
        parts=lambda: where_parts_are(desk, one),
        before=lambda: declined_before(desk, one["vehicle"]["vehicle_id"]) if one["status"] in UNDECIDED else [],
    )
    values = {
        **read,
        **more,
        "parts_of": by_line(more["parts"]),
        "held": {"hold_reason": one["hold_reason"], "parts_here": all_here(more["parts"])},
        "before": not_on(one, more["before"]),
        "asked": asked,
        "undecided": undecided(one, asked) if asked else None,
        "effects": effects_of(one, read["timeline"]),
        "steps": steps,
        "payers": PAYERS,
        "kinds": ATTACHMENT_KINDS,
        "taken": TAKEN,
        "lines_by_job": _by_job(one),
        "line_options": line_options,
        "line_choices": before_options,
        "numbers": _numbers(one["jobs"]),
        "named_payers": _named_payers,
        "ways": ways_of(desk, one),
        "checks": CHECKS,
        "may_see_account": desk.may("GET", ORDER + "/account"),
        "may_bring": desk.may("POST", "/legs"),
    }
    return Shown("order.html", one["number"], values, version=str(one["version"]), facts=facts_of(one))


@screen.page("/orders/<work_order_id>/attachments")
def attachments(desk: Desk, work_order_id: str) -> Shown:
    """All photos, videos and papers of an order, a page at a time."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        evidence=lambda: desk.get(f"{path}/attachments", cursor=request.args.get("cursor"), limit=4 * SHOWN),
    )
    return Shown("attachments.html", t("order.evidence"), read)


EffectState = Literal["done", "pending", "unknown"]


def effects_of(one: Mapping[str, Any], timeline: Mapping[str, Any]) -> list[tuple[str, EffectState]]:
    """What a delivered order has caused by now; of a service that does not answer nothing is known."""
    if one["status"] not in ("delivered", "closed"):
        return []
    there = {event["type"] for event in timeline["events"] if event["facts"].get("revision") == one["revision"]}
    return [
        (name, "done" if kind in there else "unknown" if kind.partition(".")[0] in timeline["missing"] else "pending")
        for name, kind in EFFECTS.items()
    ]


@screen.page("/orders/<work_order_id>/decisions")
def decisions(desk: Desk, work_order_id: str) -> Shown:
    """What the customer decided, each decision as it was signed; to be printed."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(order=lambda: desk.get(path), ledger=lambda: desk.get(f"{path}/authorisation-ledger"))
    return Shown("decisions.html", t("order.decisions", number=read["order"]["number"]), read)


def steps_of(one: dict[str, Any], kind: str) -> tuple[str, ...]:
    """The actions that make sense now, the likeliest first: what was quoted, in an estimate of that kind, is decided before
    anything else."""
    steps = NEXT.get(one["status"], ())
    if one["priority"] == "comeback" and one["status"] in ON_THE_FLOOR:
        steps = (*steps, "overrule")
    decides = one["status"] in UNDECIDED
    quoted = [line for line in one["lines"] if decides and line["state"] == "quoted"]
    drafts = [line for line in one["lines"] if decides and line["state"] == "draft"]
    approved = [line for line in one["lines"] if line["state"] == "approved"]
    if not [line for line in approved if not line["done_at"]]:
        steps = tuple(step for step in steps if step != "withdraw")
    if quoted:
        first = "approve-more" if kind == "additional_work" else "approve"
        spared = ("under-consent",) if first == "approve-more" and one["standing_consent"] else ()
        return (first, *spared, "decline", *(step for step in steps if step not in ("approve", "approve-more", "booked")))
    if approved and one["status"] == "open":
        steps = tuple(step for step in steps if step not in ("lines", "booked"))
    steps = tuple(step for step in steps if step not in ("approve", "approve-more", *(("estimate",) if not drafts else ())))
    return ("estimate", *(step for step in steps if step != "estimate")) if drafts else steps


def facts_of(one: dict[str, Any]) -> dict[str, str]:
    """What a reader saw of it: told as changed when somebody else changes it meanwhile."""
    lines = {
        t("order.fact.line", number=line["number"], what=called(line)): " ".join(
            filter(None, (word("line", line["state"]), line["amount"] and money(line["amount"]), *_payers_of(line)))
        )
        for line in one["lines"]
    }
    return {
        t("order.fact.status"): word("status", one["status"]),
        t("order.fact.estimate"): str(one["estimate_version"]),
        t("order.fact.technician"): person(one["technician"]),
        t("order.fact.bay"): one["bay"] or "",
        t("order.fact.promised"): moment(one["promised_at"]),
        t("order.fact.total"): money(one["total"]),
        **lines,
    }


def _payers_of(line: dict[str, Any]) -> list[str]:
    """Who pays a line, and how much where several do."""
    shares = line["shares"]
    return [word("payer", one["payer"]) + (f" {money(one['amount'])}" if len(shares) > 1 else "") for one in shares]


def _by_job(one: dict[str, Any]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The jobs, each with its lines."""
    return [(job, [line for line in one["lines"] if line["job"] == job["number"]]) for job in one["jobs"]]


def line_options(lines: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["line_id"], f"{line['number']} · {called(line)}") for line in lines]


def _numbers(jobs: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(job["number"]), str(job["number"])) for job in jobs]


def _named_payers(one: dict[str, Any]) -> list[str]:
    """The payers behind whom somebody stands who is not the customer, and who are not named yet."""
    paying = {share["payer"] for line in one["lines"] for share in line["shares"]}
    named = {party["payer"] for party in one["payer_parties"]}
    return [payer for payer in PAYERS if payer in paying - named - {"customer_pay"}]
