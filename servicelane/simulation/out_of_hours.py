"""Out of hours: a car breaks down at night, the 24 h line takes it, a tow brings it, the morning answers (B11)."""

from datetime import datetime, timedelta

from servicelane.simulation.agenda import Story
from servicelane.simulation.booking import a_free_time, begins_at
from servicelane.simulation.files import open_files
from servicelane.simulation.house import House
from servicelane.simulation.stories import comes
from servicelane.simulation.visit import Visit


def night(house: House) -> Story:
    """What is asked for in the evening is a request, to be answered in the morning: that time counts from the opening on."""
    yield max(house.now, house.at(20, 40))
    car = house.town.car()
    open_files(house, car)
    case = {
        "caller_name": car.name,
        "caller_phone": car.phone,
        "plate": car.plate,
        "location": "G60 沪昆高速 K42",
        "trouble": "无法启动",
    }
    rescue = house.agent.post("/rescues", case)
    house.saw("B11", rescue["state"] == "reported")
    free = a_free_time(house, "repair", house.today + timedelta(days=1))
    if free is None:
        return
    appointment = house.agent.post(
        "/appointments",
        {
            "customer_id": car.customer_id,
            "vehicle_id": car.vehicle_id,
            "channel": "hotline",
            "service_type": "repair",
            "complaint": car.complaint,
            "starts_at": free,
        },
    )
    answer_by = datetime.fromisoformat(appointment["answer_by"])
    house.saw("B11", appointment["status"] == "requested" and answer_by > house.at(6, day=1))
    towed = {"tow_firm": "沪上救援", "expected_at": house.at(7, 30, day=1).isoformat()}
    house.saw("B11", house.agent.post(f"/rescues/{rescue['id']}/tow", towed)["tow_firm"])
    yield house.at(8, 40, day=1)
    house.saw("B11", house.agent.post(f"/rescues/{rescue['id']}/arrive")["state"] == "arrived")
    confirmed = house.agent.post(f"/appointments/{appointment['id']}/confirm")
    house.saw("B11", confirmed["answered_at"] and confirmed["answered_at"] <= appointment["answer_by"])
    house.agenda.begin(begins_at(confirmed), comes(Visit(house, car, confirmed)))
