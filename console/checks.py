"""What is looked at before the customer is told that the car is ready: one list, on the order's page and on the hand-over's."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from console.action import Action
from console.form import Field, Yes

CHECKS = ("old_parts_present", "clean", "no_tools_left", "spare_tyre_and_tools_checked")


def checking() -> Action:
    """The whole list is said with one button; afterwards the car is handed over."""
    fields = (*(Yes(one) for one in CHECKS), Field("note"))
    return Action("check-out", "POST", "/work-orders/{work_order_id}/pre-delivery-check", fields, then=_to_handover)


def _to_handover(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("handover.settlement", dealer=ids["dealer"], work_order_id=ids["work_order_id"])
