"""What a key of ours signed and nobody entered: one row for each, written once."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('key_alarm',
    sa.Column('signed_sha256', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('kid', sa.String(length=64), nullable=False),
    sa.Column('seen_sha256', sa.String(length=64), nullable=False),
    sa.Column('names', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('signed_sha256', name=op.f('pk_key_alarm'))
    )
    keep_evidence('key_alarm')


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('key_alarm')
