"""Importing a bundle: what it leaves in the tables."""

import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.models import Contest, ContestToken, Entry, Holding, Player, Trade
from app.contests.service.importing import examine, import_bundle
from app.core.progress import silent
from app.market.models import Feed, Tick, Token
from tests.contests.bundles import ANN, BEN, BONK, CLO, ENDS_AT, SOL, STARTS_AT, bundle, entry, iso, tick, token, trade
from tests.contests.handed import ANN as ACTOR
from tests.contests.handed import brought, counts, packed, zipped

TRADES = [
    trade(ANN, "buy", "2", "90.5", 60), trade(BEN, "buy", "1", "95", 61),
    trade(ANN, "sell", "2", "91", 90), trade(ANN, "buy", "1000", "0.001", 90, BONK),
]  # fmt: skip


def contest_of(session: Session, code: str = "CUP-1") -> Contest:
    return session.scalars(select(Contest).where(Contest.code == code)).one()


def entry_of(session: Session, wallet: str) -> Entry:
    return session.scalars(
        select(Entry).join(Player, Player.id == Entry.player_id).where(Player.wallet == wallet)
    ).one()


def test_the_contest_has_the_terms_of_the_file(session: Session) -> None:
    document = bundle()
    brought(document)
    contest = contest_of(session)
    named = {name: getattr(contest, name) for name in document["contest"]}
    assert named | {"starts_at": 0, "ends_at": 0, "initial_balance": 0} == document["contest"] | {
        "starts_at": 0, "ends_at": 0, "initial_balance": 0,
    }  # fmt: skip
    assert (contest.starts_at, contest.ends_at, contest.initial_balance) == (STARTS_AT, ENDS_AT, Decimal("10000"))


def test_defaults(session: Session) -> None:
    document = bundle()
    for name in ("sponsored_lamports", "tie_policy"):
        del document["contest"][name]
    document["ticks"] = [
        {name: value for name, value in line.items() if name != "volume"} for line in document["ticks"]
    ]
    brought(document)
    contest = contest_of(session)
    assert (contest.sponsored_lamports, contest.tie_policy) == (0, "review")
    assert set(session.scalars(select(Tick.volume))) == {None}


def test_entries_keep_what_was_bought_and_sold(session: Session) -> None:
    brought(bundle(trades=TRADES))
    ann, clo = entry_of(session, ANN), entry_of(session, CLO)
    assert (ann.bought, ann.sold) == (Decimal("182.000"), Decimal("182"))
    assert clo.bought == clo.sold == 0


def test_holdings_even_of_nothing(session: Session) -> None:
    brought(bundle(trades=TRADES))
    held = session.execute(
        select(Token.symbol, Holding.quantity).join(Token, Token.id == Holding.token_id)
        .where(Holding.entry_id == entry_of(session, ANN).id).order_by(Token.symbol)
    ).all()  # fmt: skip
    assert [tuple(row) for row in held] == [("BONK", Decimal(1000)), ("SOL", Decimal(0))]


def test_trades_keep_the_files_order(session: Session) -> None:
    brought(bundle(trades=TRADES))
    rows = session.execute(select(Trade.position, Trade.side, Trade.price).order_by(Trade.position)).all()
    assert [(row.position, row.side, str(row.price)) for row in rows] == [
        (0, "buy", "90.5"), (1, "buy", "95"), (2, "sell", "91"), (3, "buy", "0.001"),
    ]  # fmt: skip


def test_every_token_counts_its_trades(session: Session) -> None:
    brought(bundle(trades=TRADES[:3]))
    rows = session.execute(select(Token.symbol, ContestToken.trades).join(Token, Token.id == ContestToken.token_id))
    assert {row.symbol: row.trades for row in rows} == {"SOL": 3, "BONK": 0}


def test_contest_counts_what_it_has(session: Session) -> None:
    brought(bundle(trades=TRADES))
    contest = contest_of(session)
    assert (contest.entries_count, contest.trades_count) == (3, 4)


def test_ticks_go_into_a_feed_of_their_own_in_the_files_order(session: Session) -> None:
    ticks = [tick("5", 500), tick("-1", 900, "bravo"), tick("0", 100), tick("1E-7", 100)]
    brought(bundle(ticks=ticks))
    feed = session.scalars(select(Feed).where(Feed.name == "contest CUP-1")).one()
    assert contest_of(session).feed_id == feed.id
    prices = session.scalars(select(Tick.price).where(Tick.feed_id == feed.id).order_by(Tick.id)).all()
    assert prices == [Decimal(5), Decimal(-1), Decimal(0), Decimal("1E-7")]


def test_new_tokens_become_active_with_their_reason(session: Session) -> None:
    assert brought(bundle()).summary.new_tokens == ["SOL", "BONK"]
    facts = select(Token.state, Token.decimals, Token.reason, Token.active_from).where(Token.mint == BONK)
    assert session.execute(facts).one() == ("active", 5, "came with contest CUP-1", None)


