"""What decided contests owe: prizes of a final one, all fees of a void one, and the fees of the disqualified."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.contests.models import Contest, Entry, Evaluation, Player, Result
from app.core.extensions import db
from app.core.paging import Page, Place, page

SIZE = 50
OWING = ("final", "paying", "void", "refunding")


@dataclass(frozen=True)
class Owed:
    """Lamports to one entry's wallet. `kind` is prize or refund."""

    kind: str
    entry_id: int
    nickname: str
    wallet: str
    lamports: int


@dataclass(frozen=True)
class Decided:
    """A contest whose money is decided. Of a void one there are no prizes, no fee and no dust."""

    id: int
    code: str
    name: str
    state: str
    entry_fee_lamports: int
    entries: int
    eligible: int
    sponsored_lamports: int
    pool_lamports: int
    fee_lamports: int
    dust_lamports: int
    prizes_lamports: int
    fragility: dict[str, Any] | None

    @property
    def is_void(self) -> bool:
        return self.state in {"void", "refunding", "refunded"}

    @property
    def fees_paid_lamports(self) -> int:
        """Every entry paid its fee, also one that was disqualified later."""
        return self.entries * self.entry_fee_lamports

    @property
    def refunds_lamports(self) -> int:
        return (self.entries - (0 if self.is_void else self.eligible)) * self.entry_fee_lamports


def owing_contests() -> dict[int, str]:
    """State of every contest that is decided and not done with, by id."""
    found = select(Contest.id, Contest.state).where(Contest.state.in_(OWING)).order_by(Contest.id)
    return {row.id: row.state for row in db.session.execute(found)}


def decided_contest(contest_id: int) -> Decided | None:
    """None while nothing is decided."""
    of_contest = select(func.count()).where(Entry.contest_id == Contest.id)
    published = Evaluation.id == Contest.published_evaluation_id
    row = db.session.execute(
        select(
            Contest.id, Contest.code, Contest.name, Contest.state, Contest.entry_fee_lamports,
            of_contest.scalar_subquery(), of_contest.where(Entry.disqualified.is_(False)).scalar_subquery(),
            Contest.sponsored_lamports, func.coalesce(Evaluation.pool_lamports, 0),
            func.coalesce(Evaluation.fee_lamports, 0), func.coalesce(Evaluation.dust_lamports, 0),
            func.coalesce(Evaluation.prizes_lamports, 0), Evaluation.fragility,
        )
        .join(Evaluation, published, isouter=True)
        .where(Contest.id == contest_id, Contest.state.in_((*OWING, "paid", "refunded")))
    ).one_or_none()  # fmt: skip
    return None if row is None else Decided(*row)


def owed_by(contest: Decided) -> list[Owed]:
    """Every prize by rank, then every refund by entry; nothing for who gets nothing."""
    refunded = select(Entry.id, Player.nickname, Player.wallet).join(Player, Player.id == Entry.player_id)
    refunded = refunded.where(Entry.contest_id == contest.id).order_by(Entry.id)
    if not contest.is_void:
        refunded = refunded.where(Entry.disqualified.is_(True))
    fee = contest.entry_fee_lamports
    back = [Owed("refund", *row, fee) for row in db.session.execute(refunded)] if fee else []
    return _prizes(contest.id) + back


def refunds_if_void(contest_id: int, at: Place) -> Page[Owed]:
    """What every entry would get back, also a disqualified one."""
    found = (
        select(Entry.id, Player.nickname, Player.wallet, Contest.entry_fee_lamports)
        .join(Player, Player.id == Entry.player_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.contest_id == contest_id)
        .order_by(Entry.id.desc() if at.backwards else Entry.id)
        .limit(SIZE + 1)
    )
    if at.key:
        found = found.where(Entry.id < at.key[0] if at.backwards else Entry.id > at.key[0])
    return page([Owed("refund", *row) for row in db.session.execute(found)], at, SIZE, lambda one: (one.entry_id,))


def code_of(contest_id: Any) -> Any:
    """For statements of upper floors: the code of the contest that a column of theirs names."""
    return select(Contest.code).where(Contest.id == contest_id).correlate_except(Contest).scalar_subquery()


def place_of(entry_id: Any) -> Any:
    """For statements of upper floors: the published rank of the entry that a column of theirs names."""
    published = Contest.published_evaluation_id == Result.evaluation_id
    found = select(Result.rank).join(Contest, published).where(Result.entry_id == entry_id)
    return found.correlate_except(Result, Contest).scalar_subquery()


def contest_codes(ids: Collection[int]) -> dict[int, str]:
    found = select(Contest.id, Contest.code).where(Contest.id.in_(ids))
    return {row.id: row.code for row in db.session.execute(found)}


def _prizes(contest_id: int) -> list[Owed]:
    won = (
        select(Entry.id, Player.nickname, Player.wallet, Result.prize_lamports)
        .join(Contest, Contest.published_evaluation_id == Result.evaluation_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Player, Player.id == Entry.player_id)
        .where(Contest.id == contest_id, Result.prize_lamports > 0)
        .where(Result.rank <= func.cardinality(Contest.prize_split_bps))
        .order_by(Result.rank, Result.entry_id)
    )
    return [Owed("prize", *row) for row in db.session.execute(won)]
