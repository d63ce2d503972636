"""The cashier: deposits, payments, who stands for the rest, invoices, gate pass, closing (L1, L2, L4, L5, W16, W23, W32, P3)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import Found
from servicelane.simulation.visit import Visit

WAYS = (("wechat_pay", 4), ("in_parts", 1), ("deposit", 1), ("deposit_refunded", 1), ("on_account", 1), ("leaves_on_deposit", 1))


def put_down(visit: Visit) -> str:
    """How the customer will pay; some put money down before the work begins."""
    house = visit.house
    way: str = house.draw("pay", WAYS)
    if "deposit" in way:
        taken = {"payment_method": "card", "amount": _yuan("100.00"), "provider_reference": f"D-{visit.order['number']}"}
        deposit = house.cashier.post(f"{visit.path}/deposits", taken)
        house.saw("L4", deposit["kind"] == "deposit")
        if way == "deposit_refunded":
            half = {
                "payment_method": "card",
                "amount": _yuan("50.00"),
                "reason": "多收",
                "provider_reference": f"R-{visit.order['number']}",
            }
            refunded = house.manager.post(f"/payments/{deposit['id']}/refunds", half)
            house.saw("L4", refunded["amount"]["amount"] == "-50.00")
    return way


def pay(visit: Visit, way: str) -> Story:
    """Every share of the bill is paid, stood for, or owed with leave."""
    house = visit.house
    yield house.later(4)
    account = house.cashier.get(f"{visit.path}/account")
    for share in account["shares"]:
        if share["revision"] != account["revision"] or share["state"] != "open":
            continue
        if share["payer"] == "customer_pay":
            _customer_pays(visit, way, share)
        else:
            reference = f"{share['payer']}-{visit.order['number']}"
            stood = {"payer": share["payer"], "reference": reference, "authorised_by": "索赔员"}
            after = house.manager.post(f"{visit.path}/authorisations", stood)
            house.saw("L4", any(one["state"] == "authorised" for one in after["shares"]))
    _look_at_invoices(visit, account)


def _customer_pays(visit: Visit, way: str, share: Found) -> None:
    house, open_, number = visit.house, share["open"], visit.order["number"]
    path = f"{visit.path}/payments"
    if open_["amount"] == "0.00":
        return
    if way == "on_account":
        limit = {"limit": _yuan("50000.00"), "reason": "老客户"}
        house.manager.post(f"/customers/{visit.car.customer_id}/credit-limit", limit)
        owed = house.cashier.post(path, {"payment_method": "on_account", "amount": open_})
        house.saw("L4", owed["payment_method"] == "on_account")
    elif way == "leaves_on_deposit":
        after = house.manager.post(f"{visit.path}/deposit-approval", {"reason": "偶发故障，先开走观察"})
        house.saw("W16", after["settled"])
    elif way == "in_parts":
        cash = {"payment_method": "cash", "amount": _yuan("1.00")}
        house.saw("L4", house.cashier.post(path, cash)["payment_method"] == "cash")
        rest = house.cashier.get(f"{visit.path}/account")["shares"]
        left = next(one["open"] for one in rest if one["payer"] == "customer_pay" and one["state"] == "open")
        card = {"payment_method": "card", "amount": left, "provider_reference": f"C-{number}"}
        house.saw("L4", house.cashier.post(path, card)["amount"] == left)
    else:
        paid = {"payment_method": "wechat_pay", "amount": open_, "provider_reference": f"WX-{number}-{share['revision']}"}
        house.saw("L4", house.cashier.post(path, paid)["amount"] == open_)


def _look_at_invoices(visit: Visit, account: Found) -> None:
    house = visit.house
    invoices = house.cashier.get("/invoices", work_order_id=visit.order["id"])["items"]
    issued = [one for one in invoices if one["kind"] == "invoice" and one["revision"] == account["revision"]]
    house.saw("L1", issued and len({one["payer"] for one in issued}) == len(issued))
    house.saw("L2", issued and len({one["number"] for one in invoices}) == len(invoices))
    if issued != [] and house.one_in(5, "tax_number"):
        number = f"{house.dealer.upper()}{issued[0]['number'][-6:]}"
        attached = house.cashier.post(f"/invoices/{issued[0]['id']}/tax-number", {"tax_number": number})
        house.saw("L2", attached["tax_number"] == number)
    house.saw("P3", house.clerk.get(f"{visit.path}/deductions")["items"])


def leave(visit: Visit) -> Story:
    """The gate pass is issued and used; the order is closed, and its health record handed over."""
    house, vin = visit.house, visit.car.vin
    passed = house.cashier.post(f"{visit.path}/gate-pass")
    yield house.later(5)
    unknown = house.one_in(4, "unknown_car")
    if unknown:
        house.records.refuse[vin] = "车辆未备案"
    used = house.cashier.post("/gate-passes/use", {"code": passed["code"]})
    house.saw("L5", used["used_at"] and used["signature"]["verified"])
    house.settle()
    house.saw("W14", visit.look()["status"] == "closed")
    if house.one_in(3, "file"):
        found = house.advisor.get(f"{visit.path}/file")
        house.saw("W23", found["kept_until"] and all(one["verified"] is not False for one in found["documents"]))
    if unknown:
        _make_known(visit)
    house.saw("W32", f"{house.dealer}:{visit.order['id']}:{visit.order['revision']}" in house.records.records)


def _make_known(visit: Visit) -> None:
    """The receiver of health records does not know the car: once it does, what it refused is sent again by hand (W32)."""
    house = visit.house
    refused = house.advisor.get("/health-records", record_state="refused")["items"]
    [one] = [one for one in refused if one["work_order_id"] == visit.order["id"]]
    del house.records.refuse[visit.car.vin]
    again = house.advisor.post(f"/health-records/{one['record_id']}/resend")
    house.saw("W32", (one["reason"], again["record_state"]) == ("车辆未备案", "due"))
    house.settle()


def _yuan(amount: str) -> Found:
    return {"amount": amount, "currency": "CNY"}
