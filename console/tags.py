"""States as word, colour and shape: a word alone would have to be read, a colour alone not everybody sees."""

from collections.abc import Mapping
from dataclasses import dataclass

from console.speaking import word

SHAPES = {"ok": "✓", "running": "▶", "waiting": "‖", "late": "▲", "neutral": "●"}

TONES: Mapping[str, Mapping[str, str]] = {
    "status": {
        "open": "neutral",
        "dispatched": "neutral",
        "in_progress": "running",
        "on_hold": "waiting",
        "quality_check": "running",
        "ready": "ok",
        "delivered": "ok",
        "closed": "neutral",
        "void": "neutral",
    },
    "left_since": {"open": "waiting", "done": "ok", "dismissed": "neutral"},
    "link": {"open": "waiting", "used": "ok", **dict.fromkeys(("withdrawn", "replaced", "lapsed"), "neutral"), "expired": "late"},
    "visit_link": {"open": "ok", "withdrawn": "neutral", "replaced": "neutral", "expired": "neutral", "order_void": "neutral"},
    "visit_stage": {
        **dict.fromkeys(("looked_at", "in_repair", "at_specialist", "quality_check", "washing"), "running"),
        **dict.fromkeys(("waiting_for_answer", "waiting_for_parts", "waiting_for_manufacturer"), "waiting"),
        **dict.fromkeys(("ready", "handed_over"), "ok"),
        **dict.fromkeys(("received", "planned", "parts_here"), "neutral"),
    },
    "visit_line": {"asked": "waiting", "to_do": "neutral", "in_work": "running", "done": "ok", "declined": "neutral"},
    "visit_finding": {"amber": "waiting", "red": "late"},
    "line": {"draft": "neutral", "quoted": "waiting", "approved": "ok", "declined": "late", "taken_up": "neutral"},
    "appointment": {
        "requested": "waiting",
        "wait_listed": "waiting",
        "confirmed": "neutral",
        "arrived": "running",
        "fulfilled": "ok",
        "cancelled": "neutral",
        "no_show": "late",
    },
    "settlement": {"open": "waiting", "paid": "ok", "on_account": "waiting", "authorised": "ok", "reversed": "neutral"},
    "want": {
        "gate_pass": "running",
        "payment": "waiting",
        "authorisation": "waiting",
        "delivery": "neutral",
        "exit": "ok",
        "refund": "late",
    },
    "reversal": {"requested": "waiting", "confirmed": "neutral", "refused": "late"},
    "vin_warning": {"check_digit": "waiting"},
    "severity": {"severe": "late", "warning": "waiting"},
    "tag": {
        "booked": "ok",
        "comeback": "late",
        "near_warranty_end": "waiting",
        "complaint_customer": "late",
        "diagnosis": "neutral",
    },
    "rescue": {"reported": "late", "under_way": "running", "arrived": "ok", "closed": "neutral"},
    "loan": {"booked": "waiting", "handed_over": "running", "returned": "ok", "cancelled": "neutral"},
    "high_voltage": {
        "live": "late",
        "locked": "waiting",
        "measured": "waiting",
        "isolated": "ok",
        "energising": "late",
    },
    "isolation": {
        "locked": "waiting",
        "measured": "waiting",
        "isolated": "ok",
        "energising": "late",
        "energised": "neutral",
        "void": "neutral",
    },
    "wash": {"wanted": "neutral", "due": "waiting", "begun": "running", "done": "ok", "skipped": "neutral"},
    "record": {"due": "running", "taken": "ok", "refused": "late"},
    "observation": {"observed": "running", "due": "late", "came_back": "waiting", "ended": "neutral"},
    "delivery": {"booked": "waiting", "kept": "ok", "cancelled": "neutral"},
    "test_drive": {"fixed": "ok", "not_fixed": "late", "declined": "neutral"},
    "condition": {"in_order": "ok", "due_soon": "waiting", "overdue": "late", "failed": "late", "retired": "neutral"},
    "service_result": {"passed": "ok", "adjusted": "ok", "failed": "late"},
    "certificate": {"valid": "ok", "expiring": "waiting", "expired": "late", "withdrawn": "neutral", "renewed": "neutral"},
    "training": {"planned": "waiting", "passed": "ok", "failed": "late", "cancelled": "neutral"},
    "task_state": {"open": "waiting", "resolved": "ok"},
    "coverage": {"covered": "ok", "not_covered": "neutral", "undetermined": "waiting"},
    "finding": {"green": "ok", "amber": "waiting", "red": "late"},
    "priority": {"comeback": "late", "booked": "ok", "normal": "neutral"},
    "leg_state": {"planned": "waiting", "under_way": "running", "done": "ok", "failed": "late", "cancelled": "neutral"},
    "leg_question": {
        **dict.fromkeys(("appointment_moved", "appointment_off", "car_is_here", "driver_gone", "leg_failed"), "late"),
        **dict.fromkeys(("less_than_at_door", "visit_open"), "late"),
        **dict.fromkeys(("not_given_back", "car_to_return", "car_waits", "order_reopened", "customer_changed"), "late"),
    },
    "deposit": {"due": "late", "paid": "ok"},
    "parts_state": {"asked": "waiting", "reserved": "ok", "short": "late"},
    "outcome": {"satisfied": "ok", "problem": "late", "unreachable": "waiting"},
    "effect": {"done": "ok", "pending": "waiting", "unknown": "neutral"},
    "follow_up": {"scheduled": "waiting", "completed": "ok", "cancelled": "neutral"},
}
"""What a state feels like."""


@dataclass(frozen=True)
class Tag:
    """A state as it is shown."""

    tone: str
    word: str

    @property
    def shape(self) -> str:
        """The shape before the word."""
        return SHAPES[self.tone]


def tag(kind: str, value: str | None) -> Tag | None:
    """The tag of a state; none for no state."""
    return Tag(TONES.get(kind, {}).get(value, "neutral"), word(kind, value)) if value else None
