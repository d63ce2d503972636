"""What advisor and customer agree on: lines and payers, estimates, what is signed and what is declined (W4-W8, W25, B6)."""

from datetime import timedelta
from hashlib import sha256

from servicelane.simulation import electric, evidence
from servicelane.simulation.agenda import Story
from servicelane.simulation.house import Found
from servicelane.simulation.visit import Visit

WISHES = (
    ("plain", 5),
    ("on_the_phone", 1),
    ("by_link", 1),
    ("declines", 1),
    ("withdraws", 1),
    ("warranty", 1),
    ("shared", 1),
    ("insurer", 1),
    ("outside", 1),
    ("starter", 1),
)
PROMISES: tuple[tuple[Found, int], ...] = (({}, 4), ({"promise_reason": "客户急用，加派一人"}, 1))
"""Most are promised as it is worked out, some sooner, with a reason."""
TERMS = {"payment_method": "wechat_pay", "old_parts": "return_to_customer", "consents_to_other_damage": True}
WIPERS = {"part_number": "WIPER-24", "quantity": "2", "payer": "customer_pay"}
OIL = {
    "labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}],
    "parts": [
        {"part_number": "OIL-5W30", "quantity": "4.5", "payer": "customer_pay"},
        {"part_number": "FLT-OIL-1", "quantity": "1", "payer": "customer_pay"},
    ],
}
BRAKES = {
    "labour": [{"operation_code": "BRK-PAD-F", "payer": "customer_pay", "safety": True}],
    "parts": [{"part_number": "PAD-F-77", "quantity": "1", "payer": "customer_pay", "safety": True}],
}
WORK: tuple[tuple[Found, int], ...] = ((OIL, 1), (BRAKES, 1))
OF_THE_HOUSE = {"labour": [{"operation_code": "BRK-PAD-F"}]}
"""What was repaired and comes back is paid by the house: no payer is named."""


def agree(visit: Visit) -> Story:
    """The customer hears what is to be done at which price by when, and decides; what is approved is reserved."""
    house = visit.house
    wish = "plain" if visit.comes_again or visit.car.electric else house.draw("wish", WISHES)
    _write_down(visit, wish)
    yield house.later(6)
    _sign(visit, wish)
    house.settle()
    yield house.later(2)


def _write_down(visit: Visit, wish: str) -> None:
    house, advisor = visit.house, visit.house.advisor
    visit.wants_wash = not house.one_in(3, "no_wash")
    terms = {**TERMS, "free_wash": visit.wants_wash, **house.draw("promise", PROMISES)}
    if "promise_reason" in terms:
        terms["promised_at"] = (house.now + timedelta(minutes=20)).isoformat()
    if visit.comes_again:
        visit.do(advisor, "lines", OF_THE_HOUSE)
        _look_at_comeback(visit)
    elif wish == "warranty":
        _warranty(visit)
    elif wish in WRITTEN:
        visit.do(advisor, "lines", WRITTEN[wish])
        house.saw("W4", len({share for line in visit.order["lines"] for share in [line["kind"]]}) > 1)
    booked = visit.appointment is not None and bool(visit.appointment["operations"])
    if wish == "insurer":
        party = {"party": {"name": "平安保险"}, "claim_number": f"PA-{visit.order['number']}"}
        visit.order = advisor.put(f"{visit.path}/payers/insurer", party, of=visit.order)
        house.saw("L1", visit.order["payer_parties"])
    if booked:
        visit.do(advisor, "propose-booked-work", terms)
        house.saw("B6", visit.lines("labour", "quoted"))
    else:
        if not visit.comes_again:
            visit.do(advisor, "lines", electric.WORK if visit.car.electric else house.draw("work", WORK))
        visit.do(advisor, "estimates", terms)
    estimate = advisor.get(f"{visit.path}/estimate")
    house.saw("W5", estimate["model_known"] and estimate["labour"]["amount"] != "0.00")
    found = estimate["found"]
    house.saw("W6", estimate["promised_at"] and estimate["lines"] and found["hours"] and found["shifts"] != "none")


WRITTEN: dict[str, Found] = {
    "declines": {"parts": [WIPERS]},
    "withdraws": {"parts": [WIPERS]},
    "shared": {
        "labour": [
            {
                "operation_code": "BRK-DISC-F",
                "split": [{"payer": "customer_pay", "basis_points": 6667}, {"payer": "goodwill", "basis_points": 3333}],
            }
        ]
    },
    "insurer": {"labour": [{"operation_code": "BRK-PAD-F", "payer": "insurer"}]},
    "outside": {
        "sublet": [{"description": "轮毂修复", "price": {"amount": "300.00", "currency": "CNY"}, "payer": "customer_pay"}]
    },
    "starter": {"parts": [{"part_number": "STARTER-1", "quantity": "1", "payer": "customer_pay"}]},
}
"""What is written down beside what was booked, by what the customer wishes."""


