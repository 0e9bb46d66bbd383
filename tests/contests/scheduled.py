"""A contest template with a schedule that starts every day."""

from datetime import time

from sqlalchemy.orm import Session

from app.contests.forms.templates import told_template
from app.contests.service.templates import add_schedule, make_template
from tests.contests.evaluating import ANN_OF_STAFF
from tests.contests.rows import token_row

TOLD = {
    "name": "Lunch Sprint", "code": "LUNCH", "length_s": 5400, "entry_fee_lamports": 100, "sponsored_lamports": 0,
    "platform_fee_bps": 1000, "prize_split_bps": [7000, 3000], "min_participants": 2, "initial_balance": "10000.5",
    "tie_policy": "share", "challenge_s": 600,
}  # fmt: skip


def planned(session: Session) -> int:
    token = token_row(session, "LUNCH")
    number = make_template(told_template(TOLD | {"tokens": [token.mint]}), by=ANN_OF_STAFF)
    add_schedule(number, zone="Europe/Berlin", weekdays=range(1, 8), at=time(18, 30), by=ANN_OF_STAFF)
    return number
