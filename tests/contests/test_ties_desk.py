"""The ties desk: share, order by hand, think again; and what it refuses."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.models import Entry, Player, Result, Tie
from app.contests.queries.blocking import contest_blockers
from app.contests.service.decisions import apply_evaluation
from app.contests.service.hashing import result_hash
from app.contests.service.ties import Resolved, TieChanged, reopen_tie, resolve_tie
from app.core.errors import Refusal
from tests.contests.bundles import ANN, BEN, CLO, DAN, Document, bundle, entry, tie_for_first, trade
from tests.contests.evaluating import (
    ANN_OF_STAFF,
    BEN_OF_STAFF,
    again,
    contest_of,
    draft_of,
    evaluated,
    ties_of,
)

REASON = "Ann answered the bonus question first"
pytestmark = pytest.mark.usefixtures("session")


def tie_across_the_last_paid_place() -> Document:
    """Ann first, Ben second; Clo and Dan share the third and last paid place."""
    gains = [(ANN, "70"), (BEN, "80"), (CLO, "90"), (DAN, "90")]
    trades = [trade(wallet, "buy", "1", price) for wallet, price in gains]
    players = [entry(wallet) for wallet, _ in gains]
    return bundle(code="CUP-TIE", entries=players, trades=trades, entry_fee_lamports=100_000_001)


@pytest.fixture
def tie() -> Tie:
    """Ann, Ben and Clo tied for first, Dan behind them; three places are paid."""
    evaluated(tie_for_first())
    (one,) = ties_of("CUP-TIE")
    return one


def entries_of(session: Session, *wallets: str) -> list[int]:
    ids = dict(session.execute(select(Player.wallet, Entry.id).join(Entry, Entry.player_id == Player.id)).all())
    return [ids[wallet] for wallet in wallets]


def standings(session: Session) -> list[tuple[int, str, int]]:
    """Rank, wallet and prize of the draft, best first."""
    rows = (
        select(Result.rank, Player.wallet, Result.prize_lamports)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Player, Player.id == Entry.player_id)
        .where(Result.evaluation_id == draft_of("CUP-TIE").id)
    )
    return [
        (row.rank, row.wallet, row.prize_lamports) for row in session.execute(rows.order_by(Result.rank, Player.wallet))
    ]


def books_balance(session: Session) -> bool:
    draft = draft_of("CUP-TIE")
    paid = sum(prize for _, _, prize in standings(session))
    return paid == draft.prizes_lamports == draft.pool_lamports - draft.fee_lamports - draft.dust_lamports


def order(session: Session, tie: Tie, *wallets: str, reason: str | None = REASON) -> Resolved:
    ids = entries_of(session, *wallets)
    return resolve_tie(
        tie.id, version=tie.version, choice="order", ordered_entry_ids=ids, reason=reason, by=ANN_OF_STAFF
    )


def share(tie: Tie) -> Resolved:
    return resolve_tie(tie.id, version=tie.version, choice="share", ordered_entry_ids=[], reason=None, by=ANN_OF_STAFF)


def reopen(tie: Tie, reason: str = "A second look") -> Resolved:
    return reopen_tie(tie.id, version=tie.version, reason=reason, by=BEN_OF_STAFF)


def test_sharing_leaves_everybody_where_they_are(session: Session, tie: Tie) -> None:
    before = standings(session)
    assert share(tie) == Resolved("CUP-TIE", 1, "share", 1)
    assert standings(session) == before
    assert contest_blockers(contest_of("CUP-TIE").id) == ()


def test_an_order_by_hand_gives_each_a_rank_and_a_prize_of_their_own(session: Session, tie: Tie) -> None:
    assert order(session, tie, CLO, ANN, BEN) == Resolved("CUP-TIE", 1, "order", 0)
    assert standings(session) == [(1, CLO, 248400003), (2, ANN, 72000001), (3, BEN, 39600000), (4, DAN, 0)]
    assert books_balance(session)


def test_a_tie_across_the_last_paid_place_is_about_that_place_alone(session: Session) -> None:
    evaluated(tie_across_the_last_paid_place())
    (tie,) = ties_of("CUP-TIE")
    assert (tie.rank, tie.size, tie.at_stake_lamports) == (3, 2, 39600000)
    order(session, tie, DAN, CLO)
    assert standings(session)[2:] == [(3, DAN, 39600000), (4, CLO, 0)]
    assert books_balance(session)


@pytest.mark.parametrize("ordered", [[ANN, BEN, CLO], [CLO, BEN, ANN]])
def test_reopening_puts_everything_back(session: Session, tie: Tie, ordered: list[str]) -> None:
    before = standings(session)
    order(session, tie, *ordered)
    assert reopen(tie) == Resolved("CUP-TIE", 1, "open", 1)
    assert standings(session) == before
    assert books_balance(session)
    (found,) = ties_of("CUP-TIE")
    assert (found.choice, found.reason, found.resolved_by, found.ordered_entry_ids) == (None, None, None, None)


def test_the_hash_is_of_the_standings_as_decided(session: Session, tie: Tie) -> None:
    undecided = draft_of("CUP-TIE").result_hash
    order(session, tie, CLO, ANN, BEN)
    decided = draft_of("CUP-TIE").result_hash
    assert decided == result_hash(tie.evaluation_id) != undecided
    reopen(tie)
    assert draft_of("CUP-TIE").result_hash == undecided


def test_whoever_reopens_can_decide_otherwise(session: Session, tie: Tie) -> None:
    order(session, tie, CLO, ANN, BEN)
    reopen(tie)
    order(session, tie, BEN, CLO, ANN)
    assert [wallet for _, wallet, _ in standings(session)] == [BEN, CLO, ANN, DAN]


def test_a_stale_decision_hears_who_did_what(session: Session, tie: Tie) -> None:
    version = tie.version
    order(session, tie, CLO, ANN, BEN)
    with pytest.raises(
        TieChanged, match=rf"Ann resolved the tie at rank 1 at .* UTC: ordered by hand, because “{REASON}”"
    ):
        resolve_tie(tie.id, version=version, choice="share", ordered_entry_ids=[], reason=None, by=BEN_OF_STAFF)
    assert ties_of("CUP-TIE")[0].choice == "order"


def test_a_second_click_on_share_hears_that_it_is_done(tie: Tie) -> None:
    share(tie)
    with pytest.raises(TieChanged, match=r"Ann resolved the tie at rank 1 at .* UTC: share\."):
        share(tie)


def test_a_stale_page_hears_of_a_reopening(session: Session, tie: Tie) -> None:
    version = tie.version
    share(tie)
    reopen(tie)
    with pytest.raises(TieChanged, match="The tie at rank 1 was reopened"):
        resolve_tie(tie.id, version=version, choice="share", ordered_entry_ids=[], reason=None, by=ANN_OF_STAFF)


def test_an_open_tie_cannot_be_reopened(tie: Tie) -> None:
    with pytest.raises(TieChanged):
        reopen(tie)


@pytest.mark.parametrize("reason", [None, "", "nineteen characters", " nineteen characters "])
def test_an_order_by_hand_needs_a_reason_of_twenty_characters(session: Session, tie: Tie, reason: str | None) -> None:
    with pytest.raises(Refusal, match="at least 20 characters") as refused:
        order(session, tie, ANN, BEN, CLO, reason=reason)
    assert refused.value.status == 422
    session.rollback()
    assert ties_of("CUP-TIE")[0].choice is None


@pytest.mark.parametrize("wallets", [(), (ANN, BEN), (ANN, BEN, DAN), (ANN, ANN, BEN), (ANN, BEN, CLO, DAN)])
def test_an_order_names_each_of_the_group_once(session: Session, tie: Tie, wallets: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="must name each of the 3 players once") as refused:
        order(session, tie, *wallets)
    assert refused.value.status == 422


def test_there_is_no_third_choice(tie: Tie) -> None:
    with pytest.raises(Refusal, match="cannot be resolved by “lot”"):
        resolve_tie(tie.id, version=1, choice="lot", ordered_entry_ids=[], reason=None, by=ANN_OF_STAFF)


def test_an_unknown_tie_is_refused() -> None:
    with pytest.raises(Refusal, match="There is no such tie") as refused:
        resolve_tie(0, version=1, choice="share", ordered_entry_ids=[], reason=None, by=ANN_OF_STAFF)
    assert refused.value.status == 404


def test_reopening_needs_a_reason(tie: Tie) -> None:
    share(tie)
    with pytest.raises(Refusal, match="needs a reason"):
        reopen(tie, reason="")


@pytest.mark.parametrize("act", [share, reopen])
def test_what_is_applied_is_decided_for_good(tie: Tie, act: type) -> None:
    share(tie)
    apply_evaluation("CUP-TIE", version=contest_of("CUP-TIE").version, reason=None, by=BEN_OF_STAFF)
    with pytest.raises(Refusal, match="Draft v1 of contest CUP-TIE is published; the contest is final"):
        act(tie)


def test_a_superseded_version_is_decided_no_more(session: Session, tie: Tie) -> None:
    again("CUP-TIE", reason="The feed was corrected")
    with pytest.raises(Refusal, match="Draft v1 of contest CUP-TIE is superseded"):
        share(tie)
    assert [one.choice for one in ties_of("CUP-TIE")] == [None]


def test_a_decision_outdates_the_contest_others_look_at(tie: Tie) -> None:
    seen = contest_of("CUP-TIE").version
    share(tie)
    assert contest_of("CUP-TIE").version == seen + 1


def test_every_decision_is_in_the_audit_log(session: Session, tie: Tie) -> None:
    order(session, tie, CLO, ANN, BEN)
    reopen(tie)
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.action.startswith("contests:tie:")).order_by(AuditEntry.seq)
    )
    told = [(row.action, row.actor_name, row.reason) for row in rows]
    assert told == [("contests:tie:resolve", "Ann", REASON), ("contests:tie:reopen", "Ben", "A second look")]


def test_with_two_ties_each_is_decided_on_its_own(session: Session) -> None:
    gains = [(ANN, "70"), (BEN, "70"), (CLO, "80"), (DAN, "80")]
    trades = [trade(wallet, "buy", "1", price) for wallet, price in gains]
    evaluated(bundle(code="CUP-TIE", entries=[entry(wallet) for wallet, _ in gains], trades=trades))
    first, second = ties_of("CUP-TIE")
    order(session, first, BEN, ANN)
    assert [one.text for one in contest_blockers(contest_of("CUP-TIE").id)] == ["1 tie is open"]
    order(session, second, DAN, CLO)
    assert [wallet for _, wallet, _ in standings(session)] == [BEN, ANN, DAN, CLO]
    assert books_balance(session)
