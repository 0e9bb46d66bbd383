from app.contests.models.contest import Contest, Transition
from app.contests.models.desk import ContestClaim, ContestNote, SavedReason
from app.contests.models.dispute import Dispute, DisputePost
from app.contests.models.errand import ContestErrand, Errand
from app.contests.models.evaluation import Evaluation, Result, SettlementPrice, SettlementTick, Tie, TiebreakValues
from app.contests.models.imports import Import
from app.contests.models.play import ContestToken, Entry, Holding, Player, Trade
from app.contests.models.ruling import Ruling
from app.contests.models.schedule import ContestSchedule, ContestTemplate, ScheduledContest

__all__ = [
    "Contest",
    "ContestClaim",
    "ContestErrand",
    "ContestNote",
    "ContestSchedule",
    "ContestTemplate",
    "ContestToken",
    "Dispute",
    "DisputePost",
    "Entry",
    "Errand",
    "Evaluation",
    "Holding",
    "Import",
    "Player",
    "Result",
    "Ruling",
    "SavedReason",
    "ScheduledContest",
    "SettlementPrice",
    "SettlementTick",
    "Tie",
    "TiebreakValues",
    "Trade",
    "Transition",
]
