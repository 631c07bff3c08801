"""What the district watches at its schools."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEYS = ("school", "id")
NAMES = ("subject", "of_school", "school_name", "number", "state", "grade", "category", "place")
TIMES = ("deadline", "reported_at", "listed_at", "changed_at", "closed_at", "supervised_until")


def upgrade() -> None:
    op.create_table(
        "watched",
        *(sa.Column(name, sa.String(), nullable=False) for name in (*KEYS, *NAMES)),
        sa.Column("content", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("responsible", *TIMES)),
        sa.Column("on_the_way", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*KEYS),
    )
    op.create_index("watched_of_subject", "watched", ["school", "subject"])
    op.create_index("watched_of_school", "watched", ["school", "of_school", "state"])
    op.create_index("watched_on_the_way", "watched", ["school", "on_the_way"])


def downgrade() -> None:
    raise NotImplementedError("a safety ledger is never taken apart")
