"""A decision that was never issued can be taken back, and what is decided anew names the decision it follows."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence, let_go

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

FIRST, UNFOLLOWED = sa.text("occasion = 'first'"), sa.text('follows IS NULL')


def upgrade() -> None:
    """Apply the change."""
    let_go('conferral')
    op.drop_index('ix_conferral_first', table_name='conferral')
    with op.batch_alter_table('conferral') as batch_op:
        batch_op.add_column(sa.Column('follows', sa.String(length=26), nullable=True))
        batch_op.drop_constraint('uq_conferral_supersedes', type_='unique')
        batch_op.create_unique_constraint('uq_conferral_follows', ['follows'])
        batch_op.create_foreign_key('fk_conferral_follows_conferral', 'conferral', ['follows'], ['id'])
    one_each('ix_conferral_first', 'enrolment_id', FIRST)
    one_each('ix_conferral_supersedes', 'supersedes', UNFOLLOWED)
    op.create_table('conferral_withdrawal',
    sa.Column('conferral_id', sa.String(length=26), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conferral_id'], ['conferral.id'], name=op.f('fk_conferral_withdrawal_conferral_id_conferral')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_conferral_withdrawal_decided_by_person')),
    sa.PrimaryKeyConstraint('conferral_id', name=op.f('pk_conferral_withdrawal'))
    )
    for table in ('conferral', 'conferral_withdrawal'):
        keep_evidence(table)


def downgrade() -> None:
    """Take the change back."""
    let_go('conferral')
    op.drop_table('conferral_withdrawal')
    op.drop_index('ix_conferral_supersedes', table_name='conferral')
    op.drop_index('ix_conferral_first', table_name='conferral')
    with op.batch_alter_table('conferral') as batch_op:
        batch_op.drop_constraint('fk_conferral_follows_conferral', type_='foreignkey')
        batch_op.drop_constraint('uq_conferral_follows', type_='unique')
        batch_op.drop_column('follows')
        batch_op.create_unique_constraint('uq_conferral_supersedes', ['supersedes'])
    one_each('ix_conferral_first', 'enrolment_id', FIRST)
    keep_evidence('conferral')


def one_each(name: str, column: str, which: sa.TextClause) -> None:
    """Let the database itself keep one such decision for each."""
    op.create_index(name, 'conferral', [column], unique=True, sqlite_where=which, postgresql_where=which)
