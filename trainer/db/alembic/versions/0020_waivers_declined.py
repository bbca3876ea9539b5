"""A waiver that waits for a second director can be declined, or taken back by whoever proposed it."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0020'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('chance_refusal',
    sa.Column('chance_id', sa.String(length=26), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['chance_id'], ['chance.id'], name=op.f('fk_chance_refusal_chance_id_chance')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_chance_refusal_decided_by_person')),
    sa.PrimaryKeyConstraint('chance_id', name=op.f('pk_chance_refusal'))
    )
    keep_evidence('chance_refusal')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('chance_refusal')
