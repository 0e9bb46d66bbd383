from app.referrals.models.click import Click, HashKey, Visit
from app.referrals.models.period import Period, SourceTally, Standing
from app.referrals.models.person import Device, Person
from app.referrals.models.programme import Code, Programme
from app.referrals.models.referral import QualifyingContest, Referral, RiskSignal
from app.referrals.models.reward import Reward

__all__ = [
    "Click", "Code", "Device", "HashKey", "Period", "Person", "Programme", "QualifyingContest", "Referral", "Reward",
    "RiskSignal", "SourceTally", "Standing", "Visit",
]  # fmt: skip
