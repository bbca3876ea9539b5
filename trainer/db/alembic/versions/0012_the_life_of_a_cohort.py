"""A cohort is called otherwise, begins otherwise, goes into the archive; a place in it ends, and is taken up again."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = "0012"
down_revision = '0011'
branch_labels = None
depends_on = None

FOR_GOOD = ("id", "programme", "release_hash", "created_at")


def upgrade() -> None:
    """Apply the change."""
    op.add_column("cohort", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "cohort_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_change_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_cohort_change_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_change")),
    )
    op.create_index("ix_cohort_change_cohort", "cohort_change", ["cohort_id", "id"], unique=False)
    op.create_table(
        "enrolment_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.String(length=26), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_enrolment_change_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_change_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_change")),
    )
    op.create_index("ix_enrolment_change_enrolment", "enrolment_change", ["enrolment_id", "id"], unique=False)
    keep_evidence(
        "cohort", for_good=FOR_GOOD
    )  # its name, its first day and its archive move on, each by a row beside it
    for table in ("cohort_change", "enrolment_change"):
        keep_evidence(table)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_enrolment_change_enrolment", table_name="enrolment_change")
    op.drop_table("enrolment_change")
    op.drop_index("ix_cohort_change_cohort", table_name="cohort_change")
    op.drop_table("cohort_change")
    with op.batch_alter_table("cohort") as cohort:
        cohort.drop_column("archived_at")
    keep_evidence("cohort")
