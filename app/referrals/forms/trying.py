"""Other terms, as somebody types them to try."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.money import sol
from app.referrals.rules.programmes import Terms

SOL_IN_LAMPORTS = 1_000_000_000
MOST_SOL = Decimal(1_000)
GIVEN = InputRequired("Say an amount.")
AMOUNT = NumberRange(min=0, max=MOST_SOL, message="An amount from 0 to 1,000 SOL.")


class TrialForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """Asked by address, so that a trial can be shown to somebody else. It changes nothing."""

    class Meta:
        csrf = False

    window_days = IntegerField(
        "Days from click to signup",
        validators=[InputRequired("Say how many days."), NumberRange(1, 365, message="From 1 to 365 days.")],
    )
    contest_sol = DecimalField("For each friend, SOL", places=None, validators=[GIVEN, AMOUNT])
    signup_sol = DecimalField("For the friend, SOL", places=None, validators=[GIVEN, AMOUNT])
    cap_sol = DecimalField("Most for one referrer in a period, SOL", places=None, validators=[Optional(), AMOUNT])

    def tried(self, terms: Terms) -> Terms:
        """What was typed, over the terms of the period."""
        cap = self.cap_sol.data
        return replace(
            terms, window_days=self.window_days.data or terms.window_days,
            contest_lamports=lamports(self.contest_sol.data), signup_lamports=lamports(self.signup_sol.data),
            cap_lamports=None if cap is None else lamports(cap),
        )  # fmt: skip


def as_typed(terms: Terms) -> Mapping[str, Any]:
    """The terms of a period, to begin with."""
    return {
        "window_days": terms.window_days, "contest_sol": sol(terms.contest_lamports).normalize(),
        "signup_sol": sol(terms.signup_lamports).normalize(),
        "cap_sol": None if terms.cap_lamports is None else sol(terms.cap_lamports).normalize(),
    }  # fmt: skip


def lamports(amount: Decimal | None) -> int:
    """SOL as typed; what is finer than a lamport is cut."""
    return int((amount or Decimal(0)) * SOL_IN_LAMPORTS)
