"""A contest template and a schedule, as an admin types them, and the terms that come of it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from flask_wtf import FlaskForm
from pydantic import Field, ValidationError
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.contests.forms.bundle import refuse
from app.contests.forms.fields import SMALL_MAX, Amount, Key, Lamports, Split, Tiebreakers
from app.contests.rules.schedule import WEEKDAYS
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.core.api.shapes import Shape, whole, words

LONGEST_S = 31 * 86_400
SHORTEST_S = 60
HOUR_S = 3600
UNASKED = ("score_decimals", "tiebreakers")


class TemplateTold(Shape):
    name: Annotated[str, words(150)]
    code: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", description="1 to 40 letters, digits, . - _")
    ]
    length_s: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S, description="a length from a minute to 31 days")]
    entry_fee_lamports: Lamports
    sponsored_lamports: Lamports = 0
    platform_fee_bps: Annotated[int, whole(0, 10_000)] = 1000
    prize_split_bps: Annotated[Split, Field(default_factory=lambda: [6900, 2000, 1100])]
    min_participants: Annotated[int, whole(1, SMALL_MAX)] = 2
    initial_balance: Amount
    score_decimals: Annotated[int, whole(0, 18)] = 2
    tie_policy: Annotated[Literal["review", "share"], Field(description="review or share")] = "review"
    tiebreakers: Annotated[Tiebreakers, Field(default_factory=lambda: list(TIEBREAKERS))]
    challenge_s: Annotated[int, whole(0, 604_800)] = 0
    tokens: Annotated[list[Key], Field(min_length=1, max_length=1000, description="a list of 1 to 1000 mints")]

    @property
    def terms(self) -> dict[str, Any]:
        """What each contest of it takes over as it stands."""
        return self.model_dump(exclude={"name", "code", "length_s", "tokens"})


def told_template(value: dict[str, Any]) -> TemplateTold:
    try:
        return TemplateTold.model_validate(value)
    except ValidationError as error:
        refuse("template", error, TemplateTold, None)


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def number(label: str, first: int, least: int = 0) -> IntegerField:
    checks = [InputRequired("Type a whole number."), NumberRange(least, message=f"At least {least}.")]
    return IntegerField(label, validators=checks, default=first, render_kw={"inputmode": "numeric"})


def line(label: str, first: str = "", *, description: str = "") -> StringField:
    return StringField(
        label, filters=[stripped], validators=[DataRequired("Fill this in."), Length(max=300)], default=first,
        description=description, render_kw={"autocomplete": "off"},
    )  # fmt: skip


class TemplateForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    name = line("Name", description="Contests add their day and time to it.")
    code = line("Code", description="Begins the code of each of its contests, such as LUNCH-SPRINT.")
    hours = line("Length in hours", "1", description="Such as 1, 0.5 or 2.25")
    entry_fee_lamports = number("Entry fee in lamports", 100_000_000)
    sponsored_lamports = number("Sponsored in lamports", 0)
    platform_fee_bps = number("Platform fee in bps", 1000)
    split = line("Prizes in bps", "6900, 2000, 1100", description="By place, best first; together 10000.")
    min_participants = number("Participants at least", 2, 1)
    initial_balance = line("Balance to begin with", "10000")
    tie_policy = SelectField(
        "Ties",
        choices=[SelectChoice("review", "A person looks"), SelectChoice("share", "Share the prizes")],
        validators=[InputRequired("Choose one.")],
    )
    challenge_minutes = number("Challenge window in minutes", 0)
    tokens = SelectMultipleField("Tokens", validators=[DataRequired("Choose at least one token.")])
    version = IntegerField(default=0, render_kw={"hidden": True})

    def told(self, kept: Mapping[str, Any] | None = None) -> TemplateTold:
        """`kept` are the terms of the template that is changed: those that the form does not ask for stay."""
        plain = ("name", "code", "entry_fee_lamports", "sponsored_lamports", "platform_fee_bps", "min_participants",
                 "initial_balance", "tie_policy", "tokens")  # fmt: skip
        return told_template(
            {name: value for name, value in (kept or {}).items() if name in UNASKED}
            | {name: self[name].data for name in plain}
            | {
                "length_s": seconds(self.hours.data or ""),
                "prize_split_bps": [shares(part) for part in (self.split.data or "").split(",")],
                "challenge_s": (self.challenge_minutes.data or 0) * 60,
            }
        )


def seconds(hours: str) -> int | str:
    """Whole seconds, or the text itself where it gives none: the shape says what is wrong with it."""
    try:
        exact = Decimal(hours) * HOUR_S
        return int(exact) if exact == exact.to_integral_value() else hours
    except (InvalidOperation, ValueError, OverflowError):
        return hours


def hours_of(length_s: int) -> str:
    """A length as somebody may type it: it reads back as the same seconds, or is refused."""
    return f"{(Decimal(length_s) / HOUR_S).normalize():f}"


def minutes_of(challenge_s: int) -> int:
    return challenge_s // 60


def shares(text: str) -> int | str:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() else plain


class ScheduleForm(FlaskForm):  # type: ignore[misc] # as above
    zone = line("Time zone", "UTC", description="Such as Europe/Berlin or America/New_York.")
    weekdays = SelectMultipleField(
        "Days", coerce=int, choices=[SelectChoice(day, words) for day, words in WEEKDAYS.items()],
        default=list(WEEKDAYS), validators=[DataRequired("Choose at least one day.")],
    )  # fmt: skip
    at = TimeField("Local time", validators=[InputRequired("Type a time such as 18:30.")])

    def told(self) -> dict[str, Any]:
        return {"zone": self.zone.data, "weekdays": self.weekdays.data, "at": self.at.data}
