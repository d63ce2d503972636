"""The chassis: everything a service needs to be a service. It knows no service and imports nothing of ours.

This is the public face: a service imports from here, contracts import from `chassis.wire`. Inside stand eight packages, each on
those before it: wire (what travels), process, store (tables and tenancy), amqp, rpc, work (the unit of work and its outbox),
events (relay, inbox, parked messages), service (the registration table). Each names its promise in its docstring. Only the
chassis touches nameko's and kombu's internals.

Reading order: `store.model` and `work.unit_of_work` (what a use case sees), `service.registration` (how it is registered),
`events.subscriber` and `events.relay` (the promises of the bus).
"""

from chassis.process.limits import within
from chassis.process.settings import setting
from chassis.service.entrypoints import Service
from chassis.service.registration import command, errand, query, recall, subscribe, timer
from chassis.store.columns import DealerIdType, IdType, document
from chassis.store.documents import Document, stored
from chassis.store.model import (
    Aggregate,
    DealerOwned,
    DealerSettings,
    Entity,
    GroupAggregate,
    ModelBase,
    Projection,
    belongs_to,
    model_base,
)
from chassis.store.tenancy import DEALER
from chassis.wire.errors import Invalid, NotFound, NotYet, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.ids import derived_id, new_id
from chassis.wire.values import Hours, Money, Quantity, minor_digits
from chassis.work.dealers import keep_dealer
from chassis.work.paging import matching, oldest, page, sorted_page
from chassis.work.prefetch import Prefetch
from chassis.work.searching import has_person, has_piece, newest_of
from chassis.work.signing import SignatureDocument
from chassis.work.staff import colleagues, keep_staff, staff_roles
from chassis.work.timers import set_timer
from chassis.work.unit_of_work import Work

__all__ = [
    "DEALER",
    "Aggregate",
    "DealerIdType",
    "DealerOwned",
    "DealerSettings",
    "Document",
    "Entity",
    "GroupAggregate",
    "Hours",
    "IdType",
    "Invalid",
    "ModelBase",
    "Money",
    "NotFound",
    "NotYet",
    "NotYetKnown",
    "PreconditionFailed",
    "Prefetch",
    "Projection",
    "Quantity",
    "Refused",
    "Service",
    "SignatureDocument",
    "Work",
    "belongs_to",
    "colleagues",
    "command",
    "derived_id",
    "document",
    "errand",
    "has_person",
    "has_piece",
    "keep_dealer",
    "keep_staff",
    "matching",
    "minor_digits",
    "model_base",
    "new_id",
    "newest_of",
    "oldest",
    "page",
    "query",
    "recall",
    "set_timer",
    "setting",
    "sorted_page",
    "staff_roles",
    "stored",
    "subscribe",
    "timer",
    "within",
]
