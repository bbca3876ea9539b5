"""The log, and no way to change or delete what was decided."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

APPEND_ONLY = (
    'log_entry', 'log_tile', 'log_checkpoint', 'registry_entry', 'status_change', 'certificate', 'conferral'
)
KINDS = ('issue', 'artifact', 'status')


def upgrade() -> None:
    """Apply the change."""
    op.create_table('log_entry',
    sa.Column('index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('leaf_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, length=40), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('"index" >= 0', name=op.f('ck_log_entry_index_from_zero')),
    sa.PrimaryKeyConstraint('index', name=op.f('pk_log_entry'))
    )
    op.create_index('ix_log_entry_certificate', 'log_entry', ['public_id', 'index'], unique=False)
    op.create_table('log_tile',
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hashes', sa.LargeBinary(length=8192), nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('level', 'index', name=op.f('pk_log_tile'))
    )
    op.create_table('log_checkpoint',
    sa.Column('size', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('edge', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_log_checkpoint_size_positive')),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_log_checkpoint'))
    )
    op.add_column('registry_entry', sa.Column('salt', sa.LargeBinary(length=32), nullable=True))
    op.add_column('registry_entry', sa.Column('paper_salt', sa.LargeBinary(length=32), nullable=True))
    op.add_column('status_change', sa.Column('salt', sa.LargeBinary(length=32), nullable=True))
    salt_what_is_there()
    for table in APPEND_ONLY:
        forbid(table)


def salt_what_is_there() -> None:
    """Give every row that was made before the log its salts; it is logged when the log begins."""
    connection = op.get_bind()
    for table, key, columns in (
        ('registry_entry', 'public_id', ('salt', 'paper_salt')),
        ('status_change', 'id', ('salt',)),
    ):
        given = ', '.join(f'{column} = :{column}' for column in columns)
        change = sa.text(f'UPDATE {table} SET {given} WHERE {key} = :key')
        for row in connection.execute(sa.text(f'SELECT {key} FROM {table}')).all():
            connection.execute(change, {'key': row[0], **{column: secrets.token_bytes(32) for column in columns}})


def forbid(table: str) -> None:
    """Let the database itself refuse to change or delete a row."""
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('UPDATE', 'DELETE'):
            op.execute(
                f'CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        'CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS '
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} '
        'FOR EACH ROW EXECUTE FUNCTION append_only()'
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION append_only()'
    )
