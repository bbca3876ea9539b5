"""Names and addresses are corrected with a reason, and what they were is kept."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('identity_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('before', sa.String(length=254), nullable=False),
    sa.Column('after', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_identity_change_decided_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_identity_change_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_change'))
    )
    op.create_index('ix_identity_change_person', 'identity_change', ['person_id', 'id'], unique=False)
    keep_evidence('identity_change')


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_identity_change_person', table_name='identity_change')
    op.drop_table('identity_change')
