"""What an admin may type to change the thresholds."""

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from app.whitelist.forms.reviewing import INCOMPLETE
from app.whitelist.rules.thresholds import LARGEST, Thresholds

A_HUNDRED = Decimal(100)


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _whole(label: str, most: int) -> IntegerField:
    words = f"A whole number from 0 to {most:,}."
    return IntegerField(label, validators=[InputRequired(words), NumberRange(0, most, words)])


class ThresholdsForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """`version` is the one the page showed."""

    version = HiddenField(validators=[Regexp("^[0-9]{1,9}$", message=INCOMPLETE)])
    market_cap = _whole("Market cap, in dollars", LARGEST.market_cap)
    volume_24h = _whole("Volume of 24 hours, in dollars", LARGEST.volume_24h)
    liquidity = _whole("Liquidity of all pools, in dollars", LARGEST.liquidity)
    holders = _whole("Holders", LARGEST.holders)
    top_ten = DecimalField(
        "Most that the ten largest may hold, in per cent",
        places=2,
        validators=[InputRequired("A number from 0 to 100."), NumberRange(0, 100, "A number from 0 to 100.")],
    )
    age_days = _whole("Age of the first pool, in days", LARGEST.age_days)
    reason = TextAreaField(
        "Why",
        filters=[_stripped],
        validators=[Length(min=10, max=500, message="Write 10 to 500 characters.")],
        render_kw={"rows": 2},
    )

    def show(self, least: Thresholds, version: int) -> None:
        for name in ("market_cap", "volume_24h", "liquidity", "holders", "age_days"):
            self[name].data = getattr(least, name)
        self.top_ten.data, self.version.data = Decimal(least.top_ten_bps) / A_HUNDRED, str(version)

    @property
    def seen_version(self) -> int:
        return int(self.version.data or 0)

    @property
    def least(self) -> Thresholds:
        return Thresholds(
            market_cap=self.market_cap.data or 0,
            volume_24h=self.volume_24h.data or 0,
            liquidity=self.liquidity.data or 0,
            holders=self.holders.data or 0,
            top_ten_bps=int((self.top_ten.data or Decimal(0)) * A_HUNDRED),
            age_days=self.age_days.data or 0,
        )
