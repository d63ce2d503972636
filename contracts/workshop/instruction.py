"""The work instructions of an order's lines (作业指导书, Rule W27), each in the version with which its line was added."""

from typing import Annotated

from chassis.wire import Answer, Id, Part, Query, text, whole
from contracts.shared import OperationCode
from contracts.workshop.pricing import WorkInstruction


class LineInstruction(WorkInstruction, Part):
    """How the work of a line is done."""

    line_id: Id
    line_number: Annotated[int, whole(1)]
    operation_code: OperationCode
    description: Annotated[str, text(200)]
    instruction_version: Annotated[int, whole(1)]


class WorkInstructions(Answer):
    """The instructions of an order, by line; lines without one are left out."""

    items: list[LineInstruction]


class GetWorkInstructions(Query, service="workshop", answer=WorkInstructions):
    """Show an order's work instructions.

    Of each labour line whose operation had one when the line was added, in the version of then: a later one is for later lines.
    """

    work_order_id: Id
