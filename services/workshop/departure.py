"""The rows of the registration table that are about a car's way back to its customer, and what is kept of it."""

from chassis import command, errand, query, recall, subscribe, timer
from contracts.booking.calendar_events import CalendarSet
from contracts.workshop import completion as certificates
from contracts.workshop import delivery_time as times
from contracts.workshop import health_record as records
from contracts.workshop import observation as observations
from contracts.workshop import order_file as files
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.completion_events import CompletionCertified
from services.workshop.completion import queries as completion
from services.workshop.completion import recalling
from services.workshop.delivery_time import agreeing
from services.workshop.delivery_time import queries as delivery_time
from services.workshop.observation import observing
from services.workshop.observation import queries as observation
from services.workshop.order_file import closing, sending
from services.workshop.order_file import queries as order_file
from services.workshop.projections import recording
from services.workshop.shop_floor import completing, ending


class DepartureRows:
    """Part of `WorkshopService`."""

    record_opening_hours = subscribe(CalendarSet, ending.watching(recording.record_opening_hours))
    set_delivery_settings = command(times.SetDeliverySettings, agreeing.set_settings)
    get_delivery_settings = query(times.GetDeliverySettings, delivery_time.get_settings)
    book_delivery = command(times.BookDelivery, agreeing.book)
    move_delivery = command(times.MoveDelivery, agreeing.move)
    cancel_delivery = command(times.CancelDelivery, agreeing.cancel)
    get_delivery_plan = query(times.GetDeliveryPlan, delivery_time.get_plan)
    get_delivery_day = query(times.GetDeliveryDay, delivery_time.get_day)
    observe_fault = command(observations.ObserveFault, observing.observe)
    end_observation = command(observations.EndObservation, observing.end)
    list_observations = query(observations.ListObservations, observation.list_observations)
    ask_about_observation = timer(observing.ask)
    set_file_settings = command(files.SetFileSettings, closing.set_settings)
    get_file_settings = query(files.GetFileSettings, order_file.get_settings)
    file_paper = command(files.FilePaper, closing.file_paper)
    withdraw_paper = command(files.WithdrawPaper, closing.withdraw_paper)
    get_order_file = query(files.GetOrderFile, order_file.get_file)
    list_order_files = query(files.ListOrderFiles, order_file.list_files)
    list_open_files = query(files.ListOpenFiles, order_file.list_open_files)
    find_workshop_concerns = query(FindWorkshopConcerns, order_file.find_workshop_concerns)
    issue_completion_certificate = command(certificates.IssueCompletionCertificate, completing.issue)
    recall_certificate_number = recall(CompletionCertified, recalling.recall_number)
    get_completion_certificates = query(certificates.GetCompletionCertificates, completion.get_certificates)
    list_cars_to_certify = query(certificates.ListCarsToCertify, completion.list_cars)
    send_health_record = errand(sending.take, sending.send, sending.note)
    list_health_records = query(records.ListHealthRecords, order_file.list_records)
    resend_health_record = command(records.ResendHealthRecord, sending.resend)
