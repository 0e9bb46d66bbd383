"""States of a submission and of a token, and the steps between them. The database holds the same edges."""

from dataclasses import dataclass

EDGES = {
    "received": ("checking",),
    "checking": ("awaiting_review",),
    "awaiting_review": ("received", "approved", "rejected", "info_requested", "quarantined", "snoozed"),
    "info_requested": ("received", "awaiting_review"),
    "quarantined": ("awaiting_review",),
    "snoozed": ("awaiting_review",),
    "approved": ("awaiting_review",),
    "rejected": ("awaiting_review",),
}
"""A decision leads back to the review only while it can be undone, or out of quarantine."""
STATES = tuple(EDGES)
OPEN_STATES = ("received", "checking", "awaiting_review", "info_requested", "quarantined", "snoozed", "approved")
"""While a submission is in one of these, nobody can submit the same mint again."""
CHECKED_STATES = ("received", "checking")
"""States that a check ends."""
TIMED_STATES = (*CHECKED_STATES, "snoozed")
"""States that the worker ends when their time has come."""
SNOOZES = {1: "an hour", 4: "4 hours", 24: "a day", 168: "a week"}
"""For how many hours a submission may be put off, and how that is said."""


@dataclass(frozen=True)
class Kind:
    """A decision: where it leads, whether it takes a managed reason, and what it is called when it is done."""

    leads_to: str
    asks_reason: bool
    done: str


ON_SUBMISSIONS = {
    "approve": Kind("approved", asks_reason=False, done="approved"),
    "reject": Kind("rejected", asks_reason=True, done="rejected"),
    "ask": Kind("info_requested", asks_reason=True, done="asked about"),
    "quarantine": Kind("quarantined", asks_reason=True, done="put in quarantine"),
}
ON_TOKENS = {
    "suspend": Kind("suspended", asks_reason=True, done="suspended"),
    "quarantine": Kind("suspended", asks_reason=True, done="put in quarantine"),
    "delist": Kind("delisted", asks_reason=True, done="delisted"),
    "reinstate": Kind("active", asks_reason=False, done="reinstated"),
}
FROM = {
    "suspend": ("active",),
    "quarantine": ("active",),
    "delist": ("active", "suspended"),
    "reinstate": ("suspended",),
}
"""Out of which states of a token a decision leads. Nothing leads out of delisted."""
MOST_AT_ONCE = 100
"""Submissions that one decision may be about."""
SHORTEST_WORDS = 20
"""Of what somebody writes who approves although something is unknown."""
