"""Who may see a name is asked before there is a certificate."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('name_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('level', sa.Enum('shown', 'matched', 'hidden', name='consentlevel', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_name_choice_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_name_choice'))
    )
    op.create_index('ix_name_choice_person', 'name_choice', ['person_id', 'id'], unique=False)
    keep_evidence('name_choice')


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_name_choice_person', table_name='name_choice')
    op.drop_table('name_choice')
