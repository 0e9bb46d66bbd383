"""Clicks on their way into the database: judged, counted once and tallied, all in one transaction."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from psycopg import Cursor
from psycopg.errors import CheckViolation
from sqlalchemy import func, select

from app.core.extensions import db
from app.referrals.rules.clicks import Clicked

# Who inserts clicks locks in one order: visits, clicks, tallies, standings, each sorted. So do the other commands.
KEEP = """
WITH told AS (
  SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[],
    %s::int2[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[])
    AS t (id, at, code, source, asked_campaign, fault, is_bare, epoch, address, agent, network, browser, browser_before)
), known AS (
  SELECT t.*, c.id AS code_id, c.person_id, coalesce(t.asked_campaign, c.campaign, 'none') AS campaign,
    coalesce(t.fault, CASE WHEN c.id IS NULL THEN 'unknown_code' WHEN c.retired_at <= t.at THEN 'inactive_code'
      WHEN p.banned_at <= t.at THEN 'banned' END) AS why_not
  FROM told t LEFT JOIN referral_codes c ON c.code = t.code LEFT JOIN people p ON p.id = c.person_id
), placed AS (
  SELECT k.*, CASE WHEN why_not IS NULL
    THEN row_number() OVER (PARTITION BY browser, why_not ORDER BY at, id) END AS place FROM known k
), begun AS (
  INSERT INTO visits AS v (fingerprint, at)
  SELECT browser, at FROM placed p WHERE place = 1 AND NOT EXISTS (SELECT FROM visits b
    WHERE b.fingerprint = p.browser_before AND b.at > p.at - interval '24 hours')
  ORDER BY browser
  ON CONFLICT (fingerprint) DO UPDATE SET at = excluded.at WHERE v.at <= excluded.at - interval '24 hours'
  RETURNING fingerprint
), judged AS (
  SELECT p.*, coalesce(why_not, CASE WHEN place = 1 AND b.fingerprint IS NOT NULL THEN 'counted' ELSE 'repeat' END)
    AS verdict
  FROM placed p LEFT JOIN begun b ON b.fingerprint = p.browser AND p.place = 1
), kept AS (
  INSERT INTO clicks (id, at, code, code_id, source, campaign, verdict, is_bare, key_epoch, address_hash, agent_hash,
    network_hash)
  SELECT id, at, code, code_id, source, campaign, verdict, is_bare, epoch, address, agent, network FROM judged
  ORDER BY id ON CONFLICT DO NOTHING
  RETURNING id
)
SELECT j.id, j.verdict, j.source, j.campaign, j.person_id, j.is_bare, p.id AS period_id, k.id IS NOT NULL AS is_new
FROM judged j LEFT JOIN kept k ON k.id = j.id
LEFT JOIN referral_periods p ON j.at >= p.starts_at AND (j.at < p.ends_at OR p.state = 'open') AND p.state <> 'closed'
"""
TALLY = """
INSERT INTO source_tallies AS old (period_id, source, campaign, clicks, repeats, invalid)
SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[]) ORDER BY 1, 2, 3
ON CONFLICT (period_id, source, campaign) DO UPDATE SET clicks = old.clicks + excluded.clicks,
  repeats = old.repeats + excluded.repeats, invalid = old.invalid + excluded.invalid
"""
STAND = """
INSERT INTO referrer_standings AS old (period_id, person_id, clicks, bare_clicks)
SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[]) ORDER BY 1, 2
ON CONFLICT (period_id, person_id) DO UPDATE SET clicks = old.clicks + excluded.clicks,
  bare_clicks = old.bare_clicks + excluded.bare_clicks
"""
NO_MONTH = re.compile(r"no partition of relation")


def record_clicks(clicks: Sequence[Clicked]) -> list[str]:
    """The verdict on each. One that is kept already stays as it was: what is told twice counts once."""
    try:
        return _record(clicks)
    except CheckViolation as error:
        if not NO_MONTH.search(str(error)):
            raise
        db.session.rollback()
        for at in sorted({click.at for click in clicks}):
            db.session.execute(select(func.make_click_month(at)))
        return _record(clicks)


def _record(clicks: Sequence[Clicked]) -> list[str]:
    with _cursor() as cursor:
        found = cursor.execute(KEEP, _columns(clicks)).fetchall()
        new = [row for row in found if row[7] and row[6] is not None]
        if new:
            _tally(cursor, new)
    db.session.commit()
    verdicts: dict[UUID, str] = {row[0]: row[1] for row in found}
    return [verdicts[click.id] for click in clicks]


def _tally(cursor: "Cursor[Any]", new: Iterable[Sequence[Any]]) -> None:
    sources: Counter[tuple[int, str, str, str]] = Counter()
    people: Counter[tuple[int, int, bool]] = Counter()
    for _, verdict, source, campaign, person_id, is_bare, period_id, _ in new:
        kind = verdict if verdict in {"counted", "repeat"} else "invalid"
        sources[period_id, source, campaign, kind] += 1
        if verdict == "counted":
            people[period_id, person_id, is_bare] += 1
    places = sorted({key[:3] for key in sources})
    parts = [[sources[*place, kind] for place in places] for kind in ("counted", "repeat", "invalid")]
    cursor.execute(TALLY, [*map(list, zip(*places, strict=True)), *parts])
    if people:
        who = sorted({key[:2] for key in people})
        bare = [people[*one, True] for one in who]
        counted = [people[*one, False] + more for one, more in zip(who, bare, strict=True)]
        cursor.execute(STAND, [*map(list, zip(*who, strict=True)), counted, bare])


def _columns(clicks: Sequence[Clicked]) -> list[list[Any]]:
    rows = [
        (
            one.id, one.at, one.code, one.source, one.campaign, one.fault, one.is_bare, one.hashes.epoch,
            one.hashes.address, one.hashes.agent, one.hashes.network, one.fingerprints[0], one.fingerprints[-1],
        )
        for one in clicks
    ]  # fmt: skip
    return [list(column) for column in zip(*rows, strict=True)]


def _cursor() -> "Cursor[Any]":
    return cast("Cursor[Any]", db.session.connection().connection.cursor())
