"""What the platform promises of each service, and how fast a promise is being used up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

MILLION = 1_000_000
SECONDS = "seconds"


@dataclass(frozen=True)
class Target:
    """`limit` names the setting that one thing is measured against, where it is more than yes or no."""

    name: str
    label: str
    unit: str
    limit: str | None = None

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]


TARGETS: Mapping[str, Target] = {
    one.name: one
    for one in (
        Target("market.latency", "Latency", "looks at the feed", "market_latency_goal_ms"),
        Target("market.uptime", "Uptime", SECONDS),
        Target("market.errors", "Calls that do not break", "calls"),
        Target("contests.accuracy", "Second evaluator agrees", "evaluations"),
        Target("contests.done", "Proposed in time", "contests", "evaluation_goal_s"),
        Target("contests.errors", "Evaluations without error", "evaluations"),
        Target("referrals.tracking", "Clicks kept", "clicks"),
        Target("referrals.rewards", "Paid in time after the hold", "rewards", "referral_reward_goal_s"),
        Target("referrals.errors", "Paid contests followed", "contests"),
        Target("whitelist.validation", "Submissions checked", "submissions"),
        Target("whitelist.answer", "Answered in time", "submissions", "whitelist_answer_goal_s"),
        Target("whitelist.errors", "Calls that do not break", "calls"),
        Target("payouts.paid", "Paid in time", "payouts", "payout_goal_s"),
        Target("desk.pages", "Pages that do not break", "pages"),
    )
}


@dataclass(frozen=True)
class Window:
    """Two spans in minutes: the rate holds in both, so it is neither old news nor a moment's."""

    long_min: int
    short_min: int
    rate: Decimal
    severity: str


WINDOWS: Sequence[Window] = (
    Window(60, 5, Decimal("14.4"), "critical"),
    Window(6 * 60, 30, Decimal(6), "critical"),
    Window(3 * 24 * 60, 6 * 60, Decimal(1), "warning"),
)
FEWEST_BAD = 2
"""One late thing of three is no trend; where nothing may fail at all, one is enough."""


@dataclass(frozen=True)
class Share:
    good: int
    total: int

    @property
    def bad(self) -> int:
        return self.total - self.good


def promises(text: str) -> Mapping[str, int]:
    """Reads "market.uptime=99.99, …" into parts per million; ValueError names what cannot be used."""
    found = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, percent = word.partition("=")
        share = Decimal(percent) if percent.replace(".", "", 1).isdigit() else None
        if name not in TARGETS or share is None or not 0 < share <= 100:
            raise ValueError(f"targets with a percentage, such as market.uptime=99.99, not {word}")
        found[name] = int(share * 10_000)
    return found


def burn(share: Share, promise_ppm: int) -> Decimal | None:
    """How many times faster than allowed the budget is used up; None when there is no budget and something failed."""
    if not share.bad:
        return Decimal(0)
    budget = MILLION - promise_ppm
    return Decimal(share.bad) * MILLION / share.total / budget if budget else None


def is_burning(window: Window, long: Share, short: Share, promise_ppm: int) -> bool:
    fewest = FEWEST_BAD if promise_ppm < MILLION else 1
    if long.bad < fewest:
        return False
    rates = [burn(long, promise_ppm), burn(short, promise_ppm)]
    return all(rate is None or rate >= window.rate for rate in rates)


def whole(share: Share, minutes: int) -> Share:
    """Of what is counted in seconds: the whole window, what was not looked at being good."""
    return Share(share.good + max(0, minutes * 60 - share.total), max(share.total, minutes * 60))


def budget_left_ppm(share: Share, promise_ppm: int) -> int | None:
    """Of the budget of all that was measured, in parts per million; negative when it is overdrawn. None: no budget."""
    allowed = share.total * (MILLION - promise_ppm)
    return None if not allowed else MILLION - share.bad * MILLION * MILLION // allowed
