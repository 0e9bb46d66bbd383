"""The page that shows every component in every state. Registered for development and tests only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, Length

from app.core import errors, htmx
from app.core.access import public
from app.core.charts import Figure, Line, Moment, Span, over_time

bp = Blueprint("patterns", __name__, url_prefix="/patterns")

NOW = datetime(2026, 3, 1, 14, 3, 27, 250_000, UTC)
WALLET = "2cjkT5nqYAQWBCxwr3e4RgkY1pyrWa7WvNcNUpMYHzXw"
MINT = "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm"
VIEWER = SimpleNamespace(is_authenticated=True, display_name="Ada Byron", role="admin")


@dataclass(frozen=True)
class NavItem:
    label: str
    icon: str
    key: str
    count: int | None = None
    current: bool = False
    href: str = "/patterns"


NAV = (
    NavItem("Today", "today", "g h", 6),
    NavItem("Contests", "contests", "g c", 3, current=True),
    NavItem("Payouts", "payouts", "g p", 1),
    NavItem("Tokens", "tokens", "g t", 12),
    NavItem("Referrals", "referrals", "g r", 2),
    NavItem("People", "people", "g l"),
    NavItem("Market", "market", "g m"),
    NavItem("Alerts", "alerts", "g a", 1),
    NavItem("Screens", "screens", "g s"),
    NavItem("Audit", "audit", "g u"),
)
CAUSES = [SelectChoice("price", "A price was corrected"), SelectChoice("input", "An entry was wrong")]
WAYS = [SelectChoice("share", "Share the prizes"), SelectChoice("order", "Order by hand")]


class PatternForm(FlaskForm):
    name = StringField("Contest code", validators=[DataRequired("Say which contest."), Length(max=20)])
    password = PasswordField("Password", validators=[DataRequired("Type your password.")])
    kind = SelectField("Reason", choices=CAUSES)
    reason = TextAreaField("In your words", validators=[Length(min=20, message="Write at least 20 characters.")])
    file = FileField("Contest bundle")
    choice = RadioField("How", choices=WAYS, default="share")
    sure = BooleanField("I have looked at every player's prize")


@bp.get("")
@public
def page() -> str:
    return render_template("patterns/patterns.html", form=PatternForm(formdata=None), **sample())


@bp.get("/charts")
@public
def charts() -> str:
    return render_template("patterns/charts.html", figure=figure(), rows=figure_rows(), **sample())


@bp.get("/trouble")
@public
def trouble() -> str:
    return render_template("patterns/trouble.html", wrong=_wrong_form(), **sample())


@bp.post("/form")
@public
def check_form() -> Response:
    form = PatternForm()
    if form.validate():
        return htmx.toast(Response(render_template("patterns/_form.html", form=PatternForm(formdata=None))), "Saved.")
    return Response(render_template("patterns/_form.html", form=form), status=422)


@bp.get("/progress")
@public
def progress() -> str:
    done = request.args.get("done", 0, type=int) + 7
    return render_template("patterns/_progress.html", done=min(done, 60))


@bp.get("/error/<int:status>")
@public
def error(status: int) -> Response:
    return errors.answer(errors.explain(status))


def sample() -> dict[str, Any]:
    return {
        "nav": NAV, "now": NOW, "wallet": WALLET, "mint": MINT, "current_user": VIEWER,
        "ago": lambda **span: NOW - timedelta(**span),
    }  # fmt: skip


def _wrong_form() -> PatternForm:
    form = PatternForm(formdata=None, kind="price", reason="too short", meta={"csrf": False})
    form.validate()
    return form


def _ticks() -> list[tuple[datetime, Decimal, Decimal | None]]:
    start = NOW - timedelta(seconds=90)
    wave = (0, 7, 12, 9, 3, -4, -9, -6, 1, 8, 15, 13)
    return [
        (
            start + timedelta(seconds=second),
            Decimal(41_270 + wave[second % 12] + second) / 1000,
            None if 40 <= second < 52 else Decimal(41_262 + wave[(second + 3) % 12] + second) / 1000,
        )
        for second in range(90)
    ]


def figure() -> Figure:
    ticks = _ticks()
    at = [tick[0] for tick in ticks]
    lines = [Line("alpha", at, [tick[1] for tick in ticks]), Line("bravo", at, [tick[2] for tick in ticks])]
    end = NOW - timedelta(seconds=10)
    spans = (Span("gap of bravo, 12 s", at[40], at[52]),)
    return over_time(lines, unit="USD", spans=spans, moments=(Moment("end", end),))


def figure_rows() -> list[list[str]]:
    shown = _ticks()[36:56]
    return [[f"{at:%H:%M:%S}", f"{alpha}", "—" if bravo is None else f"{bravo}"] for at, alpha, bravo in shown]
