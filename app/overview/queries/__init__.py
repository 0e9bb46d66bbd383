"""How much needs a person, on every desk together."""

from dataclasses import dataclass

from sqlalchemy import select

from app.alerts.queries import active_count
from app.contests.queries.desk import contests_count, imports_count
from app.core.extensions import db
from app.payouts.queries.waiting import tasks_count
from app.referrals.queries.waiting import tasks_count as referral_tasks_count
from app.whitelist.queries.queue import waiting_count


@dataclass(frozen=True)
class Counts:
    contests: int
    imports: int
    money: int
    submissions: int
    alerts: int
    referrals: int

    @property
    def all(self) -> int:
        return self.contests + self.imports + self.money + self.submissions + self.referrals


def counts() -> Counts:
    """The lists show exactly these. One statement, as every page's menu asks it."""
    asked = (
        contests_count(), imports_count(), tasks_count(), waiting_count(), active_count(), referral_tasks_count(),
    )  # fmt: skip
    return Counts(*db.session.execute(select(*asked)).one())
