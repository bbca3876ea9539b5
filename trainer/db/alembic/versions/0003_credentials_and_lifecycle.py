"""Credentials, further documents, keys, witnesses, renewal, erasure, notices, watches."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

OCCASIONS = ('first', 'renewal', 'correction')
NEWLY_APPEND_ONLY = (
    'erasure', 'key_event', 'status_list_version', 'log_cosignature', 'notice', 'delivery', 'watch_step', 'watch_told'
)
ERASABLE = (
    'registry_entry', 'registry_document', 'status_change', 'certificate', 'conferral', 'document', 'document_order',
    'consent', 'watch'
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table('key_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kid', sa.String(length=64), nullable=False),
    sa.Column('event', sa.String(length=20), nullable=False),
    sa.Column('certificate', sa.Text(), nullable=False),
    sa.Column('trusted_size', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_event'))
    )
    op.create_index('ix_key_event_kid', 'key_event', ['kid', 'event'], unique=True)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Enum('mail', 'webhook', name='channel', native_enum=False, length=40), nullable=False),
    sa.Column('recipient', sa.String(length=500), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_table('status_list_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('jwt', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('encoded', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_list_version'))
    )
    op.create_index('ix_status_list_version_purpose', 'status_list_version', ['purpose', 'id'], unique=False)

    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('delivered', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_delivery_notice_id_notice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery'))
    )
    op.create_index('ix_delivery_notice', 'delivery', ['notice_id', 'id'], unique=False)

    op.create_table('erasure',
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['registry_entry.public_id'], name=op.f('fk_erasure_public_id_registry_entry')),
    sa.PrimaryKeyConstraint('public_id', name=op.f('pk_erasure'))
    )
    op.create_table('log_cosignature',
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('witness', sa.String(length=200), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['size'], ['log_checkpoint.size'], name=op.f('fk_log_cosignature_size_log_checkpoint')),
    sa.PrimaryKeyConstraint('size', 'witness', name=op.f('pk_log_cosignature'))
    )
    op.create_table('match_try',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['registry_entry.public_id'], name=op.f('fk_match_try_public_id_registry_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_try'))
    )
    op.create_index('ix_match_try_certificate', 'match_try', ['public_id', 'at'], unique=False)

    op.create_table('registry_document',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('salt', sa.LargeBinary(length=32), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_registry_document_size_positive')),
    sa.ForeignKeyConstraint(['public_id'], ['registry_entry.public_id'], name=op.f('fk_registry_document_public_id_registry_entry')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_registry_document'))
    )
    op.create_index('ix_registry_document_certificate', 'registry_document', ['public_id', 'kind'], unique=True)

    op.create_table('watch',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('channel', sa.Enum('mail', 'webhook', name='channel', native_enum=False, length=40), nullable=False),
    sa.Column('target', sa.String(length=500), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['registry_entry.public_id'], name=op.f('fk_watch_public_id_registry_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watch')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_watch_token_hash'))
    )
    op.create_index('ix_watch_certificate', 'watch', ['public_id'], unique=False)

    op.create_table('watch_step',
    sa.Column('watch_id', sa.String(length=26), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['watch_id'], ['watch.id'], name=op.f('fk_watch_step_watch_id_watch')),
    sa.PrimaryKeyConstraint('watch_id', 'step', name=op.f('pk_watch_step'))
    )
    op.create_table('watch_told',
    sa.Column('watch_id', sa.String(length=26), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['status_change.id'], name=op.f('fk_watch_told_change_id_status_change')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_watch_told_notice_id_notice')),
    sa.ForeignKeyConstraint(['watch_id'], ['watch.id'], name=op.f('fk_watch_told_watch_id_watch')),
    sa.PrimaryKeyConstraint('watch_id', 'change_id', name=op.f('pk_watch_told'))
    )
    op.create_table('issuing_problem',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conferral_id', sa.String(length=26), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conferral_id'], ['conferral.id'], name=op.f('fk_issuing_problem_conferral_id_conferral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issuing_problem'))
    )
    op.create_index('ix_issuing_problem_conferral', 'issuing_problem', ['conferral_id', 'id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('level', sa.Enum('shown', 'matched', 'hidden', name='consentlevel', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['certificate.public_id'], name=op.f('fk_consent_public_id_certificate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index('ix_consent_certificate', 'consent', ['public_id', 'id'], unique=False)

    op.create_table('document',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['certificate.public_id'], name=op.f('fk_document_public_id_certificate')),
    sa.ForeignKeyConstraint(['sha256'], ['registry_document.sha256'], name=op.f('fk_document_sha256_registry_document')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_document'))
    )
    op.create_index('ix_document_certificate', 'document', ['public_id', 'kind'], unique=True)

    op.create_table('document_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['public_id'], ['certificate.public_id'], name=op.f('fk_document_order_public_id_certificate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_order'))
    )
    op.create_index('ix_document_order_certificate', 'document_order', ['public_id', 'kind'], unique=True)

    op.add_column('certificate', sa.Column('credential', sa.Text(), nullable=True))
    for name, kind in (
        ('credential_sha256', sa.String(length=64)), ('credential_salt', sa.LargeBinary(length=32)), ('status_index', sa.Integer())
    ):
        op.add_column('registry_entry', sa.Column(name, kind, nullable=True))
    op.create_index('ix_registry_entry_status_index', 'registry_entry', ['status_index'], unique=True)
    op.add_column('status_change', sa.Column('until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('status_change', sa.Column('successor', sa.String(length=26), nullable=True))
    widen_conferrals()
    for table in NEWLY_APPEND_ONLY:
        forbid(table)
    for table in ERASABLE:
        forbid_unless_erased(table)


def widen_conferrals() -> None:
    """Let one enrolment have later conferrals, for renewal and for a corrected name; each names its certificate."""
    release('conferral')
    with op.batch_alter_table('conferral') as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('occasion', sa.Enum(*OCCASIONS, name='occasion', native_enum=False, length=40), nullable=True))
        batch_op.add_column(sa.Column('supersedes', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('facts', sa.JSON(), nullable=True))
    op.execute(
        "UPDATE conferral SET occasion = 'first', facts = '{}', "
        "public_id = (SELECT public_id FROM certificate WHERE conferral_id = conferral.id)"
    )
    with op.batch_alter_table('conferral') as batch_op:
        for name, kind in (('public_id', sa.String(length=26)), ('occasion', sa.String(length=40)), ('facts', sa.JSON())):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.drop_constraint('uq_conferral_enrolment_id', type_='unique')
        batch_op.create_unique_constraint('uq_conferral_public_id', ['public_id'])
        batch_op.create_unique_constraint('uq_conferral_supersedes', ['supersedes'])
        batch_op.create_foreign_key('fk_conferral_supersedes_registry_entry', 'registry_entry', ['supersedes'], ['public_id'])
    op.create_index('ix_conferral_enrolment', 'conferral', ['enrolment_id'], unique=False)
    first = sa.text("occasion = 'first'")
    op.create_index(
        'ix_conferral_first', 'conferral', ['enrolment_id'], unique=True, sqlite_where=first, postgresql_where=first
    )


def forbid(table: str) -> None:
    """Let the database itself refuse to change or delete a row."""
    guard(table, '', 'append_only')


def forbid_unless_erased(table: str) -> None:
    """Refuse to change or delete a row, unless the person it is about was erased, which the log records.

    A decision to replace a certificate may be left without a certificate of its own; then the replaced one counts.
    """
    release(table)
    about = 'OLD.public_id, OLD.supersedes' if table == 'conferral' else 'OLD.public_id'
    guard(table, f'WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE public_id IN ({about})) ', 'append_only_unless_erased')


def guard(table: str, when: str, function: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('UPDATE', 'DELETE'):
            op.execute(
                f'CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when}'
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        'CREATE OR REPLACE FUNCTION append_only_unless_erased() RETURNS trigger LANGUAGE plpgsql AS '
        "$$ BEGIN IF NOT EXISTS (SELECT 1 FROM erasure "
        "WHERE public_id IN (OLD.public_id, to_jsonb(OLD) ->> 'supersedes')) THEN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} '
        f'FOR EACH ROW EXECUTE FUNCTION {function}()'
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION append_only()'
    )


def release(table: str) -> None:
    """Take away the triggers of an earlier migration, where there are any."""
    on = '' if op.get_bind().dialect.name == 'sqlite' else f' ON {table}'
    for what in ('update', 'delete', 'change', 'truncate'):
        op.execute(f'DROP TRIGGER IF EXISTS {table}_no_{what}{on}')
