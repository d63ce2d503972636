"""Recalling vehicles' files that were told, once the database was restored from a backup (Rule C1)."""

from chassis import Work
from contracts.crm.events import VehicleRecorded
from contracts.crm.vehicle import VehicleDetails
from services.crm.customer.recalling import told_again
from services.crm.settings.crm_settings import CrmSettings
from services.crm.vehicle.vehicle import Vehicle


def recall_file(work: Work, event: VehicleRecorded) -> None:
    """The file says again what all were told. When it was sold and is insured was told to nobody: that is as in the backup."""
    told = event.vehicle
    vehicle = told_again(work, Vehicle, told.vehicle_id)
    details = VehicleDetails(
        customer_id=event.customer_id,
        vin=told.vin,
        plate=told.plate,
        make=told.make,
        model=told.model,
        sale_date=vehicle.sale_date,
        warranty_end=event.warranty_end,
        insurance_end=vehicle.insurance_end,
        mileage=event.mileage,
    )
    today = work.profile.local(work.happened_at).date()
    vehicle.record(details, vin_check=work.settings(CrmSettings).vin_check, at=event.mileage_at or work.happened_at, today=today)
