"""Wrong passwords and wrong names slow down whoever tries them, and nobody else."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Counts of the last minutes begin anew."""
    op.create_table('tally',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('about', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('free_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_tally'))
    )
    op.create_index('ix_tally_about', 'tally', ['about'], unique=False)
    op.create_index('ix_tally_expires_at', 'tally', ['expires_at'], unique=False)
    op.create_index('ix_sign_in_seen_at', 'sign_in', ['seen_at'], unique=False)
    op.drop_index('ix_match_try_certificate', table_name='match_try')
    op.drop_table('match_try')
    op.drop_index('ix_failed_sign_in_key_at', table_name='failed_sign_in')
    op.drop_table('failed_sign_in')


def downgrade() -> None:
    """Take the change back."""
    op.create_table('failed_sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_failed_sign_in'))
    )
    op.create_index('ix_failed_sign_in_key_at', 'failed_sign_in', ['key', 'at'], unique=False)
    op.create_table('match_try',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['registry_entry.public_id'], name=op.f('fk_match_try_public_id_registry_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_try'))
    )
    op.create_index('ix_match_try_certificate', 'match_try', ['public_id', 'at'], unique=False)
    op.drop_index('ix_sign_in_seen_at', table_name='sign_in')
    op.drop_index('ix_tally_expires_at', table_name='tally')
    op.drop_index('ix_tally_about', table_name='tally')
    op.drop_table('tally')
