"""A revocation or a surrender begins as a suspension that says what it becomes, and from when on."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence, let_go

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. What was revoked or given back before stays final: nothing is written about it."""
    op.add_column('status_change', sa.Column('becomes', sa.String(length=40), nullable=True))
    op.add_column('status_change', sa.Column('final_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_status_change_final_at', 'status_change', ['final_at'], unique=False)


def downgrade() -> None:
    """Take the change back."""
    let_go('status_change')
    with op.batch_alter_table('status_change') as batch_op:
        batch_op.drop_index('ix_status_change_final_at')
        batch_op.drop_column('final_at')
        batch_op.drop_column('becomes')
    keep_evidence('status_change')
