"""The rows of the registration table that are about electric cars: their high-voltage systems and batteries."""

from chassis import command, query
from contracts.workshop import battery, isolation
from services.workshop.order import measuring
from services.workshop.order import queries as order
from services.workshop.shop_floor import isolating
from services.workshop.shop_floor import queries as shop_floor


class ElectricRows:
    """Part of `WorkshopService`."""

    lock_off = command(isolation.LockOff, isolating.lock_off)
    measure_isolation = command(isolation.MeasureIsolation, isolating.measure)
    confirm_isolation = command(isolation.ConfirmIsolation, isolating.confirm)
    energise = command(isolation.Energise, isolating.energise)
    confirm_energising = command(isolation.ConfirmEnergising, isolating.confirm_energising)
    void_isolation = command(isolation.VoidIsolation, isolating.void)
    measure_battery = command(battery.MeasureBattery, measuring.measure)
    get_battery = query(battery.GetBattery, order.get_battery)
    get_isolations = query(isolation.GetIsolations, shop_floor.get_isolations)
