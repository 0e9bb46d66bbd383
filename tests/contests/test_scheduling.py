"""Templates whose contests make themselves: a day ahead, once, and seen on their pages."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.audit.rules import SYSTEM
from app.contests.forms.bundle import BundleRefused
from app.contests.forms.templates import told_template
from app.contests.models import Contest, ContestToken
from app.contests.queries.templates import schedules_of, template_by_id, templates
from app.contests.service.scheduling import make_scheduled
from app.contests.service.templates import change_template, pause_schedule, resume_schedule
from app.core.errors import Refusal
from app.core.extensions import db
from app.market.models import Token
from tests.clients import Browser
from tests.contests.evaluating import ANN_OF_STAFF
from tests.contests.rows import token_row
from tests.contests.scheduled import TOLD, planned
from tests.pages import Soup

FIELDS = {
    "name": "Lunch Sprint", "code": "LUNCH", "hours": "1.5", "entry_fee_lamports": 100, "sponsored_lamports": 0,
    "platform_fee_bps": 1000, "split": "7000, 3000", "min_participants": 2, "initial_balance": "10000.5",
    "tie_policy": "share", "challenge_minutes": 10,
}  # fmt: skip


def made_all() -> int:
    count = 0
    while make_scheduled(by=SYSTEM):
        count += 1
    return count


def test_the_next_contest_is_made_a_day_ahead_with_its_terms(session: Session) -> None:
    planned(session)
    foreseen = schedules_of(templates()[0].id)[0].starts[0].at
    assert made_all() == 1
    contest = session.scalars(select(Contest)).one()
    assert (contest.starts_at, contest.state, contest.tie_policy) == (foreseen, "scheduled", "share")
    assert (contest.ends_at - contest.starts_at).total_seconds() == 5400
    assert contest.code == f"LUNCH-{foreseen:%Y%m%d-%H%M}"
    assert session.scalars(select(ContestToken.contest_id)).all() == [contest.id]


def test_workers_at_once_make_each_contest_once(committing: Flask) -> None:
    with committing.app_context():
        planned(db.session())

    def work(_number: int) -> int:
        with committing.app_context():
            return made_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    with committing.app_context():
        assert len(db.session.scalars(select(Contest.id)).all()) == 1


def test_a_start_that_nobody_worked_before_is_left_out(session: Session) -> None:
    planned(session)
    session.execute(text("UPDATE contest_schedules SET next_starts_at = now() - interval '3 days'"))
    assert made_all() == 2  # the missed one is noted, the next one made
    assert len(session.scalars(select(Contest.id)).all()) == 1


def test_what_cannot_be_made_pauses_the_schedule_with_an_alert(session: Session) -> None:
    number = planned(session)
    session.execute(text("UPDATE tokens SET state = 'suspended', inactive_from = now()"))
    assert made_all() == 1
    assert "is not active" in (schedules_of(number)[0].paused_because or "")
    assert [alert.subject for alert in open_alerts()] == ["Schedule of Lunch Sprint"]
    resume_schedule(number, schedules_of(number)[0].id, by=ANN_OF_STAFF)
    assert open_alerts() == []
    assert session.scalars(select(Contest.id)).all() == []


def test_a_paused_schedule_makes_nothing(session: Session) -> None:
    number = planned(session)
    pause_schedule(number, schedules_of(number)[0].id, by=ANN_OF_STAFF)
    assert made_all() == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"prize_split_bps": [1]}, "add up to 10000"),
        ({"length_s": 5}, "a minute to 31 days"),
        ({"tokens": []}, "mints"),
    ],
)
def test_terms_that_cannot_be_are_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(BundleRefused, match=said):
        told_template(TOLD | {"tokens": ["A" * 43]} | changed)


def test_a_template_changes_only_as_it_was_seen(session: Session) -> None:
    number = planned(session)
    told = told_template(TOLD | {"name": "Late Sprint", "tokens": session.scalars(select(Token.mint)).all()})
    change_template(number, told, version=1, by=ANN_OF_STAFF)
    kept = template_by_id(number)
    assert kept is not None
    assert kept.name == "Late Sprint"
    with pytest.raises(Refusal, match="changed while you looked"):
        change_template(number, told, version=1, by=ANN_OF_STAFF)


def test_an_admin_makes_a_template_and_sees_its_starts(admin: Browser, session: Session, soup: Soup) -> None:
    mint = token_row(session, "SOL").mint
    session.commit()
    answer = admin.submit("/contests/templates", FIELDS | {"tokens": [mint]})
    assert answer.status_code == 303
    page = answer.location
    schedule = {"schedule-zone": "Asia/Kathmandu", "schedule-weekdays": ["6", "7"], "schedule-at": "09:15"}
    assert admin.submit(f"{page}/schedules", schedule).status_code == 303
    shown = soup(admin.get(page))
    assert shown.words("table").count("09:15 +0545") == 10
    assert shown.attr("input[name=hours]", "value") == "1.5"
    number = schedules_of(templates()[0].id)[0].id
    assert admin.submit(f"{page}/schedules/{number}/pause").status_code == 303
    assert "Paused by" in soup(admin.get(page)).words(f"#schedule-{number}")
    assert admin.submit(f"{page}/schedules/{number}/resume").status_code == 303
    assert admin.submit(page, FIELDS | {"tokens": [mint], "version": 1, "hours": "2.25"}).status_code == 303
    assert templates()[0].length_s == 8100


def test_what_is_typed_wrong_is_kept_and_explained(admin: Browser, session: Session, soup: Soup) -> None:
    mint = token_row(session, "SOL").mint
    session.commit()
    answer = admin.submit("/contests/templates", FIELDS | {"tokens": [mint], "hours": "an hour"})
    assert answer.status_code == 422
    assert "a length from a minute to 31 days" in soup(answer).words("#templates")
    number = planned(session)
    wrong = {"schedule-zone": "Mars/Olympus", "schedule-weekdays": ["1"], "schedule-at": "09:15"}
    answer = admin.submit(f"/contests/templates/{number}/schedules", wrong)
    assert answer.status_code == 422
    assert "There is no time zone Mars/Olympus" in soup(answer).words("#template")
    assert soup(answer).attr("input[name=name]", "value") == "Lunch Sprint"


def test_support_reads_and_changes_nothing(support: Browser, session: Session, soup: Soup) -> None:
    number = planned(session)
    session.commit()
    assert soup(support.get(f"/contests/templates/{number}")).texts("#terms") == []
    assert support.submit("/contests/templates", FIELDS).status_code == 403
