"""Answers in one's own words: drafts, versions that were sent, ratings, and what they came to."""

import sqlalchemy as sa
from alembic import op

from trainer.db.guards import keep_evidence

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('written_draft',
    sa.Column('enrolment_id', sa.String(length=26), nullable=False),
    sa.Column('task', sa.String(length=80), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_written_draft_seq_from_one')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_written_draft_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('enrolment_id', 'task', 'seq', name=op.f('pk_written_draft'))
    )
    op.create_table('written_answer',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('enrolment_id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('release_hash', sa.String(length=64), nullable=False),
    sa.Column('task', sa.String(length=80), nullable=False),
    sa.Column('task_hash', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_written_answer_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_written_answer_person_id_person')),
    sa.ForeignKeyConstraint(['release_hash'], ['content_release.hash'], name=op.f('fk_written_answer_release_hash_content_release')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_written_answer')),
    sa.UniqueConstraint('enrolment_id', 'task', 'number', name='uq_written_answer_number')
    )
    op.create_table('written_rating',
    sa.Column('answer_id', sa.String(length=26), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('rated_by', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('place BETWEEN 1 AND 3', name=op.f('ck_written_rating_place_to_three')),
    sa.ForeignKeyConstraint(['answer_id'], ['written_answer.id'], name=op.f('fk_written_rating_answer_id_written_answer')),
    sa.ForeignKeyConstraint(['rated_by'], ['person.id'], name=op.f('fk_written_rating_rated_by_person')),
    sa.PrimaryKeyConstraint('answer_id', 'place', name=op.f('pk_written_rating')),
    sa.UniqueConstraint('answer_id', 'rated_by', name='uq_written_rating_once')
    )
    op.create_table('written_outcome',
    sa.Column('answer_id', sa.String(length=26), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['written_answer.id'], name=op.f('fk_written_outcome_answer_id_written_answer')),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_written_outcome'))
    )
    for table in ('written_draft', 'written_answer', 'written_rating', 'written_outcome'):
        keep_evidence(table)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('written_outcome')
    op.drop_table('written_rating')
    op.drop_table('written_answer')
    op.drop_table('written_draft')
