"""What a screen's reports say about it: off, frozen or lying, or nothing to worry about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

REPORTS_EVERY_S = 10
SILENT_AFTER = timedelta(seconds=30)
FROZEN_MS = 10_000
LYING_MS = 7_000
"""A screen that claims to be live, with nothing on it newer than this, lies: at 5 s it should have said stale."""
CLAIMS = ("live", "lagging")


@dataclass(frozen=True)
class Reported:
    reported_at: datetime
    state: str
    painted_ms: int
    lag_ms: int | None
    word: str
    is_word_right: bool


@dataclass(frozen=True)
class Trouble:
    """`kind` is off, frozen or lying; `words` end a sentence that begins with the screen."""

    kind: str
    words: str
    next_step: str


def trouble(last: Reported, now: datetime) -> Trouble | None:
    if now - last.reported_at > SILENT_AFTER:
        return Trouble(
            "off", f"has told nothing since {last.reported_at:%F %T} UTC",
            "See whether it has power and network, then reload its page",
        )  # fmt: skip
    if last.painted_ms > FROZEN_MS:
        seconds = last.painted_ms // 1000
        return Trouble("frozen", f"has painted nothing for {seconds} s", "Wake the display and reload its page")
    if last.state in CLAIMS and not last.is_word_right:
        return Trouble(
            "lying", f"says {last.state} under the word “{last.word}”, which is not the present one",
            "Reload its page; if it goes on, make it a new link",
        )  # fmt: skip
    if last.state in CLAIMS and (last.lag_ms is None or last.lag_ms > LYING_MS):
        age = "nothing" if last.lag_ms is None else f"nothing newer than {last.lag_ms // 1000} s"
        return Trouble("lying", f"says {last.state} and shows {age}", "Reload its page; see how its network is")
    return None
