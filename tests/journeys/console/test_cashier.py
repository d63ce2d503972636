"""The cashier's queue to the gate: what is paid by whom, what is refused, the gate pass, invoices, refunds and approvals."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.pages import Browser, Page

DEALER = "sh-cashier"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def where(order: dict[str, Any], more: str = "") -> str:
    return f"/d/{DEALER}/cashier/orders/{order['id']}{more}"


@pytest.fixture
def delivered(car: Car, dealership: Dealership) -> Callable[[], dict[str, Any]]:
    """A car that was handed over, and its invoices issued."""

    def brought() -> dict[str, Any]:
        order = car("delivered")
        path = f"/work-orders/{order['id']}/account"
        awaited(lambda: dealership.cashier.get(path)["revision"] == 1 or None, "the account to be billed")
        return order

    return brought


def account_of(dealership: Dealership, order: dict[str, Any]) -> Any:
    return dealership.cashier.get(f"/work-orders/{order['id']}/account")


def authorise(at_desk: Desk, order: dict[str, Any]) -> Page:
    browser = at_desk("manager")
    return browser.send(browser.get(where(order)), "authorise-warranty", reference="VW-0815", authorised_by="VW warranty desk")


def test_from_the_queue_to_the_gate(at_desk: Desk, delivered: Any, dealership: Dealership) -> None:
    """Paid in two parts by two methods, the other payer's share authorised by the manager, the pass issued and used."""
    order = delivered()
    browser = at_desk("cashier")
    page = browser.get(f"/d/{DEALER}/cashier")
    assert where(order) in page.links
    page = browser.get(where(order))
    assert "the service manager records who stands for it" in page.text
    assert "authorise-warranty" not in page.forms, "the cashier may not"
    share = account_of(dealership, order)["shares"][0]
    assert page.forms["pay-customer_pay"].fields["amount"] == share["open"]["amount"]

    page = browser.send(page, "pay-customer_pay", payment_method="cash", amount="100.00")
    assert "Done: Take the payment" in page.text
    page = browser.send(page, "pay-customer_pay", payment_method="card", provider_reference=f"POS-{order['id']}")
    assert "pay-customer_pay" not in page.forms, "nothing is left of the customer's share"
    assert "pass" not in page.forms, "the other payer's share is open"

    manager = authorise(at_desk, order)
    assert "Done: Record the authorisation" in manager.text
    page = browser.send(browser.get(where(order)), "pass")
    account = account_of(dealership, order)
    assert [one["state"] for one in account["shares"]] == ["paid", "authorised"]
    issued = dealership.cashier.get(f"/work-orders/{order['id']}/gate-pass")
    assert issued["code"] in page.text
    printed = browser.get(where(order, "/gate-pass")).text
    assert issued["code"] in printed
    assert (issued["signature"]["means"], issued["signature"]["verified"]) == ("account", True)
    assert issued["signature"]["document_hash"] in printed
    page = browser.send(page, "use")
    assert "The car left" in page.text
    assert account_of(dealership, order)["left_at"]
    assert where(order) not in browser.get(f"/d/{DEALER}/cashier").links


def test_a_payment_that_is_refused_keeps_what_was_typed(at_desk: Desk, delivered: Any, dealership: Dealership) -> None:
    """Without the reference that the method demands, and above what is owed: a sentence, at its field where there is one."""
    order = delivered()
    for language, sentence in (("en", "provider"), ("zh", "微信支付")):
        browser = at_desk("cashier", language=language)
        page = browser.send(browser.get(where(order)), "pay-customer_pay", payment_method="wechat_pay", amount="12.50")
        assert page.status == 422
        assert 'id="pay-customer_pay-provider_reference-error"' in page.source
        assert page.forms["pay-customer_pay"].fields["amount"] == "12.50"
        assert page.source.count("autofocus") == 1
        assert sentence in page.text
    page = browser.send(page, "pay-customer_pay", payment_method="cash", amount="99999.00")
    assert page.status == 409, page.text
    assert page.forms["pay-customer_pay"].fields["amount"] == "99999.00"
    assert account_of(dealership, order)["shares"][0]["paid"]["amount"] == "0.00"


