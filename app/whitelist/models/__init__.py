"""Submissions, what was decided about them and about tokens, and what reviewers leave for each other."""

from app.whitelist.models.decision import Decision, DecisionReason, SecondLook
from app.whitelist.models.submission import Submission, SubmissionNote
from app.whitelist.models.thresholds import WhitelistThreshold
from app.whitelist.models.watching import TokenWatch, WhitelistGeneration

__all__ = [
    "Decision", "DecisionReason", "SecondLook", "Submission", "SubmissionNote", "TokenWatch", "WhitelistGeneration",
    "WhitelistThreshold",
]  # fmt: skip
