"""Setting the dealer's own rates and menu prices; issued estimates keep their prices."""

from chassis import Refused, Work
from chassis.wire.phones import phone_key
from contracts.workshop.pricing import RemoveMenuPrice, SetMenuPrice, SetWorkshopSettings
from services.workshop.pricing.operation import Operation
from services.workshop.pricing.settings import WorkshopSettings


def set_settings(work: Work, command: SetWorkshopSettings) -> WorkshopSettings:
    """Set labour rates and call threshold, all in the dealer's currency, the bays, and the limits of evidence and links."""
    if command.service_phone is not None:
        phone_key(command.service_phone, work.profile.country, field="service_phone")
    settings = work.edit_settings(WorkshopSettings)
    settings.set_rates(
        labour_rate=command.labour_rate,
        call_threshold=command.call_threshold,
        payer_rates=command.payer_rates,
        currency=work.profile.currency,
    )
    settings.name_bays(command.bays)
    settings.limit_evidence(command.photo_megabytes, command.video_seconds)
    settings.wash_timing = command.wash_timing
    settings.self_check, settings.team_check = command.self_check, command.team_check
    settings.high_voltage_skill = command.high_voltage_skill
    settings.isolation_wait_minutes = command.isolation_wait_minutes
    settings.battery_check_below = command.battery_check_below
    settings.visit_link_days, settings.service_phone = command.visit_link_days, command.service_phone
    return settings


def set_menu_price(work: Work, command: SetMenuPrice) -> WorkshopSettings:
    """Set the menu price of an operation that is in the catalogue."""
    if work.find(Operation, command.operation_code) is None:
        raise Refused("operation_unknown", operation_code=command.operation_code)
    settings = work.edit_settings(WorkshopSettings)
    settings.set_menu_price(command.operation_code, command.price)
    return settings


def remove_menu_price(work: Work, command: RemoveMenuPrice) -> WorkshopSettings:
    """Remove the menu price of an operation, if it has one."""
    settings = work.edit_settings(WorkshopSettings)
    settings.remove_menu_price(command.operation_code)
    return settings
