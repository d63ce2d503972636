"""Equipment and tools: what is due or overdue, who has which tool; an entry with its services and loans, for a tablet."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request, url_for

from console.action import Action, signing
from console.desk import Desk
from console.form import Field, Several
from console.page import Screen, Shown
from console.speaking import t

ENTRY = "/equipment/{equipment_id}"
KINDS = ("lift", "machine", "gauge", "tool")
RESULTS = ("passed", "adjusted", "failed")
LENT_OUT = ("gauge", "tool")
FILTERS: Mapping[str, Mapping[str, str]] = {"all": {}, "due": {"due": "true"}, "out": {}, "retired": {"retired": "true"}}
MOST = 200

screen = Screen("equipment", place=86, area="workshop", whose=("POST", ENTRY + "/lend"))


def _same(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _to_entry(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("equipment.entry", dealer=ids["dealer"], equipment_id=answer["id"])


def _to_tool(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("equipment.entry", dealer=ids["dealer"], equipment_id=answer["equipment_id"])


@screen.page(
    "/equipment",
    Action(
        "register",
        "POST",
        "/equipment",
        (Field("code"), Field("kind"), Field("name"), Field("bay"), Several("units"), Field("due_on")),
        then=_to_entry,
    ),
    settles=("equipment_overdue",),
)
def shelf(desk: Desk) -> Shown:
    """The register: all of it, what is due, what was retired; or the tools that are out."""
    chosen = request.args.get("show", "all")
    chosen = chosen if chosen in FILTERS else "all"
    path = "/tool-loans" if chosen == "out" else "/equipment"
    registers = desk.may("POST", "/equipment")
    read = desk.together(
        found=lambda: desk.get(path, cursor=request.args.get("cursor"), limit=MOST, **FILTERS[chosen]),
        templates=lambda: desk.get("/inspection-templates", limit=MOST)["items"] if registers else [],
        settings=lambda: desk.get("/workshop-settings") if registers else {"bays": []},
    )
    values = {
        "found": read["found"],
        "chosen": chosen,
        "filters": list(FILTERS),
        "kinds": KINDS,
        "bays": _same(read["settings"]["bays"]),
        "units": _same(_units(read["templates"])),
    }
    return Shown("equipment.html", t("equipment.title"), values)


@screen.page(
    "/equipment/<equipment_id>",
    Action(
        "service",
        "POST",
        ENTRY + "/services",
        (Field("serviced_on"), Field("serviced_by"), Field("result"), Field("note"), Field("due_on")),
        guarded=False,
    ),
    Action("retire", "POST", ENTRY + "/retire", (Field("reason"),), guarded=False),
    Action(
        "lend",
        "POST",
        ENTRY + "/lend",
        (Field("borrower"), Field("work_order_id"), *signing("signature")),
        guarded=False,
        then=_to_tool,
    ),
    Action("take-back", "POST", "/tool-loans/{of}/return", (Field("note"),), guarded=False, then=_to_tool),
)
def entry(desk: Desk, equipment_id: str) -> Shown:
    """One of them: one read, and who may get it and for which orders, if it is a tool that is here."""
    found = desk.get(f"/equipment/{equipment_id}")
    item = found["item"]
    offered = (
        item["kind"] in LENT_OUT and item["condition"] != "retired" and not item["lent_to"] and desk.may("POST", ENTRY + "/lend")
    )
    read = desk.together(
        staff=lambda: desk.get("/staff", role="technician", limit=MOST)["items"] if offered else [],
        orders=lambda: desk.get("/work-orders", status=["dispatched", "in_progress"], limit=MOST)["items"] if offered else [],
    )
    values = {
        **found,
        "offered": offered,
        "borrowers": desk.choices(read["staff"]),
        "orders": [(one["id"], f"{one['plate']} {one['number']}") for one in read["orders"]],
        "results": RESULTS,
        "today": f"{desk.now.astimezone(desk.zone):%Y-%m-%d}",
    }
    return Shown("equipment_entry.html", f"{item['code']} {item['name']}", values)


def _units(templates: list[dict[str, Any]]) -> list[str]:
    """In which the group's inspections measure, isolations and batteries."""
    items = [item for one in templates for item in (*one["items"], *one["final_items"])]
    return sorted({item["unit"] for item in items if item["unit"] and item["gauged"]} | {"V", "% SOH"})


def gauges_of(gauges: Iterable[Mapping[str, Any]], unit: str) -> list[tuple[str, str]]:
    """Those that measure in the unit, as they are chosen; one that is overdue, or did not pass, says so."""
    return [
        (one["code"], f"{one['code']} {one['name']}" if _usable(one) else f"{one['code']} {t('inspection.overdue')}")
        for one in gauges
        if unit in one["units"]
    ]


def _usable(gauge: Mapping[str, Any]) -> bool:
    """As a car's checks say it, or the register."""
    return bool(gauge["usable"]) if "usable" in gauge else gauge["condition"] not in ("overdue", "failed")
