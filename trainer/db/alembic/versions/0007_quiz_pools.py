"""How many pauses of an examination's run can stop a clock; runs begun before have no such bound."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; without `batch`, which would make the table anew on SQLite and lose its triggers."""
    op.add_column('case_run', sa.Column('pauses', sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column('case_run', 'pauses')
