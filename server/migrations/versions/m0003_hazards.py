"""Hazards, their numbers, and which entries name a photo."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_photo",
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school", "hash", "entry"),
    )
    op.create_table(
        "hazard_number",
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school", "year"),
    )
    words = ("school", "id", "subject", "number", "state", "lane", "grade", "category", "source")
    places = ("area", "point")
    people = ("reporter", "responsible", "deadline", "reported_at")
    times = ("changed_at", "done_at", "closed_at")
    op.create_table(
        "hazard",
        *(sa.Column(name, sa.String(), nullable=False) for name in (*words, *places)),
        sa.Column("content", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in people),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in times),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school", "id"),
    )
    op.create_index("hazard_of_subject", "hazard", ["school", "subject"])
    op.create_index("hazard_of_state", "hazard", ["school", "state", "deadline"])
    op.create_index("hazard_of_time", "hazard", ["school", "reported_at"])


def downgrade() -> None:
    raise NotImplementedError("a safety ledger is never taken apart")
