"""Papers that were filed wrongly, and what is filed of the same scan afterwards."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Create the table; a scan is filed again after it was withdrawn."""
    op.add_column("filed_paper", sa.Column("attempt", sa.BigInteger(), nullable=False, server_default="1"))
    with op.batch_alter_table("filed_paper") as paper:
        paper.drop_constraint("filed_paper_dealer_id_work_order_id_attachment_id_key", type_="unique")
        paper.create_unique_constraint("filed_paper_attempt_key", ["dealer_id", "work_order_id", "attachment_id", "attempt"])
    if op.get_bind().dialect.name == "sqlite":  # as in 0040
        forbid_changes(op, ("filed_paper",))  # type: ignore[arg-type]  # as in 0001
    op.create_table(
        "paper_withdrawal",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "id"],
            ["filed_paper.dealer_id", "filed_paper.id"],
            name=op.f("paper_withdrawal_dealer_id_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("paper_withdrawal_pkey")),
    )
    separate_dealers(op, ("paper_withdrawal",))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("paper_withdrawal",))  # type: ignore[arg-type]  # as in 0001
