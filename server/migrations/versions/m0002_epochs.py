"""Epochs of a school's history, and when a device was last in contact."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "epoch",
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school", "number"),
    )
    op.add_column(
        "refresh_token", sa.Column("made_at", sa.String(), nullable=False, server_default="")
    )


def downgrade() -> None:
    raise NotImplementedError("a safety ledger is never taken apart")
