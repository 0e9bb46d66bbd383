"""One person: who it is, totals, and the timeline that all domains tell together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.contests.queries.history import Placed, PlayerFacts, entries_told, places, player_facts
from app.core.extensions import db
from app.core.moments import Moment, Told, moments_page, told
from app.core.paging import Page, Place
from app.payouts.queries.history import WalletSums, payouts_told, wallet_sums
from app.people.models import PersonNote
from app.people.rules.timeline import KINDS, Filter
from app.referrals.queries.history import clicks_told, referrals_told, rewards_told, signups_told
from app.referrals.queries.person import ReferralPerson, referral_person
from app.referrals.queries.rewards import RewardRow, rewards_by_id
from app.whitelist.queries.history import first_submission_at, submissions_count, submissions_told

SIZE = 25


@dataclass(frozen=True)
class Person:
    """`player` is None for who never entered a contest, `referrals` for whom no referral knows."""

    wallet: str
    player: PlayerFacts | None
    referrals: ReferralPerson | None
    money: WalletSums
    submissions: int
    first_submitted_at: datetime | None
    notes: int
    now: datetime

    @property
    def is_known(self) -> bool:
        money = self.money.paid or self.money.waiting.payouts
        return bool(self.player or self.referrals or money or self.submissions or self.notes)

    @property
    def nickname(self) -> str | None:
        known = self.player or (self.referrals and self.referrals.facts)
        return known.nickname if known else self.money.nickname

    @property
    def first_seen_at(self) -> datetime | None:
        seen = [known.first_seen_at for known in (self.player, self.referrals and self.referrals.facts) if known]
        times = (*seen, self.money.first_at, self.first_submitted_at)
        return min((at for at in times if at), default=None)

    @property
    def roles(self) -> list[str]:
        """What the wallet is to us."""
        brought = self.referrals and (self.referrals.codes or self.referrals.signups)
        came = self.referrals and self.referrals.facts.attribution == "referred"
        told_of = {"player": self.player, "referrer": brought, "referred": came, "submitter": self.submissions}
        return [role for role, is_one in told_of.items() if is_one]


def person(wallet: str) -> Person:
    notes = select(func.count(PersonNote.id)).where(PersonNote.wallet == wallet).scalar_subquery()
    counted = select(submissions_count(wallet), first_submission_at(wallet), notes, func.clock_timestamp())
    known = player_facts(wallet), referral_person(wallet), wallet_sums(wallet)
    return Person(wallet, *known, *db.session.execute(counted).one())


def timeline(wallet: str, shown: Filter, at: Place) -> Page[Moment]:
    """Newest first; each domain's part is read by its own index."""
    parts: Mapping[str, Callable[[str], Told]] = {
        "entry": entries_told, "payout": payouts_told, "submission": submissions_told, "note": notes_told,
        "click": lambda wallet: clicks_told(wallet, at, SIZE + 1), "referral": referrals_told, "reward": rewards_told,
        "signup": signups_told,
    }  # fmt: skip
    return moments_page({kind: (KINDS[kind], parts[kind](wallet)) for kind in shown.kinds}, at, SIZE)


def placed_on(found: Page[Moment]) -> Mapping[int, Placed]:
    """Ranks of the entries on this page of a timeline."""
    return places([one.id for one in found.rows if one.kind == "entry"])


def rewards_on(found: Page[Moment]) -> Mapping[int, RewardRow]:
    """Rewards on this page with what explains them."""
    return rewards_by_id([one.id for one in found.rows if one.kind == "reward"])


def notes_told(wallet: str) -> Told:
    facts = {"words": PersonNote.words, "said_by": PersonNote.said_by}
    return told(PersonNote.said_at, PersonNote.id, **facts).where(PersonNote.wallet == wallet)
