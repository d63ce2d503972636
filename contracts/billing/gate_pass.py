"""The authority to leave with the car."""

from datetime import datetime

from chassis.wire import Answer, Command, Id, Money, Query
from contracts.billing.naming import NamedOrder
from contracts.shared import OwnNumber
from contracts.signing import Signature


class GatePass(Answer, NamedOrder):
    """The authority to leave (出门证), for one delivery of an order, used once. Whoever has `code` can leave with it.

    `paid` is what was paid when it was issued, `owed` what the car leaves without: on account within the customer's limit, by
    payers who stand for their share, or beyond an approved deposit. Whoever issued it signed it by being signed in.
    """

    id: Id
    version: int
    work_order_id: Id
    revision: int
    code: str
    issued_at: datetime
    issued_by: str
    paid: Money
    owed: Money
    used_at: datetime | None = None
    used_by: str | None = None
    revoked_at: datetime | None = None
    signature: Signature


class IssueGatePass(Command, service="billing", answer=GatePass):
    """Issue the gate pass.

    Let the car leave, once every share of the billed delivery is paid, on account, authorised or covered (Rule L5).
    """

    work_order_id: Id


class UseGatePass(Command, service="billing", answer=GatePass):
    """Let the car out through the gate.

    The pass works once (Rule L5).
    """

    code: OwnNumber


class GetGatePass(Query, service="billing", answer=GatePass):
    """The gate pass of the newest delivery.

    The order's newest billed delivery counts.
    """

    work_order_id: Id
