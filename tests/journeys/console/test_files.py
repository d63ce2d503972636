"""Files of customers and cars through the pages alone: corrected by whoever may, read by the others, doubted aloud."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.cars import vin
from tests.journeys.console.test_booking import known, phone
from tests.pages import Browser

DEALER = "sh-files"

Desk = Callable[..., Browser]

HERE = f"/d/{DEALER}"


def doubtful() -> str:
    """A chassis number whose check digit is wrong."""
    right = vin()
    return f"{right[:8]}{'1' if right[8] != '1' else '2'}{right[9:]}"


def test_a_customers_file_is_corrected_whole(at_desk: Desk, dealership: Dealership) -> None:
    """Rule C1: found by the search, each field with what it was; consents are added, with how we know."""
    customer, _ = known(dealership, phone())
    browser, number = at_desk("agent"), phone()
    page = browser.get(f"{HERE}/booking/{customer['id']}")
    assert f"{HERE}/customers/{customer['id']}" in page.links
    page = browser.get(f"{HERE}/customers/{customer['id']}")
    consent = {"purpose": "marketing", "channel": "wechat", "granted": "no", "source": "call"}
    page = browser.send(
        page,
        "correct",
        name="李雷雷",
        phone=number,
        email="li@example.org",
        preferred_channel="wechat",
        preferred_time="15:30",
        address="南京西路 1 号",
        tax_number="9131 0000",
        **{f"consents.0.{name}": value for name, value in consent.items()},
    )
    assert page.status == 200, page.text
    file = dealership.agent.get(f"/customers/{customer['id']}")
    assert (file["name"], file["phone"], file["email"]) == ("李雷雷", number, "li@example.org")
    assert (file["preferred_channel"], file["preferred_time"]) == ("wechat", "15:30:00")
    assert (file["address"], file["tax_number"]) == ("南京西路 1 号", "91310000")
    assert [(one["purpose"], one["channel"], one["granted"]) for one in file["consents"]] == [("marketing", "wechat", False)]
    assert "Not agreed" in page.text
    page = browser.send(page, "correct", email="")
    assert dealership.agent.get(f"/customers/{customer['id']}")["email"] is None, "what is emptied is gone"


def test_what_is_wrong_stands_at_its_field_and_an_overtaken_form_says_what_changed(at_desk: Desk, dealership: Dealership) -> None:
    """The typing is kept both times, and then it is taken."""
    customer, _ = known(dealership, phone())
    browser = at_desk("advisor", language="zh")
    page = browser.get(f"{HERE}/customers/{customer['id']}")
    page = browser.send(page, "correct", phone="138")
    assert page.status == 422
    assert 'id="correct-phone-error"' in page.source
    number = phone()
    dealership.agent.put(f"/customers/{customer['id']}", {"name": "韩梅梅", "phone": number}, of=customer)
    page = browser.send(page, "correct", phone=number, address="外滩")
    assert page.status == 412
    assert "韩梅梅" in page.source.partition("<table")[2].partition("</table>")[0], "what somebody else has changed"
    assert page.forms["correct"].fields["address"] == "外滩"
    assert browser.send(page, "correct").status == 200
    assert dealership.agent.get(f"/customers/{customer['id']}")["address"] == "外滩"


def test_a_cars_file_is_corrected_and_goes_to_another_owner(at_desk: Desk, dealership: Dealership) -> None:
    """Rule C1: the new owner is looked for without losing the typing; a lower mileage wants its reason."""
    _, car = known(dealership, phone())
    number = phone()
    other, _ = known(dealership, number)
    browser = at_desk("agent")
    page = browser.send(browser.get(f"{HERE}/search"), "finding", q=car["vin"])
    there = f"{HERE}/vehicles/{car['id']}"
    assert there in page.links
    page = browser.send(browser.get(there), "correct-car", mileage="32110")
    sheet = page.forms["correct-car"]
    typed = sheet.filled({"plate": "沪D·00001", "warranty_end": "2020-01-31", "sale_date": "2017-01-31", "find": number})
    typed.add("do", "owners")
    page = browser.post(sheet.action, typed)
    assert dealership.agent.get(f"/vehicles/{car['id']}")["plate"] == car["plate"], "looking changes nothing"
    page = browser.send(page, "correct-car", customer_id=other["id"], mileage="32000")
    assert page.status == 409
    page = browser.send(page, "correct-car", mileage_reason="new instrument cluster")
    assert page.status == 200, page.text
    file = dealership.agent.get(f"/vehicles/{car['id']}")
    assert (file["customer_id"], file["plate"], file["sale_date"]) == (other["id"], "沪D·00001", "2017-01-31")
    assert [one["mileage"] for one in file["mileage_history"]] == [32000, 32110]
    assert "over" in page.text, "a warranty that has ended is not told as if it went on"


def test_a_doubtful_vin_is_a_warning_wherever_the_file_is_read(at_desk: Desk, dealership: Dealership) -> None:
    """Rule C1, `warn`: it does not keep anybody from booking; corrected it is gone."""
    customer, _ = known(dealership, phone())
    browser = at_desk("agent")
    page = browser.get(f"{HERE}/booking/{customer['id']}")
    page = browser.send(page, "car", plate="沪E·00001", vin=doubtful(), make="Volkswagen", model="Passat")
    assert page.status == 200
    assert "Check digit wrong" in page.text
    car = page.path.rpartition("/")[2]
    for where in (f"/booking/{customer['id']}", f"/customers/{customer['id']}", f"/vehicles/{car}"):
        page = browser.get(HERE + where)
        assert "Check digit wrong" in page.text, where
    assert "Check digit wrong" not in browser.send(page, "correct-car", vin=vin()).text


def test_a_car_that_is_on_file_is_shown_to_whoever_registers_it_again(at_desk: Desk, dealership: Dealership) -> None:
    """The refusal leads to its file, where the owner is corrected."""
    _, car = known(dealership, phone())
    buyer, _ = known(dealership, phone())
    browser = at_desk("agent")
    page = browser.get(f"{HERE}/booking/{buyer['id']}")
    page = browser.send(page, "car", plate="沪F·00001", vin=car["vin"], make="Volkswagen", model="Passat")
    assert page.status == 409
    assert f"{HERE}/vehicles/{car['id']}" in page.links


def test_a_second_customer_of_one_name_and_phone_is_asked_about(at_desk: Desk, dealership: Dealership) -> None:
    """Rule C1: the page leads to the file that is there, and takes another one when that is confirmed."""
    number = phone()
    first, _ = known(dealership, number)
    browser = at_desk("agent")
    page = browser.get(f"{HERE}/booking")
    assert "confirm_second_file" not in page.forms["customer"].names
    page = browser.send(page, "customer", name="李雷", phone=number)
    assert page.status == 409
    assert f"{HERE}/customers/{first['id']}" in page.links
    page = browser.send(page, "customer", confirm_second_file="yes")
    assert page.path.startswith(f"{HERE}/booking/"), page.text
    assert first["id"] not in page.path
    assert len(dealership.agent.get("/customers", phone=number)["items"]) == 2


def test_who_may_not_correct_a_file_reads_it(at_desk: Desk, dealership: Dealership) -> None:
    """A technician sees the car and not whose it is; a cashier sees the customer."""
    customer, car = known(dealership, phone())
    page = at_desk("technician").get(f"{HERE}/vehicles/{car['id']}")
    assert car["vin"] in page.text
    assert customer["phone"] not in page.source
    assert "correct-car" not in page.forms
    page = at_desk("cashier").get(f"{HERE}/customers/{customer['id']}")
    assert customer["phone"] in page.text
    assert "correct" not in page.forms
    assert at_desk("technician").get(f"{HERE}/customers/{customer['id']}").status == 403


def test_an_order_and_an_appointment_lead_to_the_files(at_desk: Desk, car: Callable[[str], dict[str, Any]]) -> None:
    """Where somebody notices that a name or a number is wrong."""
    order, booked = car("opened"), car("booked")
    browser = at_desk("advisor")
    for address, of in ((f"/orders/{order['id']}", order), (f"/appointments/{booked['id']}", booked)):
        links = browser.get(HERE + address).links
        assert f"{HERE}/customers/{of['customer']['customer_id']}" in links
        assert f"{HERE}/vehicles/{of['vehicle']['vehicle_id']}" in links
