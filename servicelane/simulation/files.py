"""Customers' and cars' files: opened once at each dealer, and found again (C1)."""

from servicelane.simulation.house import House
from servicelane.simulation.people import Car


def open_files(house: House, car: Car) -> None:
    """Customer and car have files at the dealer."""
    if car.customer_id:
        return
    customer = house.agent.post("/customers", {"name": car.name, "phone": car.phone, "preferred_channel": "phone"})
    car.customer_id = customer["id"]
    house.saw("C1", house.refused("customer_on_file", house.agent, "/customers", {"name": car.name, "phone": car.phone}))
    file = {name: getattr(car, name) for name in ("customer_id", "vin", "plate", "make", "model", "mileage")}
    vehicle = house.agent.post("/vehicles", file)
    car.vehicle_id = vehicle["id"]
    house.saw("C1", vehicle["vin"] == car.vin)
    house.settle()
