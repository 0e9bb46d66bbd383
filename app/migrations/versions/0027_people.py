"""Notes on a person, and what finds people, contests and payouts by how they begin and end."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEGINNINGS = (
    ("ix_players_wallet_begins", "players", "wallet"),
    ("ix_players_wallet_ends", "players", "reverse(wallet)"),
    ("ix_players_nickname_begins", "players", "lower(nickname)"),
    ("ix_contests_code_begins", "contests", "lower(code)"),
    ("ix_contests_name_begins", "contests", "lower(name)"),
)


def upgrade() -> None:
    op.create_table(
        "person_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column(
            "said_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_notes")),
        sa.CheckConstraint(
            "wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_person_notes_wallet_is_base58")
        ),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_person_notes_words_fit")),
    )
    op.create_index("ix_person_notes_wallet_said_at_id", "person_notes", ["wallet", "said_at", "id"])
    op.execute("""
        CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON person_notes
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""")
    for name, table, value in BEGINNINGS:
        op.execute(f"CREATE INDEX {name} ON {table} ({value} text_pattern_ops)")
    op.create_index("ix_payouts_wallet_created_at_id", "payouts", ["wallet", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_payouts_wallet_created_at_id", "payouts")
    for name, table, _ in BEGINNINGS:
        op.drop_index(name, table)
    op.drop_table("person_notes")
