"""Further tries, waived requirements, and the second director's agreement; each written once."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('chance',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('enrolment_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('further', sa.Integer(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('takes_two', sa.Boolean(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_chance_decided_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_chance_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chance'))
    )
    op.create_index('ix_chance_enrolment', 'chance', ['enrolment_id', 'number'], unique=True)
    op.create_table('chance_agreement',
    sa.Column('chance_id', sa.String(length=26), nullable=False),
    sa.Column('agreed_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreed_by'], ['person.id'], name=op.f('fk_chance_agreement_agreed_by_person')),
    sa.ForeignKeyConstraint(['chance_id'], ['chance.id'], name=op.f('fk_chance_agreement_chance_id_chance')),
    sa.PrimaryKeyConstraint('chance_id', name=op.f('pk_chance_agreement'))
    )
    for table in ('chance', 'chance_agreement'):
        keep_evidence(table)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('chance_agreement')
    op.drop_index('ix_chance_enrolment', table_name='chance')
    op.drop_table('chance')
