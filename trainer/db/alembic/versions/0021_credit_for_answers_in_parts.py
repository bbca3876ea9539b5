"""A try keeps what it earned exactly, since answers in parts earn parts of a point."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change: tries of before have no credit, and earned their points."""
    op.add_column('quiz_submission', sa.Column('credit', sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column('quiz_submission', 'credit')
