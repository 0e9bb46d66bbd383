"""What an admin decides about a referrer, and about a period. Hidden fields carry what the page showed."""

from datetime import UTC, date, datetime, time, timedelta

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

INCOMPLETE = "Reload the page: the form is incomplete."


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Worded(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    words = TextAreaField(
        "Reason",
        filters=[_stripped],
        validators=[
            DataRequired("Write one sentence that a colleague will understand."),
            Length(max=500, message="Write at most 500 characters."),
        ],
        render_kw={"rows": 2},
    )


class Group(Worded):
    """`upto` is the newest signal of the kind that was on screen: what came since stays open."""

    upto = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])


class Ban(Worded):
    wallet = StringField(
        "Type or paste the wallet", filters=[_stripped], validators=[InputRequired("Type the wallet."), Length(max=64)]
    )


class Trust(Worded):
    until = DateField("Until the end of", validators=[InputRequired("Say until which day.")])

    @property
    def ends_at(self) -> datetime:
        """The first moment after that day."""
        return datetime.combine(self.until.data or date.min, time(), UTC) + timedelta(days=1)


class Closing(FlaskForm):  # type: ignore[misc] # as above
    """`version` is that of the preview on screen."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])
