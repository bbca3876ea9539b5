"""The worker says when it last went round, and what waits."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('heartbeat',
    sa.Column('worker', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('letters', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('worker', name=op.f('pk_heartbeat'))
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('heartbeat')