def test_a_known_token_keeps_our_names(session: Session) -> None:
    brought(bundle())
    again = brought(bundle(code="CUP-2", tokens=[token(SOL, "WSOL"), token(BONK, "BONK", 5)]))
    assert again.summary.new_tokens == []
    assert session.scalars(select(Token.symbol).where(Token.mint == SOL)).one() == "SOL"


def test_a_player_in_two_contests_is_one_player(session: Session) -> None:
    brought(bundle())
    brought(bundle(code="CUP-2", entries=[entry(wallet, nickname="later") for wallet in (ANN, BEN, CLO)]))
    assert len(session.scalars(select(Player)).all()) == 3
    assert sorted(set(session.scalars(select(Entry.nickname)))) == sorted(
        {f"player {w[:4]}" for w in (ANN, BEN, CLO)} | {"later"}
    )


@pytest.mark.parametrize(
    ("starts_in_h", "ends_in_h", "state", "has_started", "has_ended"),
    [(-2, -1, "ended", True, True), (-1, 1, "live", True, False), (1, 2, "scheduled", False, False)],
)
def test_the_clock_decides_the_state(
    session: Session, starts_in_h: int, ends_in_h: int, state: str, has_started: bool, has_ended: bool
) -> None:
    now = datetime.now(UTC)
    times = {"starts_at": iso(now + timedelta(hours=starts_in_h)), "ends_at": iso(now + timedelta(hours=ends_in_h))}
    brought(bundle(trades=[], ticks=[], **times))
    contest = contest_of(session)
    assert (contest.state, contest.started_at is not None, contest.ended_at is not None) == (
        state,
        has_started,
        has_ended,
    )


def test_times_with_another_zone_are_the_same_instant(session: Session) -> None:
    brought(bundle(starts_at="2026-03-04T16:30:00+05:30", ends_at="2026-03-04T12:00:00.000000Z"))
    assert (contest_of(session).starts_at, contest_of(session).ends_at) == (STARTS_AT, ENDS_AT)


def test_a_disqualified_entry_is_no_part_of_the_pool(session: Session) -> None:
    entries = [entry(ANN), entry(BEN, disqualified=True), entry(CLO)]
    summary = brought(bundle(entries=entries)).summary
    assert (summary.entries, summary.eligible, summary.pool_lamports, summary.fee_lamports) == (
        3,
        2,
        2 * 10**9,
        2 * 10**8,
    )
    assert entry_of(session, BEN).disqualified


def test_the_audit_log_has_the_import(session: Session) -> None:
    brought(bundle())
    row = session.scalars(select(AuditEntry).where(AuditEntry.action == "contests:bundle:import")).one()
    assert (row.object_id, row.actor_name, (row.after or {})["trades"]) == ("CUP-1", "ann", 3)


def test_gzip_is_read_alike(session: Session) -> None:
    plain = examine(io.BytesIO(packed(bundle())), progress=silent)[1]
    assert import_bundle(io.BytesIO(zipped(bundle())), by=ACTOR).summary == plain


@pytest.mark.parametrize("seed", range(4))
def test_sections_come_in_any_order(session: Session, seed: int) -> None:
    names = list(bundle())
    random.Random(seed).shuffle(names)
    brought({name: bundle()[name] for name in names})
    assert contest_of(session).trades_count == 3


def test_nothing_of_it_stays_behind_for_the_next(session: Session) -> None:
    for number in range(3):
        brought(bundle(code=f"CUP-{number}"))
    assert counts(session)["trades"] == 9


def test_checking_writes_nothing(session: Session) -> None:
    before = counts(session)
    summary = examine(io.BytesIO(packed(bundle())), progress=silent)[1]
    assert (summary.code, summary.trades, counts(session)) == ("CUP-1", 3, before)


def test_empty_lists_make_an_empty_contest(session: Session) -> None:
    summary = brought(bundle(tokens=[], entries=[], trades=[], ticks=[])).summary
    assert (summary.entries, summary.pool_lamports, summary.prizes_lamports) == (0, 0, [])


def test_buying_with_the_last_cent_and_selling_the_last_token(session: Session) -> None:
    trades = [
        trade(ANN, "buy", "100", "100", 10),
        trade(ANN, "sell", "100", "100", 20),
        trade(ANN, "buy", "100", "100", 20),
    ]
    brought(bundle(trades=trades))
    assert entry_of(session, ANN).bought == 20_000


def test_trades_at_the_very_start_and_end_count(session: Session) -> None:
    brought(bundle(trades=[trade(ANN, "buy", "1", "1", 0), trade(ANN, "sell", "1", "1", 3600)]))
    assert contest_of(session).trades_count == 2


def test_order_is_by_time_not_by_place_in_the_file(session: Session) -> None:
    brought(bundle(trades=[trade(ANN, "sell", "1", "1", 20), trade(ANN, "buy", "1", "1", 10)]))
    assert entry_of(session, ANN).sold == 1
