"""A release says in which format its files are written."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column('content_release', sa.Column('format', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column('content_release', 'format')