def test_a_payment_sent_twice_is_taken_once(at_desk: Desk, delivered: Any, dealership: Dealership) -> None:
    """A double click, a reload of what was sent."""
    order = delivered()
    browser = at_desk("cashier")
    sheet = browser.get(where(order)).forms["pay-customer_pay"]
    typed = sheet.filled({"payment_method": "cash", "amount": "20.00"})
    for _ in range(2):
        assert browser.post(sheet.action, typed).status == 200
    assert account_of(dealership, order)["shares"][0]["paid"]["amount"] == "20.00"


def test_a_deposit_before_the_delivery(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Found by the order's number, though nobody waits for anything yet."""
    order = car("opened")
    browser = at_desk("cashier")
    page = browser.get(f"/d/{DEALER}/cashier?number={order['number']}")
    assert where(order) in page.links
    page = browser.get(where(order))
    assert "The customer pays when the car is delivered." in page.text
    assert 'id="fold-deposit"' not in page.source, "the one thing that can be done is not folded away"
    page = browser.send(page, "deposit", payment_method="cash", amount="300.00")
    assert "Done: Take a deposit" in page.text
    assert account_of(dealership, order)["deposit"]["amount"] == "300.00"
    assert "¥300.00" in page.text.replace("CN", "")


def test_a_misplaced_comma_is_refused_and_never_a_hundred_times_the_amount(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """12,50 may be meant as 12.50: nothing is taken, and what was typed stays."""
    order = car("opened")
    browser = at_desk("cashier")
    page = browser.send(browser.get(where(order)), "deposit", payment_method="cash", amount="12,50")
    assert page.status == 422
    assert page.forms["deposit"].fields["amount"] == "12,50"
    assert dealership.cashier.get("/payments", work_order_id=order["id"])["items"] == []


@pytest.mark.parametrize(("who", "leads"), [("cashier", True), ("manager", True), ("foreman", False)])
def test_the_money_is_a_click_from_what_the_search_finds(at_desk: Desk, car: Car, who: str, leads: bool) -> None:
    """From an order to its account and from an appointment to its deposits, for whom it concerns; nobody else is sent there."""
    order, appointment = car("opened"), car("booked")
    browser = at_desk(who)
    assert (where(order) in browser.get(f"/d/{DEALER}/orders/{order['id']}").links) is leads
    deposits = f"/d/{DEALER}/cashier/appointments/{appointment['id']}"
    assert (deposits in browser.get(f"/d/{DEALER}/appointments/{appointment['id']}").links) is leads


def test_a_refund_is_the_managers(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The deposit of an order is given back, with a reason; the cashier is not offered it, and refused."""
    order = car("opened")
    cashier = at_desk("cashier")
    page = cashier.send(cashier.get(where(order)), "deposit", payment_method="cash", amount="300.00")
    [deposit] = dealership.cashier.get("/payments", work_order_id=order["id"])["items"]
    assert f"refund-{deposit['id']}" not in page.forms
    forged = {"do": "refund", "of": deposit["id"], "payment_method": "cash", "amount": "300.00", "reason": "mine"}
    assert cashier.post(where(order), forged).status == 403
    manager = at_desk("manager")
    page = manager.send(manager.get(where(order)), f"refund-{deposit['id']}", amount="120.00", reason="order became smaller")
    assert "Done: Refund" in page.text
    assert account_of(dealership, order)["deposit"]["amount"] == "180.00"
    assert "order became smaller" in page.text


def test_a_deposit_for_a_booking_comes_back_if_nothing_came_of_it(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Taken before there is an order; in the queue once the booking is cancelled; given back by the manager."""
    appointment = car("booked")
    here = f"/d/{DEALER}/cashier/appointments/{appointment['id']}"
    cashier, manager = at_desk("cashier"), at_desk("manager")
    page = cashier.send(cashier.get(here), "deposit", payment_method="cash", amount="80.00")
    assert "Done: Take a deposit" in page.text
    [deposit] = dealership.cashier.get("/payments", appointment_id=appointment["id"])["items"]
    path = f"/appointments/{appointment['id']}"
    dealership.agent.post(f"{path}/cancel", {"reason": "ill"}, of=dealership.agent.get(path))
    awaited(lambda: here in manager.get(f"/d/{DEALER}/cashier?show=refund").links or None, "the deposit to be given back")
    page = manager.send(manager.get(here), f"refund-{deposit['id']}", reason="never came")
    assert "Done: Refund" in page.text
    assert here not in manager.get(f"/d/{DEALER}/cashier").links


def test_on_account_needs_a_limit_that_the_manager_approves(at_desk: Desk, delivered: Any, dealership: Dealership) -> None:
    """Refused without one; then owed, not paid, and the car may leave."""
    order = delivered()
    cashier, manager = at_desk("cashier"), at_desk("manager")
    page = cashier.send(cashier.get(where(order)), "pay-customer_pay", payment_method="on_account")
    assert page.status == 409
    approved = manager.send(
        manager.get(where(order)), f"limit-{order['customer']['customer_id']}", limit="50000.00", reason="fleet customer"
    )
    assert "Done: Approve a credit limit" in approved.text
    page = cashier.send(cashier.get(where(order)), "pay-customer_pay", payment_method="on_account")
    assert page.status == 200, page.text
    authorise(at_desk, order)
    page = cashier.send(cashier.get(where(order)), "pass")
    assert page.status == 200
    assert [one["state"] for one in account_of(dealership, order)["shares"]] == ["on_account", "authorised"]


def test_the_gate_takes_a_code_once(at_desk: Desk, delivered: Any, dealership: Dealership) -> None:
    """From the queue's page; a code that nobody was given is refused in words, and stays to be looked at."""
    order = delivered()
    browser = at_desk("cashier")
    share = account_of(dealership, order)["shares"][0]
    browser.send(browser.get(where(order)), "pay-customer_pay", payment_method="cash", amount=share["open"]["amount"])
    authorise(at_desk, order)
    browser.send(browser.get(where(order)), "pass")
    code = dealership.cashier.get(f"/work-orders/{order['id']}/gate-pass")["code"]
    page = browser.send(browser.get(f"/d/{DEALER}/cashier"), "use", code="NOBODYS")
    assert (page.status, page.forms["use"].fields["code"]) == (422, "NOBODYS")
    assert "No gate pass of this dealer has this code." in page.text
    page = browser.send(browser.get(f"/d/{DEALER}/cashier"), "use", code=code.lower())
    assert "Done: Let the car out" in page.text
    assert order["vehicle"]["plate"] in page.text, "whose pass it was"
    assert page.path == where(order)
    page = browser.send(browser.get(f"/d/{DEALER}/cashier"), "use", code=code)
    assert page.status == 409
    assert page.forms["use"].fields["code"] == code
    assert "once" in page.text or "used" in page.text


def test_an_invoice_is_looked_at_and_gets_its_tax_number(at_desk: Desk, delivered: Any, dealership: Dealership) -> None:
    """Every line and amount as they were issued."""
    order = delivered()
    browser = at_desk("cashier", language="zh")
    entries = dealership.cashier.get("/invoices", work_order_id=order["id"])["items"]
    page = browser.get(where(order))
    for entry in entries:
        invoice = dealership.cashier.get(f"/invoices/{entry['id']}")
        address = f"/d/{DEALER}/invoices/{entry['id']}"
        assert address in page.links
        shown = browser.get(address)
        assert invoice["number"] in shown.text
        for line in invoice["lines"]:
            assert line["description"] in shown.text
        assert "data-print" in shown.source
    number = f"2631{order['number'][-6:].replace('-', '0'):0>16}"
    shown = browser.send(shown, "tax-number", tax_number=number)
    assert shown.status == 200, shown.text
    assert dealership.cashier.get(f"/invoices/{entry['id']}")["tax_number"] in shown.text


@pytest.mark.parametrize("who", ["technician", "clerk"])
def test_money_is_not_everybodys(at_desk: Desk, car: Car, who: str) -> None:
    """Who has nothing to do with it does not find it, and is refused at its addresses."""
    order = car("opened")
    browser = at_desk(who)
    page = browser.get(f"/d/{DEALER}/cashier")
    assert page.status == 403
    assert f"/d/{DEALER}/cashier" not in page.links
    assert browser.get(where(order)).status == 403


def test_an_advisor_looks_and_touches_nothing(at_desk: Desk, delivered: Any) -> None:
    """The account is shown; no payment is offered, and a forged one is refused."""
    order = delivered()
    browser = at_desk("advisor")
    page = browser.get(where(order))
    assert page.status == 200
    assert not [one for one in page.forms if one.startswith(("pay", "pass", "refund", "authorise", "limit"))]
    assert (
        browser.post(where(order), {"do": "pay", "payer": "customer_pay", "payment_method": "cash", "amount": "1"}).status == 403
    )
