"""Directors say for a cohort when sittings of an examination may begin."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change: cohorts of before have no window, so that sittings may begin at any time as they did."""
    op.create_table('sitting_window',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('cohort_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('window_number', sa.Integer(), nullable=False),
    sa.Column('exam', sa.String(length=80), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_sitting_window_opens_before_it_closes')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_sitting_window_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_sitting_window_decided_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_window'))
    )
    op.create_index('ix_sitting_window_cohort', 'sitting_window', ['cohort_id', 'number'], unique=True)
    keep_evidence('sitting_window')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('sitting_window')
