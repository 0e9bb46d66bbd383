"""The simulated platform chooses, makes, plays and disputes contests of the demo."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.audit.queries import timeline
from app.audit.rules import SYSTEM
from app.contests.models import Contest, Dispute, Entry, Trade
from app.contests.service import life
from app.core.clock import database_now
from app.market.models import Feed, Tick
from app.market.queries import known_tokens
from app.market.sources.naps import nap_around
from app.seeds.demo import DEMO, is_planted
from app.seeds.listings import list_tokens
from app.seeds.platform.calling import SCOPES, fresh_key
from app.seeds.platform.calling_off import call_off_interrupted
from app.seeds.platform.disputing import dispute_next
from app.seeds.platform.making import Maker, contests_seen, make, start_of
from app.seeds.platform.playing import ACE_BPS, BALANCE, Deal, cast, deals
from app.seeds.platform.scenes import INTO_NAP, LENGTH, SCENES, Scene, Seen, next_scene, pause_s, scene_of
from app.seeds.platform.trading import Traders
from app.seeds.prices import SLEEPY, TOKENS, Listed
from clients.degenduel import DegenDuel
from tests.client.calling import program
from tests.contests.evaluating import contest_of
from tests.contests.rows import contest_row, entry_row, evaluation_row, lead
from tests.contests.test_runs_itself import said

PRICES = {token.mint: token.price for token in (*TOKENS, SLEEPY)}
BY_CODE = {scene.code: scene for scene in SCENES}
HERE = "/api/v1/contests"
NOW = datetime(2026, 5, 6, 7, 8, 9, 123, tzinfo=UTC)


def flat(token: Listed, _second: int) -> Decimal:
    return token.price


def played(code: str, scene: Scene) -> list[list[Deal]]:
    return [list(deals(code, part, flat)) for part in cast(code, scene)]


def cash_of(traded: list[Deal]) -> Decimal:
    return BALANCE + sum(
        (deal.quantity * deal.price * (1 if deal.side == "sell" else -1) for deal in traded), Decimal()
    )


def worth_of(traded: list[Deal]) -> Decimal:
    """Cash, and what is still held at the prices that never moved."""
    held = sum((deal.quantity * PRICES[deal.mint] * (1 if deal.side == "buy" else -1) for deal in traded), Decimal())
    return cash_of(traded) + held


def test_every_scene_is_seen_before_one_comes_again() -> None:
    seen: list[Seen] = []
    for expected in SCENES:
        scene = next_scene(seen)
        assert scene == expected
        seen.append(Seen(scene.code, "paid"))
    assert next_scene(seen) == SCENES[0]


def test_what_waits_for_people_is_not_piled_up() -> None:
    full = [Seen(scene.code, "proposed") for scene in SCENES for _ in range(scene.most_open)]
    assert next_scene(full) is None
    scene = next_scene([*full[1:], Seen(full[0].scene, "paid")])
    assert scene is not None
    assert scene.code == full[0].scene


def test_what_was_interrupted_keeps_no_room_unless_money_waits() -> None:
    stuck = [Seen(scene.code, "review") for scene in SCENES for _ in range(9)]
    scene = next_scene(stuck)
    assert scene is not None
    assert scene.is_free


def test_the_more_there_are_the_rarer_the_next() -> None:
    assert pause_s(made_before=500, made_in_this_run=0) == 25
    assert pause_s(made_before=20, made_in_this_run=20) == 60
    assert pause_s(made_before=400, made_in_this_run=20) == 600


def test_a_contest_says_which_scene_it_is() -> None:
    assert scene_of("SIM-TWINS-17") == BY_CODE["TWINS"]
    assert scene_of("MOON-CUP-41") is None


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.code)
def test_the_same_code_is_played_the_same_and_within_what_is_there(scene: Scene) -> None:
    traded = played(f"SIM-{scene.code}-7", scene)
    assert traded == played(f"SIM-{scene.code}-7", scene)
    assert len(traded) == scene.players
    for of_player in traded:
        held: Counter[str] = Counter()
        for number, deal in enumerate(of_player):
            held[deal.mint] += deal.quantity * (1 if deal.side == "buy" else -1)  # type: ignore[assignment]  # exact
            assert held[deal.mint] >= 0
            assert cash_of(of_player[: number + 1]) >= 0


@pytest.mark.parametrize("number", range(20))
def test_aces_win_clearly(number: int) -> None:
    aces = played(f"SIM-CUP-{number}", BY_CODE["CUP"])[:3]
    first, second, third = (worth_of(traded) for traded in aces)
    crowd = max(worth_of(traded) for traded in played(f"SIM-CUP-{number}", BY_CODE["CUP"])[3:])
    assert min(first - second, second - third, third - crowd) > 50


def test_twins_trade_the_same() -> None:
    first, second, third, *_ = played("SIM-TWINS-3", BY_CODE["TWINS"])
    as_made = [
        [(deal.mint, deal.side, deal.quantity, deal.price, deal.second) for deal in one] for one in (first, second)
    ]
    assert as_made[0] == as_made[1]
    assert worth_of(first) - worth_of(third) > 50


def test_better_than_the_market_by_no_more_than_is_taken() -> None:
    for deal in played("SIM-CUP-1", BY_CODE["CUP"])[0]:
        assert abs(deal.price - PRICES[deal.mint]) * 10_000 <= PRICES[deal.mint] * (ACE_BPS + 1)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.naps], ids=lambda scene: scene.code)
def test_prices_go_missing_in_the_middle_of_a_nap(scene: Scene) -> None:
    for minutes in range(7):
        starts_at = start_of(scene, NOW + timedelta(minutes=minutes))
        ends_at = starts_at + LENGTH
        nap = nap_around(int(ends_at.timestamp() * 1000))
        assert ends_at.timestamp() * 1000 - nap.begins_ms == INTO_NAP.total_seconds() * 1000
        assert nap.is_told_later is (scene.naps == "told later")
        assert timedelta(seconds=19) < starts_at - NOW - timedelta(minutes=minutes) < timedelta(seconds=220)


@pytest.fixture
def listed(session: Session) -> Session:
    list_tokens(by=DEMO)
    session.commit()
    return session


@pytest.fixture
def ops(isolated: Flask) -> DegenDuel:
    return program(isolated, *SCOPES)[0]


def test_a_contest_is_made_and_entered_as_the_platform_does(listed: Session, ops: DegenDuel) -> None:
    contest = contest_of(make(ops, BY_CODE["WHALE"], number=8))
    assert (contest.code, contest.state, contest.entries_count) == ("SIM-WHALE-8", "scheduled", 9)
    assert contest.sponsored_lamports == 12_000_000_000
    assert said(contest.code) == ["enter", "create"]
    assert (
        listed.scalars(select(Entry.nickname).order_by(Entry.id)).first()
        == cast("SIM-WHALE-8", BY_CODE["WHALE"])[0].player.nickname
    )


def test_one_is_made_after_the_other_and_not_at_once(listed: Session, ops: DegenDuel) -> None:
    maker = Maker(ops)
    assert (maker(), maker()) == (True, False)
    maker.next_at = 0
    assert maker()
    assert [one.scene for one in contests_seen()] == ["CUP", "LATE"]


@pytest.fixture
def running(listed: Session, ops: DegenDuel) -> Contest:
    """A minute old, on prices of its own that stand still."""
    code = make(ops, BY_CODE["CUP"], number=1)
    listed.add(feed := Feed(name=code))
    listed.flush()
    starts_at = database_now().replace(microsecond=0) - timedelta(minutes=1)
    listed.execute(update(Contest).values(feed_id=feed.id, starts_at=starts_at, ends_at=starts_at + LENGTH))
    for token in known_tokens(one.mint for one in TOKENS).values():
        for second in range(61):
            for source in ("alpha", "bravo"):
                at = starts_at + timedelta(seconds=second)
                listed.add(Tick(feed_id=feed.id, token_id=token.id, source=source, price=PRICES[token.mint], at=at))
    listed.execute(text("UPDATE market_position SET moved_at = clock_timestamp()"))
    listed.commit()
    life.start(code, by=SYSTEM)
    return contest_of(code)


def test_players_trade_at_market_prices_once(running: Contest, session: Session, ops: DegenDuel) -> None:
    traders = Traders(ops)
    assert (traders(), traders()) == (True, False)
    count = contest_of(running.code).trades_count
    assert count > 9
    assert Traders(ops)()  # somebody else, after a restart: all is known
    assert contest_of(running.code).trades_count == count
    entries = timeline("contest", running.code)
    assert [one.after and one.after["refused"] for one in entries if one.action == "contests:trade:take"] == [0]


def test_nothing_is_told_ahead_of_the_market(running: Contest, session: Session, ops: DegenDuel) -> None:
    session.execute(
        text("UPDATE market_position SET moved_at = :at"), {"at": running.starts_at + timedelta(seconds=30)}
    )
    assert Traders(ops)()
    latest = session.scalars(select(Trade.executed_at).order_by(Trade.executed_at.desc())).first()
    assert latest is not None
    assert latest <= running.starts_at + timedelta(seconds=28)


def test_a_contest_that_is_not_of_the_platform_is_left_alone(session: Session, ops: DegenDuel) -> None:
    contest_row(session, state="live", ended_at=None)
    assert Traders(ops)() is False


def test_what_ran_while_the_platform_was_stopped_is_called_off(running: Contest, ops: DegenDuel) -> None:
    later = make(ops, BY_CODE["RUN"], number=2)
    assert (call_off_interrupted(), call_off_interrupted()) == (1, 0)
    assert (contest_of(running.code).state, contest_of(later).state) == ("void", "scheduled")
    assert "were stopped" in (timeline("contest", running.code)[0].reason or "")


def test_a_draft_is_disputed_once(session: Session) -> None:
    contest = contest_row(session, code="SIM-DISPUTE-5")
    entry = entry_row(session, contest, "last")
    wallet = cast(contest.code, BY_CODE["DISPUTE"])[-1].player.wallet
    session.execute(text("UPDATE players SET wallet = :wallet"), {"wallet": wallet})
    evaluation_row(session, contest)
    lead(session, contest, "proposed")
    session.commit()
    assert (dispute_next(), dispute_next()) == (True, False)
    dispute = session.scalars(select(Dispute)).one()
    assert (dispute.entry_id, dispute.opened_by, contest_of("SIM-DISPUTE-5").state) == (
        entry.id, "Simulated platform", "review",
    )  # fmt: skip


def test_a_database_is_a_demo_when_it_began_as_one(session: Session) -> None:
    assert not is_planted()
    list_tokens(by=DEMO)
    assert is_planted()


def test_each_run_has_a_key_of_its_own(session: Session, isolated: Flask) -> None:
    first, second = fresh_key(), fresh_key()
    assert isolated.test_client().get(HERE, headers={"Authorization": f"Bearer {first}"}).status_code == 401
    assert isolated.test_client().get(HERE, headers={"Authorization": f"Bearer {second}"}).status_code == 200
