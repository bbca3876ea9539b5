"""Cases played for practice and in examinations: pace, notes, comments, reports, sittings, flags."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

PURPOSE = sa.Enum('practice', 'exam', name='purpose', native_enum=False, length=40)
PACE = sa.Enum('calm', 'simulated', 'real', name='pace', native_enum=False, length=40)
WRITTEN_ONCE = (
    'case_event', 'case_ending', 'case_rescore', 'case_note', 'case_comment', 'case_report', 'accommodation',
    'exam_sitting', 'exam_case', 'exam_run', 'exam_flag', 'exam_flag_decision', 'exam_result', 'exam_decision'
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table('case_report',
    sa.Column('case_hash', sa.String(length=64), nullable=False),
    sa.Column('checker', sa.String(length=20), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('case_hash', 'checker', name=op.f('pk_case_report'))
    )
    op.create_table('accommodation',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('enrolment_id', sa.String(length=26), nullable=False),
    sa.Column('factor', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_accommodation_decided_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_accommodation_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodation'))
    )
    op.create_table('exam_sitting',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('enrolment_id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('release_hash', sa.String(length=64), nullable=False),
    sa.Column('exam', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('form', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_exam_sitting_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exam_sitting_person_id_person')),
    sa.ForeignKeyConstraint(['release_hash'], ['content_release.hash'], name=op.f('fk_exam_sitting_release_hash_content_release')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_sitting')),
    sa.UniqueConstraint('enrolment_id', 'exam', 'number', name='uq_exam_sitting_number')
    )
    op.create_table('case_comment',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('run_id', sa.String(length=26), nullable=False),
    sa.Column('scene', sa.String(length=80), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['case_run.id'], name=op.f('fk_case_comment_run_id_case_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_comment'))
    )
    op.create_table('case_note',
    sa.Column('run_id', sa.String(length=26), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['case_run.id'], name=op.f('fk_case_note_run_id_case_run')),
    sa.PrimaryKeyConstraint('run_id', 'seq', name=op.f('pk_case_note'))
    )
    op.create_table('case_rescore',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('run_id', sa.String(length=26), nullable=False),
    sa.Column('case_hash', sa.String(length=64), nullable=False),
    sa.Column('rubric', sa.String(length=20), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_case_rescore_decided_by_person')),
    sa.ForeignKeyConstraint(['run_id'], ['case_run.id'], name=op.f('fk_case_rescore_run_id_case_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_rescore')),
    sa.UniqueConstraint('run_id', 'case_hash', 'rubric', name='uq_case_rescore_once')
    )
    op.create_table('exam_case',
    sa.Column('sitting_id', sa.String(length=26), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('case_slug', sa.String(length=80), nullable=False),
    sa.Column('case_hash', sa.String(length=64), nullable=False),
    sa.Column('variant', sa.String(length=80), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('warm_up', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['exam_sitting.id'], name=op.f('fk_exam_case_sitting_id_exam_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', 'position', name=op.f('pk_exam_case'))
    )
    op.create_table('exam_decision',
    sa.Column('sitting_id', sa.String(length=26), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_exam_decision_decided_by_person')),
    sa.ForeignKeyConstraint(['sitting_id'], ['exam_sitting.id'], name=op.f('fk_exam_decision_sitting_id_exam_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_exam_decision'))
    )
    op.create_table('exam_flag',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('sitting_id', sa.String(length=26), nullable=False),
    sa.Column('run_id', sa.String(length=26), nullable=False),
    sa.Column('rule', sa.String(length=80), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['case_run.id'], name=op.f('fk_exam_flag_run_id_case_run')),
    sa.ForeignKeyConstraint(['sitting_id'], ['exam_sitting.id'], name=op.f('fk_exam_flag_sitting_id_exam_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_flag')),
    sa.UniqueConstraint('run_id', 'rule', name='uq_exam_flag_once')
    )
    op.create_table('exam_result',
    sa.Column('sitting_id', sa.String(length=26), nullable=False),
    sa.Column('zone', sa.Enum('above', 'grey', 'below', name='zone', native_enum=False, length=40), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['exam_sitting.id'], name=op.f('fk_exam_result_sitting_id_exam_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_exam_result'))
    )
    op.create_table('exam_run',
    sa.Column('sitting_id', sa.String(length=26), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['case_run.id'], name=op.f('fk_exam_run_run_id_case_run')),
    sa.ForeignKeyConstraint(['sitting_id'], ['exam_sitting.id'], name=op.f('fk_exam_run_sitting_id_exam_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', 'position', name=op.f('pk_exam_run')),
    sa.UniqueConstraint('run_id', name=op.f('uq_exam_run_run_id'))
    )
    op.create_table('exam_flag_decision',
    sa.Column('flag_id', sa.String(length=26), nullable=False),
    sa.Column('sitting_id', sa.String(length=26), nullable=False),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_exam_flag_decision_decided_by_person')),
    sa.ForeignKeyConstraint(['flag_id'], ['exam_flag.id'], name=op.f('fk_exam_flag_decision_flag_id_exam_flag')),
    sa.ForeignKeyConstraint(['sitting_id'], ['exam_sitting.id'], name=op.f('fk_exam_flag_decision_sitting_id_exam_sitting')),
    sa.PrimaryKeyConstraint('flag_id', name=op.f('pk_exam_flag_decision'))
    )
    widen_runs()
    for table in WRITTEN_ONCE:
        forbid_update(table)


def downgrade() -> None:
    """Take the change back."""
    for table in WRITTEN_ONCE:
        allow_update(table)
    with op.batch_alter_table('case_run', schema=None) as batch_op:
        batch_op.drop_column('factor')
        batch_op.drop_column('pace')
        batch_op.drop_column('purpose')

    op.drop_table('exam_flag_decision')
    op.drop_table('exam_run')
    op.drop_table('exam_result')
    op.drop_table('exam_flag')
    op.drop_table('exam_decision')
    op.drop_table('exam_case')
    op.drop_table('case_rescore')
    op.drop_table('case_note')
    op.drop_table('case_comment')
    op.drop_table('exam_sitting')
    op.drop_table('accommodation')
    op.drop_table('case_report')


def widen_runs() -> None:
    """Every run so far was practice, without a clock."""
    with op.batch_alter_table('case_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purpose', PURPOSE, nullable=True))
        batch_op.add_column(sa.Column('pace', PACE, nullable=True))
        batch_op.add_column(sa.Column('factor', sa.Integer(), nullable=True))
    op.execute("UPDATE case_run SET purpose = 'practice', pace = 'calm', factor = 100")
    with op.batch_alter_table('case_run', schema=None) as batch_op:
        for name, kind in (('purpose', PURPOSE), ('pace', PACE), ('factor', sa.Integer())):
            batch_op.alter_column(name, existing_type=kind, nullable=False)


def forbid_update(table: str) -> None:
    """Let the database itself refuse to change a row; only the erasure of a person deletes some."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            f'CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} '
            f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        )
        return
    op.execute(
        f'CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()'
    )


def allow_update(table: str) -> None:
    on = '' if op.get_bind().dialect.name == 'sqlite' else f' ON {table}'
    op.execute(f'DROP TRIGGER IF EXISTS {table}_no_update{on}')