def _look_at_comeback(visit: Visit) -> None:
    house, comeback = visit.house, visit.order["comeback"]
    house.saw("W2", comeback)
    house.saw("W29", comeback and comeback["repairs"][0]["warranted_until"])
    if comeback and house.one_in(4, "overrule"):
        visit.do(house.manager, "overrule-comeback", {"reason": "另一侧，与上次无关"})
        house.saw("W2", visit.order["comeback"]["overruled_by"])


def _warranty(visit: Visit) -> None:
    """Nothing is paid by warranty while nobody knows whether it is covered (W25)."""
    house, advisor = visit.house, visit.house.advisor
    visit.do(advisor, "jobs", {"job": 1, "reproduced": True, "coverage": "undetermined", "customer_told": True})
    house.saw("W25", visit.order["jobs"][0]["coverage"] == "undetermined")
    by_warranty = {"labour": [{"operation_code": "BRK-PAD-F", "payer": "warranty", "safety": True}]}
    house.saw("W25", house.refused("coverage_undetermined", advisor, f"{visit.path}/lines", by_warranty))
    visit.do(advisor, "jobs", {"job": 1, "coverage": "covered", "customer_told": True})
    visit.do(advisor, "lines", by_warranty)
    house.saw("W4", visit.lines("labour", "draft"))


def _sign_by_link(visit: Visit) -> None:
    """The customer is not here: they look at it on their phone, and decide there, once."""
    house, token = visit.house, f"{visit.house.random.getrandbits(256):064x}"
    asked = {"estimate_version": visit.order["estimate_version"], "token_hash": sha256(token.encode()).hexdigest()}
    evidence.photograph(visit, house.advisor, job=1)
    link = house.advisor.post(f"{visit.path}/signing-links", asked)
    customer = house.by_link(token)
    seen = customer.get("/linked")
    house.saw("W31", seen["pictures"])
    signature = {"means": "typed", "name": visit.car.name, "document_hash": seen["estimate"]["document_hash"]}
    decision = {"line_ids": seen["open_line_ids"], "signature": signature}
    receipt = customer.post("/linked/approve", decision)
    ledger = house.advisor.get(f"{visit.path}/authorisation-ledger")
    used = [one["id"] for one in ledger["links"] if one["ended"] == "used"]
    house.saw("W8", receipt["verified"] and used == [link["id"]] and ledger["items"][-1]["means"] == "link")
    house.saw("W8", house.refused("link_used", customer, "/linked/approve", decision))
    visit.look()


def _sign(visit: Visit, wish: str) -> None:
    if wish == "by_link":
        _sign_by_link(visit)
        return
    house, advisor = visit.house, visit.house.advisor
    means = "phone" if wish == "on_the_phone" else "drawn"
    decision = visit.signed("estimate", means)
    if wish == "declines":
        wipers = [line["line_id"] for line in visit.lines("part", "quoted") if line["part_number"] == "WIPER-24"]
        visit.do(advisor, "decline-lines", {"line_ids": wipers, "reason": "下次再换", "decision": decision})
        house.saw("W8", visit.lines("part", "declined"))
    version = visit.order["estimate_version"]
    visit.do(advisor, "approve-estimate", {"estimate_version": version, "decision": decision})
    entries = advisor.get(f"{visit.path}/authorisation-ledger")["items"]
    house.saw("W6", entries[-1]["signature"] and entries[-1]["signature"]["verified"])
    if wish == "withdraws":
        wipers = [line["line_id"] for line in visit.lines("part", "approved") if line["part_number"] == "WIPER-24"]
        house.settle()
        withdrawn = {"line_ids": wipers, "reason": "想想还是算了", "signature": visit.signed("estimate")}
        visit.do(advisor, "withdraw-approval", withdrawn)
        house.saw("W8", visit.lines("part", "declined"))
    if wish == "outside":
        line = visit.lines("sublet", "approved")[0]
        cheaper = {"price": {"amount": "280.00", "currency": "CNY"}, "reason": "外加工报价更低"}
        visit.do(advisor, f"lines/{line['line_id']}/correct-sublet-price", cheaper)
        house.saw("W4", visit.lines("sublet", "approved")[0]["amount"]["amount"] == "280.00")
