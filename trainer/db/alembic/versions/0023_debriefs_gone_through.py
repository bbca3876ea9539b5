"""Debriefs are gone through moment by moment."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change: debriefs of before have no row, and stay readable as a whole."""
    op.create_table('debrief_step',
    sa.Column('run_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('whole', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number BETWEEN 0 AND whole', name=op.f('ck_debrief_step_number_to_whole')),
    sa.ForeignKeyConstraint(['run_id'], ['case_run.id'], name=op.f('fk_debrief_step_run_id_case_run')),
    sa.PrimaryKeyConstraint('run_id', 'number', name=op.f('pk_debrief_step'))
    )
    keep_evidence('debrief_step')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('debrief_step')
