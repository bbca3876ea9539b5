"""Roles end and are given again, accounts close, and every table that keeps evidence is append-only."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence, let_go

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

WAY = sa.Enum('by invitation', 'given', 'before this was kept', name='way', native_enum=False, length=40)
WRITTEN_ONCE = (
    'case_event', 'case_ending', 'case_rescore', 'case_note', 'case_comment', 'case_report', 'accommodation',
    'exam_sitting', 'exam_case', 'exam_run', 'exam_flag', 'exam_flag_decision', 'exam_result', 'exam_decision'
)
"""Until now these could not be changed, but be deleted."""
EVIDENCE = (
    'audit_entry', 'membership', 'membership_end', 'account_change', 'invitation', 'invitation_use',
    'invitation_withdrawal', 'content_release', 'content_review', 'cohort', 'enrolment', 'lesson_read', 'reading_place',
    'quiz_attempt', 'quiz_answer', 'quiz_submission', 'case_run', 'signed_attestation', 'issuing_problem'
)


def upgrade() -> None:
    """Apply the change."""
    widen_memberships()
    op.create_table('membership_end',
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('ended_by', sa.String(length=26), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_membership_end_ended_by_person')),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_membership_end_membership_id_membership')),
    sa.PrimaryKeyConstraint('membership_id', name=op.f('pk_membership_end'))
    )
    op.create_table('account_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_account_change_decided_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_change_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_change'))
    )
    op.create_index('ix_account_change_person', 'account_change', ['person_id', 'id'], unique=False)
    op.create_table('being_erased',
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_being_erased_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_being_erased'))
    )
    for table in (*WRITTEN_ONCE, *EVIDENCE):
        keep_evidence(table)


def widen_memberships() -> None:
    """Keep who gave a role, and how; where an invitation was used for it, that says so for the past as well."""
    with op.batch_alter_table('membership') as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('granted_by', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('way', WAY, nullable=True))
    used = (
        'FROM invitation_use JOIN invitation ON invitation.id = invitation_use.invitation_id '
        'WHERE invitation_use.person_id = membership.person_id '
        'AND invitation.programme = membership.programme AND invitation.role = membership.role'
    )
    op.execute("UPDATE membership SET number = 1, way = 'before this was kept'")
    op.execute(
        f"UPDATE membership SET way = 'by invitation', "
        f'granted_by = (SELECT invitation.invited_by {used} ORDER BY invitation_use.used_at LIMIT 1) '
        f'WHERE EXISTS (SELECT 1 {used})'
    )
    with op.batch_alter_table('membership') as batch_op:
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('way', existing_type=WAY, nullable=False)
        batch_op.drop_constraint('uq_membership_once', type_='unique')
        batch_op.create_unique_constraint('uq_membership_number', ['person_id', 'programme', 'role', 'number'])
        batch_op.create_foreign_key('fk_membership_granted_by_person', 'person', ['granted_by'], ['id'])


def downgrade() -> None:
    """Take the change back; a role that was ended would count again, so there must be none.

    Raises:
        RuntimeError: a role has been ended.
    """
    if op.get_bind().execute(sa.text('SELECT count(*) FROM membership_end')).scalar():
        raise RuntimeError('Roles have been ended; the schema before this one cannot keep that.')
    for table in (*WRITTEN_ONCE, *EVIDENCE):
        let_go(table)
    op.drop_table('being_erased')
    op.drop_table('account_change')
    op.drop_table('membership_end')
    with op.batch_alter_table('membership') as batch_op:
        batch_op.drop_constraint('fk_membership_granted_by_person', type_='foreignkey')
        batch_op.drop_constraint('uq_membership_number', type_='unique')
        batch_op.create_unique_constraint('uq_membership_once', ['person_id', 'programme', 'role'])
        batch_op.drop_column('way')
        batch_op.drop_column('granted_by')
        batch_op.drop_column('number')
