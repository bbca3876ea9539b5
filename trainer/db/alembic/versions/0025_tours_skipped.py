"""A tour can be skipped for ever."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change: who was here before has skipped nothing."""
    op.create_table('tour_skipped',
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_tour_skipped_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_tour_skipped'))
    )
    keep_evidence('tour_skipped')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('tour_skipped')
